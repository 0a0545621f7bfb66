"""Labels as bytes of each printer's language."""
