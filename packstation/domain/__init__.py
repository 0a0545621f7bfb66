"""The rules of packing: pure values, facts and decisions; no input or output, no clock."""
