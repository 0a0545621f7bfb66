"""Hand-overs of all benches: folded as they come, shown to the office, told to benches."""
