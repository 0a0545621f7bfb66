"""``server months``: what a journal on PostgreSQL lies by."""

from __future__ import annotations

from argparse import Namespace

from packstation.cli.running import DONE, Out
from packstation.cli.starting import server_of


def months(args: Namespace, out: Out) -> int:
    """The months with what is in them; those before a month are put away first."""
    from msgspec import to_builtins

    from packstation.server import partitions

    with server_of(args) as running:
        gone = partitions.put_away(running, args.put_away_before) if args.put_away_before else ()
        partitions.ahead(running)
        there = partitions.listed(running)
    lines = [f"{month}: put away" for month in gone]
    lines += [f"{one.month or 'rest'}: {one.events} facts, {one.bytes} bytes" for one in there]
    out.show(
        {"put_away": list(gone), "months": to_builtins(there)},
        "\n".join(lines) or "this database keeps its journal in one table",
    )
    return DONE
