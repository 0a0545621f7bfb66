"""What the frozen program starts with."""

import sys

from packstation.cli import main

sys.exit(main())
