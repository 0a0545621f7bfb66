"""The databases that the server is tested on."""

import os

# PACKSTATION_TEST_DATABASES="sqlite postgresql": on both.
KINDS = os.environ.get("PACKSTATION_TEST_DATABASES", "sqlite").split()
