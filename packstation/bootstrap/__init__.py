"""The composition root: settings become adapters, adapters a station or a server."""
