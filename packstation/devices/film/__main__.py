"""``python -m packstation.devices.film TERMS``: a recorder."""

import sys

from packstation.devices.film.recorder import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
