"""Node tools of the tests and their callers."""
