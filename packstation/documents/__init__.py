"""Labels and customs papers as bytes."""
