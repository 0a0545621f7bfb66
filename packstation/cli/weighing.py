"""``weights`` and ``server weights``: what was learned of weights, from whom; forgetting it."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from packstation.cli.files import data_folder
from packstation.cli.running import DONE, Out, Unreadable
from packstation.cli.starting import server_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from packstation.domain.learning.listing import Told

_HEAD = ("key", "g", "±", "spread", "source", "parcels", "seen", "since", "anew", "benches")


def known(args: Namespace, out: Out) -> int:
    """What this bench knows, its server's word included; with ``--forget`` no longer."""
    from msgspec import to_builtins

    from packstation.domain.learning.folding import LIMIT
    from packstation.domain.learning.listing import told
    from packstation.storage.store import FILE
    from packstation.storage.weights import listed

    path = data_folder(args.data) / FILE
    if not path.is_file():
        raise Unreadable(f"{path}: no such file")
    if args.forget:
        _forget(path, args)
    docs = listed(path)
    keys = args.skus or [key for key in docs if key != LIMIT]
    found = sorted((told(docs[key]) for key in keys if key in docs), key=lambda one: -one.seen)
    out.show({"weights": to_builtins(found)}, "\n".join(_table(found)))
    return DONE


def _forget(path: Path, args: Namespace) -> None:
    """A fact for each SKU that is named; the bench must not be running."""
    from packstation.bootstrap.clock import SystemClock, Uuid7Ids
    from packstation.bootstrap.command import station_id
    from packstation.domain.packing.weight_facts import WeightForgotten
    from packstation.station.core import BENCH_STREAM
    from packstation.station.ports import Draft
    from packstation.storage.store import open_store

    if not args.skus or not args.by:
        raise Unreadable("--forget: SKUs and --by BADGE are wanted")
    facts = [WeightForgotten(sku=sku, by=args.by, reason=args.reason) for sku in args.skus]
    station = station_id(path.parent)
    with open_store(path, station=station, clock=SystemClock(), ids=Uuid7Ids()) as store:
        store.events.append([Draft(fact, BENCH_STREAM, args.by) for fact in facts])


def learned(args: Namespace, out: Out) -> int:
    """List a site's estimates with their origins; with ``--rebuild`` after a fold anew."""
    from msgspec import to_builtins

    from packstation.server.weights_kept import limit, listed, rebuild

    document: dict[str, Any] = {"site": args.site}
    with server_of(args) as running:
        if args.rebuild:
            document["rebuilt"] = to_builtins(rebuild(running, args.site))
        found = listed(running, args.site, tuple(args.skus))
        document |= {"limit": limit(running, args.site), "weights": to_builtins(found)}
    made = document.get("rebuilt")
    first = [f"{made['weights']} weights, {made['changed']} of them changed"] if made else []
    out.show(document, "\n".join([*first, *_table(found)]))
    return DONE


def _table(found: Iterable[Told]) -> list[str]:
    rows = [_HEAD, *(_row(one) for one in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _row(one: Told) -> tuple[str, ...]:
    return (
        one.key,
        f"{one.grams:g}",
        f"{one.sd_g:g}",
        f"{one.spread_g:g}",
        one.source,
        str(one.parcels),
        str(one.seen),
        one.since[:10] or "-",
        str(one.relearned),
        " ".join(one.benches) or "-",
    )
