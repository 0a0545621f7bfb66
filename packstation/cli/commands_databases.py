"""Commands of a server's database as such; data only."""

from __future__ import annotations

from typing import Final

from packstation.cli.specs import Spec, arg

DATABASES: Final = (
    Spec(
        "server months",
        "months:months",
        "the months that a journal on PostgreSQL lies by; put old ones away",
        "packstation server months --put-away-before 2025-01 --database postgresql:///packs",
        (
            arg(
                "--put-away-before",
                default="",
                metavar="YYYY-MM",
                help="the server reads them no more; they stay as tables of their own",
            ),
            arg("--database", metavar="URL", help="postgresql://USER:PASSWORD@HOST/NAME"),
        ),
    ),
)
