"""Commands that keep what was done: copies, their way back, chains, old disks; data only."""

from __future__ import annotations

from typing import Final

from packstation.cli.specs import Spec, arg

_DATABASE: Final = arg(
    "--database", metavar="URL", help="sqlite:///FILE (else server.sqlite3 in the folder DATADIR)"
)

KEEPING: Final = (
    Spec(
        "server audit verify",
        "keeping:verify",
        "whether any fact, act or signed day was changed, lost or moved",
        "packstation server audit verify --head head.json --json",
        (arg("--head", metavar="FILE", help="compare with this exported head too"), _DATABASE),
    ),
    Spec(
        "server audit export",
        "keeping:export",
        "the head of every chain, signed, to be kept where the server cannot write",
        "packstation server audit export --out head.json",
        (arg("--out", metavar="FILE", help="where to write it (else standard output)"), _DATABASE),
    ),
    Spec(
        "server audit list",
        "keeping:listing",
        "the last acts of a site's office",
        "packstation server audit list --site GZ-1 --last 20",
        (
            arg("--site", default="*", metavar="SITE", help="else acts on the whole server"),
            arg("--last", type=int, default=50, metavar="N", help="how many (50)"),
            _DATABASE,
        ),
    ),
)
