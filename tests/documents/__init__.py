"""Labels and papers, drawn and read back."""
