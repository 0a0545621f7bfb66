"""Which column is which on a carrier's invoices: the site's own maps before the program's."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, and_, insert, select, update

from packstation.carriers.invoice_maps import PLAIN, built_in, load_map, plain_for
from packstation.domain.costs.cells import Odd, word
from packstation.domain.costs.maps import InvoiceMap
from packstation.first_use import met
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.costs.tables import MAP
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.sites import need_site


class Known(Struct, frozen=True, kw_only=True):
    """A carrier whose invoices can be read; ``who`` and ``at`` "" where the program brings it."""

    carrier: str
    name: str
    at: str = ""
    who: str = ""


class Maps(Struct, frozen=True, kw_only=True):
    """All that a site can read."""

    maps: tuple[Known, ...]


class Kept(Struct, frozen=True, kw_only=True):
    """``verdict``: accepted, changed or unchanged."""

    verdict: str
    carrier: str


def map_of(connection: Connection, site: str, carrier: str) -> InvoiceMap:
    """The map of a carrier, whatever its capitals; the plain table where nobody made one.

    Raises:
        Problem: 422, that is no carrier's code.
    """
    try:
        code = word(carrier)
    except Odd as odd:
        raise Problem(422, "carrier", f"carrier: {odd}") from odd
    shipped = built_in()
    for one in dict.fromkeys((code, code.lower())):
        where = and_(MAP.c.site == site, MAP.c.carrier == one)
        body = connection.scalar(select(MAP.c.body).where(where))
        if body:
            return msgspec.json.decode(body, type=met(InvoiceMap))
        if one in shipped:
            return shipped[one]
    return plain_for(code)


def known(connection: Connection, site: str) -> tuple[Known, ...]:
    """Every map, by carrier."""
    found = {
        one.carrier: Known(carrier=one.carrier, name=one.name or one.carrier)
        for one in built_in().values()
        if one.carrier != PLAIN
    }
    for row in connection.execute(select(MAP).where(MAP.c.site == site)):
        name = msgspec.json.decode(row.body, type=met(InvoiceMap)).name or row.carrier
        found[row.carrier] = Known(carrier=row.carrier, name=name, at=row.at, who=row.who)
    return tuple(found[carrier] for carrier in sorted(found))


def keep(server: Server, caller: PersonCaller, site: str, content: bytes) -> Kept:
    """Put a carrier's map in the place of the one before.

    Raises:
        InputInvalid: it is no map, with the path, the value and what is allowed.
    """
    one = load_map(content)
    body = msgspec.json.encode(one, order="deterministic").decode()
    said = {"body": body, "at": stamp(server.clock.now()), "who": caller.name}
    with server.store.write() as connection:
        need_site(connection, site)
        where = and_(MAP.c.site == site, MAP.c.carrier == one.carrier)
        before = connection.scalar(select(MAP.c.body).where(where))
        if before is None:
            connection.execute(insert(MAP).values(site=site, carrier=one.carrier, **said))
        elif before != body:
            connection.execute(update(MAP).where(where).values(**said))
    verdict = "accepted" if before is None else "unchanged" if before == body else "changed"
    return Kept(verdict=verdict, carrier=one.carrier)
