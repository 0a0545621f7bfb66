"""The station's side of the sync protocol over HTTP."""
