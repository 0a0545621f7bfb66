"""Sites: the warehouse that every row belongs to."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from sqlalchemy import Connection, and_, select

from packstation.domain.psp import SiteBody
from packstation.server.access import EVERY_SITE, PersonCaller
from packstation.server.core import Server
from packstation.server.problems import Problem
from packstation.server.rows import put_row, row_body
from packstation.server.tables import ROW


def codes(connection: Connection) -> list[str]:
    """All sites of this server, by code."""
    where = and_(ROW.c.t == "site", ROW.c.op == "put")
    return list(connection.scalars(select(ROW.c.site).where(where).order_by(ROW.c.site)))


def site_body(connection: Connection, site: str) -> SiteBody | None:
    """The site's row; None when there is no such site."""
    body = row_body(connection, site, "site", site)
    return None if body is None else msgspec.json.decode(body, type=SiteBody)


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
    except (ZoneInfoNotFoundError, ValueError):
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
