"""Commands that keep what was done: copies, their way back, chains, old disks; data only."""

from __future__ import annotations

from typing import Final

from packstation.cli.specs import Spec, arg

_DATABASE: Final = arg(
    "--database",
    metavar="URL",
    help="sqlite:///FILE or postgresql://... (else server.sqlite3 in the folder DATADIR)",
)

BACKUPS: Final = arg(
    "--backups",
    default="",
    metavar="FOLDER",
    help="where a verified copy goes every day (PACKSTATION_BACKUPS, else backups beside the"
    " database); none: no copies",
)

KEEPING: Final = (
    Spec(
        "server backup",
        "keeping:backup",
        "copy the database while it runs, open the copy and verify every chain in it",
        "packstation server backup /mnt/nas/packstation --json",
        (
            arg("folder", nargs="?", metavar="FOLDER", help="else backups beside the database"),
            _DATABASE,
        ),
    ),
    Spec(
        "server restore",
        "keeping:restore",
        "put a copy in the place of the database; benches send again what it lacks",
        "packstation server restore /mnt/nas/packstation/packstation-2026-11-23T083100Z.sqlite3",
        (arg("file", metavar="FILE", help="the copy"), _DATABASE),
    ),
    Spec(
        "station adopt",
        "adopting:adopt",
        "a new PC takes over name and devices of a bench",
        "packstation station adopt --bench 07 --server https://packs.example --file enroll.token",
        (
            arg("--bench", required=True, metavar="NAME", help="the bench's name on the floor"),
            arg("--server", required=True, metavar="URL", help="the server it had joined"),
            arg("--token", metavar="T", help="a one-time token of the bench's site"),
            arg("--file", metavar="F", help="file with the token; keeps it out of process lists"),
            arg("--ca", metavar="FILE", default="", help="certificate (PEM) to trust besides"),
            arg("--data", metavar="DIR", help="data folder (else the setting DATADIR)"),
        ),
    ),
    Spec(
        "station salvage",
        "salvaging:salvage",
        "what an old disk's station.sqlite3 still holds; --send tells it to the server",
        "packstation station salvage /mnt/old/station.sqlite3 --send --server https://packs.example",
        (
            arg("file", metavar="FILE", help="the database of the lost bench"),
            arg("--send", action="store_true", help="tell the server what it lacks"),
            arg("--server", default="", metavar="URL", help="else the one it had joined"),
            arg(
                "--by-token",
                action="store_true",
                help="not by the bench's key beside the file: by PACKSTATION_TOKEN (role it)",
            ),
            arg("--site", default="", metavar="SITE", help="the bench's, with a token for all"),
            arg("--ca", metavar="FILE", default="", help="certificate (PEM) to trust besides"),
        ),
    ),
    Spec(
        "server rebuild",
        "keeping:rebuild",
        "fold all journals anew, compare with what is kept, replace what differs",
        "packstation server rebuild --check --json",
        (arg("--check", action="store_true", help="compare only; 1 if it differs"), _DATABASE),
    ),
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
