"""Robot stations in numbers against one server."""
