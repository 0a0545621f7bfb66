"""Settings: one frozen section per concern, with where each value comes from."""
