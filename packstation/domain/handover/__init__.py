"""The hand-over to carriers: lists of one service and cut-off, their bags, checks, signatures."""
