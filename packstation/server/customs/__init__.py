"""The customs office on the server: what blocks, the rules, the consignments, the declarations."""
