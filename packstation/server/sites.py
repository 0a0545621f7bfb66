"""Sites: the warehouse that every row belongs to."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from sqlalchemy import Connection, and_, delete, exists, select, update

from packstation.domain import records
from packstation.domain.errors import InputInvalid
from packstation.domain.psp import SiteBody
from packstation.domain.quantities import CURRENCIES
from packstation.server.access import EVERY_SITE, PersonCaller
from packstation.server.core import Server
from packstation.server.problems import Problem
from packstation.server.rows import put_row, row_body
from packstation.server.store import meta, put_meta
from packstation.server.tables import ENROL_TOKEN, METADATA, ORDERS, ROW, STATION

UNNAMED: Final = "MAIN"
_MODES: Final = ("9610", "9710", "9810", "1210")


def codes(connection: Connection) -> list[str]:
    """All sites of this server, by code."""
    where = and_(ROW.c.t == "site", ROW.c.op == "put")
    return list(connection.scalars(select(ROW.c.site).where(where).order_by(ROW.c.site)))


def site_body(connection: Connection, site: str) -> SiteBody | None:
    """The site's row; None when there is no such site."""
    body = row_body(connection, site, "site", site)
    return None if body is None else msgspec.json.decode(body, type=SiteBody)


def read_site(body: bytes) -> SiteBody:
    """A site's document as somebody wrote it, judged: what is wrong there is wrong on every order.

    Raises:
        InputInvalid: no document of a site; the first field that is none, or that is wrong.
    """
    document = records.read_json(body)
    found = records.decode_one(document, SiteBody)
    names = SiteBody.__struct_fields__
    for name, value in document.items() if isinstance(document, dict) else ():
        if name not in names:
            raise InputInvalid(path=name[:40], value=str(value), allowed=", ".join(names))
    if not _is_zone(found.zone):
        raise InputInvalid(path="zone", value=found.zone, allowed="an IANA zone (Asia/Shanghai)")
    if found.currency and found.currency not in CURRENCIES:
        raise InputInvalid(path="currency", value=found.currency, allowed="ISO 4217 (CNY)")
    if found.cn_export_mode and found.cn_export_mode not in _MODES:
        allowed = ", ".join(_MODES)
        raise InputInvalid(path="cn_export_mode", value=found.cn_export_mode, allowed=allowed)
    return found


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def found_site(server: Server, connection: Connection, code: str) -> None:
    """The first site of a new server; "" = one without a name so far, ``UNNAMED``.

    A site without a name takes the first name that comes, with all that lies in it, unless
    it has benches or orders by then: they know it by its code.
    """
    known = codes(connection)
    if not known:
        put_site(server, connection, SiteBody(code=code or UNNAMED))
        put_meta(connection, "unnamed_site", "" if code else UNNAMED)
    elif code and known == [meta(connection, "unnamed_site")]:
        _name(server, connection, code)


def _name(server: Server, connection: Connection, code: str) -> None:
    in_use = (
        connection.scalar(select(exists().where(table.c.site == UNNAMED)))
        for table in (STATION, ORDERS, ENROL_TOKEN)
    )
    if code == UNNAMED:
        put_meta(connection, "unnamed_site", "")
    elif not any(in_use):
        put_meta(connection, "unnamed_site", "")
        connection.execute(delete(ROW).where(ROW.c.t == "site"))
        for table in METADATA.sorted_tables:
            if "site" in table.c:
                there = table.c.site == UNNAMED
                connection.execute(update(table).where(there).values(site=code))
        put_site(server, connection, SiteBody(code=code))


def need_site(connection: Connection, site: str) -> SiteBody:
    """The site's row.

    Raises:
        Problem: 404, no such site.
    """
    found = site_body(connection, site)
    if found is None:
        raise Problem(404, "unknown_site", f"no site {site!r}", known=codes(connection))
    return found


def zone(site: SiteBody) -> ZoneInfo:
    """The site's time zone; UTC where its name is not known here."""
    try:
        return ZoneInfo(site.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder ("Asia"), too long
        return ZoneInfo("UTC")


def put_site(server: Server, connection: Connection, body: SiteBody) -> tuple[str, int]:
    """Store a site; answers as ``put_row``."""
    return put_row(server, connection, body.code, "site", body.code, body)


def site_for(connection: Connection, caller: PersonCaller, asked: str) -> str:
    """The site that a caller works on: asked for, their own, or the only one.

    Raises:
        Problem: 403 another site than theirs; 404 no such site; 422 which of several?
    """
    own = "" if caller.site == EVERY_SITE else caller.site
    if own and asked and asked != own:
        raise Problem(403, "other_site", site=asked)
    site = asked or own
    if site:
        need_site(connection, site)
        return site
    known = codes(connection)
    if len(known) == 1:
        return known[0]
    raise Problem(422, "which_site", "say ?site=", known=known)
