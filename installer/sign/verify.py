"""`installer/sign/verify.py --key KEY.asc FILE...`: exit 1 where a signature does not fit."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:  # run by path
    sys.path.insert(0, str(ROOT))


def main(argv: list[str]) -> int:
    """One line for each file."""
    from installer.sign import signer

    parser = argparse.ArgumentParser(prog="installer/sign/verify.py", description=__doc__)
    parser.add_argument("--key", type=Path, required=True)
    parser.add_argument("files", type=Path, nargs="+")
    chosen = parser.parse_args(argv)
    verdicts = {file: signer.verify(file, chosen.key) for file in chosen.files}
    for file, good in verdicts.items():
        print(f"{'good' if good else 'BAD '}  {file}")
    return 0 if all(verdicts.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
