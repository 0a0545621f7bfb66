"""The window of the bench; the only package that knows Qt."""
