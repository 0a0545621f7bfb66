"""``python -m packstation.benchmarks [--quick] [NAME...]``: the answers as JSON."""

from __future__ import annotations

import json
import sys

from packstation.benchmarks import NAMES
from packstation.benchmarks.run import run

if __name__ == "__main__":
    asked = [name for name in sys.argv[1:] if name != "--quick"]
    documents = run(asked or NAMES, quick="--quick" in sys.argv)
    sys.stdout.write(json.dumps(documents, ensure_ascii=False) + "\n")
