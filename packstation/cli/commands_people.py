"""What can be asked of people and their badges: part of the table of commands."""

from __future__ import annotations

from typing import Final

from packstation.cli.specs import Spec, arg

SERVER: Final = (
    arg("--server", required=True, metavar="URL", help="token: PACKSTATION_TOKEN"),
    arg("--site", default="", metavar="SITE", help="where the token is for several sites"),
    arg("--ca", metavar="FILE", default="", help="certificate (PEM) to trust besides"),
)
_BADGE: Final = arg("badge", metavar="BADGE", help="the badge's number")
_WHY: Final = arg("--reason", default="", metavar="WORDS", help="kept with the badge")
ROLE_NAMES: Final = tuple(
    "packer lead supervisor customs_clerk broker supplier it auditor service".split()
)

PEOPLE: Final = (
    Spec(
        "people list",
        "people:listed",
        "who may sign in at a site, and the badges revoked last",
        "packstation people list --server https://...",
        SERVER,
    ),
    Spec(
        "people add",
        "people:add",
        "let someone in; badge number and PIN are shown this once",
        "packstation people add 'Lin Yue' --role packer --server https://...",
        (
            arg("name", metavar="NAME", help="as the floor shows it"),
            arg("--role", required=True, choices=ROLE_NAMES, help="what they may do"),
            arg("--speaks", default="en", metavar="LANG", help="en, zh_Hans or ru (en)"),
            *SERVER,
        ),
    ),
    Spec(
        "people revoke",
        "people:revoke",
        "a badge opens nothing any more; online benches know within seconds",
        "packstation people revoke 40112233 --reason 'left us' --server https://...",
        (_BADGE, _WHY, *SERVER),
    ),
    Spec(
        "people replace",
        "people:replaced",
        "a lost badge: revoked, a new number in its place, a PIN for this shift",
        "packstation people replace 40112233 --reason lost --server https://...",
        (_BADGE, _WHY, *SERVER),
    ),
    Spec(
        "people pin",
        "people:pin",
        "a temporary PIN, or with --hours 0 a new one of their own",
        "packstation people pin 40112233 --hours 12 --server https://...",
        (
            _BADGE,
            arg("--hours", type=int, default=12, metavar="N", help="how long it counts (12)"),
            *SERVER,
        ),
    ),
    Spec(
        "people sign-out",
        "people:sign_out",
        "end somebody's visits of the web pages",
        "packstation people sign-out 40112233 --server https://...",
        (_BADGE, *SERVER),
    ),
    Spec(
        "people card",
        "people:card",
        "the badge as a card to print and laminate (PDF)",
        "packstation people card 40112233 --out badge.pdf --server https://...",
        (_BADGE, arg("--out", required=True, metavar="FILE", help="where to write it"), *SERVER),
    ),
)
