"""What can be asked of buyers' data: part of the table of commands."""

from __future__ import annotations

from typing import Final

from packstation.cli.commands_people import SERVER
from packstation.cli.specs import Spec, arg

_WHOSE: Final = (
    arg("--order", default="", metavar="ORDER", help="of this order"),
    arg("--buyer", default="", metavar="WORDS", help="of this e-mail, telephone or name"),
)
_WHY: Final = arg("--reason", default="", metavar="WORDS", help="kept in the audit trail")

PRIVACY: Final = (
    Spec(
        "privacy find",
        "privacy:find",
        "orders of a buyer, without the buyer",
        "packstation privacy find --buyer anna@example.org --server https://...",
        (*_WHOSE, *SERVER),
    ),
    Spec(
        "privacy export",
        "privacy:export",
        "all that is known of a buyer or of one order, as JSON",
        "packstation privacy export --buyer anna@example.org --out anna.json --server https://...",
        (
            *_WHOSE,
            _WHY,
            arg("--out", required=True, metavar="FILE", help="where to write it"),
            *SERVER,
        ),
    ),
    Spec(
        "privacy erase",
        "privacy:erase",
        "forget the buyer of one order, or of all their orders that are over",
        "packstation privacy erase --order 40112233-0007-1 --reason asked --server https://...",
        (*_WHOSE, _WHY, *SERVER),
    ),
    Spec(
        "privacy rule",
        "privacy:rule",
        "how many days after an order's end its buyer is forgotten; shown, or set",
        "packstation privacy rule --buyer-days 60 --server https://...",
        (
            arg("--buyer-days", type=int, metavar="N", help="on the server"),
            arg("--bench-days", type=int, metavar="N", help="on benches"),
            *SERVER,
        ),
    ),
)
