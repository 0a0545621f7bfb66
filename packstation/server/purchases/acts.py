"""What people did to accounts and purchases, kept for ever: who, when, what, why, what came."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, insert, select

from packstation.server import audit
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.moments import stamp
from packstation.server.purchases.tables import ACT
from packstation.server.store import counted

# Of an account: kept, dropped, shut, opened, tried. Of a purchase: asked, sold, not_sold.
KEPT, DROPPED, SHUT, OPENED, TRIED = "kept", "dropped", "shut", "opened", "tried"
ASKED, SOLD, NOT_SOLD = "asked", "sold", "not_sold"
_SHOWN: Final = 50
_SAID: Final = ("act", "carrier", "key", "waybill", "came", "why")


class Act(Struct, frozen=True, kw_only=True):
    """One; ``came`` is what followed (issued, pending, refused reason ...), "" where nothing."""

    act: str
    carrier: str
    at: str = ""
    who: str = ""
    key: str = ""
    waybill: str = ""
    came: str = ""
    why: str = ""


def note(server: Server, connection: Connection, caller: PersonCaller, site: str, act: Act) -> None:
    """Write down what ``caller`` does now."""
    said = {name: getattr(act, name) for name in _SAID}
    thing = act.key or act.carrier
    words = {name: said[name] for name in ("carrier", "waybill", "came", "why") if said[name]}
    what = f"{'purchase' if act.key else 'carrier'}.{act.act}"
    audit.note(server, connection, caller, what, thing, site=site, **words)
    connection.execute(
        insert(ACT).values(
            site=site,
            n=counted(connection, f"carrier_act:{site}"),
            at=stamp(server.clock.now()),
            who=caller.name,
            **said,
        )
    )


def latest(connection: Connection, site: str) -> tuple[Act, ...]:
    """The last ones of a site, the newest first."""
    rows = connection.execute(
        select(ACT).where(ACT.c.site == site).order_by(ACT.c.n.desc()).limit(_SHOWN)
    )
    return tuple(
        Act(**{name: getattr(row, name) for name in Act.__struct_fields__}) for row in rows
    )
