"""The demonstration: embedded server, virtual bench, robot packer."""
