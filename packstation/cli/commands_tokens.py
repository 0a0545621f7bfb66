"""What can be asked of API tokens: part of the table of commands."""

from __future__ import annotations

from typing import Final

from packstation.cli.commands_people import ROLE_NAMES, SERVER
from packstation.cli.specs import Spec, arg

TOKENS: Final = (
    Spec(
        "tokens list",
        "tokens:listed",
        "tokens of integrations: role, site, when used last",
        "packstation tokens list --server https://...",
        SERVER,
    ),
    Spec(
        "tokens make",
        "tokens:make",
        "a token of a site for an integration, shown this once",
        "packstation tokens make 'shop import' --role service --days 365 --server https://...",
        (
            arg("name", metavar="NAME", help="what it is for"),
            arg("--role", default="service", choices=ROLE_NAMES, help="what it may do (service)"),
            arg("--days", type=int, default=0, metavar="N", help="how long it counts (no end)"),
            *SERVER,
        ),
    ),
    Spec(
        "tokens revoke",
        "tokens:revoke",
        "a token opens nothing any more",
        "packstation tokens revoke 1f0c6d2e9a47 --server https://...",
        (arg("key", metavar="KEY", help="as tokens list shows it"), *SERVER),
    ),
)
