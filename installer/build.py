"""One entry for all packages: `python installer/build.py linux --version 0.1.0 --out dist`.

The result is signed by a throw-away test key unless `--sign-key` names a key of the release
machine's own keyring. `installer/README.md` tells what each package holds.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run by path, before anything is installed
    sys.path.insert(0, str(ROOT))


def arguments(argv: list[str]) -> argparse.Namespace:
    """The command line, checked: a version is three numbers, as MSI and dpkg both read them."""
    parser = argparse.ArgumentParser(prog="installer/build.py", description=__doc__)
    parser.add_argument("system", choices=["linux"])
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", type=Path, default=Path("dist"))
    parser.add_argument(
        "--sign-key", default=None, help="a key id of the keyring; test key if none"
    )
    parser.add_argument("--level", type=int, default=9, help="zstd level of the .deb, 1 to 19")
    chosen = parser.parse_args(argv)
    if not re.fullmatch(r"\d+\.\d+\.\d+", chosen.version):
        parser.error(f"--version is three numbers with dots, not {chosen.version!r}")
    return chosen


def main(argv: list[str]) -> int:
    """Builds and signs; prints the files made."""
    from installer.linux import chroot, freeze, mkdeb
    from installer.sign import signer

    chosen = arguments(argv)
    chosen.out.mkdir(parents=True, exist_ok=True)
    chroot.check_this_machine()
    tree = freeze.freeze(chosen.version)
    package = mkdeb.make(tree, chosen.version, chosen.out.resolve(), level=chosen.level)
    print(package, *signer.sign([package], key=chosen.sign_key), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
