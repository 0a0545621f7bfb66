"""From the desk and the session to the one frozen snapshot that the window paints."""
