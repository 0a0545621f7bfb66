"""The composition root: settings, adapters, station or server."""
