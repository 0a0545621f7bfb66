"""Rule packs from their files, and the published tables that the rules look things up in."""
