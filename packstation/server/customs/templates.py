"""Letterheads of a site: every version kept with who, when and why, some of them in use.

A version is not changed: what is edited, and what is gone back to, is a new one. It is tried when
it is kept (`judge`), used when somebody says so, and travels to the benches as rows ``templates``.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, and_, func, insert, select, update

from packstation.assets import resource
from packstation.documents.fonts import Fonts
from packstation.documents.papers.letterhead import small
from packstation.documents.papers.trial import trial
from packstation.domain.errors import DocumentError
from packstation.domain.templates import ROW, Fault, Template, faults
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.customs.tables import TEMPLATE, TEMPLATE_STEP
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.rows import delete_row, put_row, row_body

# In use at once at a site: a bench reads them all before it draws a paper.
MOST_USED: Final = 40
MOST_VERSIONS: Final = 1000
# Faces keep what they have drawn, and are not made for several threads at once.
DRAWING: Final = threading.Lock()


class Kept(Struct, frozen=True, kw_only=True):
    """A version: who made it; ``active``: papers are drawn with it."""

    template: Template
    at: str
    who: str
    why: str
    active: bool = False


class Step(Struct, frozen=True, kw_only=True):
    """What was done with a version: kept, activated, replaced or withdrawn."""

    version: int
    step: str
    at: str
    who: str
    why: str


class Refused(Exception):
    """A template that cannot be kept or used."""

    def __init__(self, *found: Fault) -> None:
        """``found``: what is wrong, by its fields."""
        super().__init__(found)
        self.faults = found


@lru_cache(maxsize=1)
def fonts() -> Fonts:
    """The faces of this program; only under ``DRAWING``."""
    return Fonts(resource("fonts"))


# --- what there is ---------------------------------------------------------------------------


def versions(connection: Connection, site: str, name: str) -> tuple[Kept, ...]:
    """All versions of a template, the newest first."""
    return tuple(_kept(row) for row in connection.execute(_rows(site, name)))


def version_of(connection: Connection, site: str, name: str, version: int) -> Kept:
    """One version; 0 is the newest.

    Raises:
        Problem: 404.
    """
    query = _rows(site, name)
    row = connection.execute(query.where(TEMPLATE.c.version == version) if version else query)
    found = row.first()
    if found is None:
        raise Problem(404, "unknown_template", name)
    return _kept(found)


def newest(connection: Connection, site: str) -> tuple[tuple[Kept, tuple[int, ...]], ...]:
    """The newest version of each template, and which of its versions are in use."""
    found: dict[str, tuple[Any, list[int]]] = {}
    order = (TEMPLATE.c.id, TEMPLATE.c.version.desc())
    query = select(TEMPLATE.c.id, TEMPLATE.c.version, TEMPLATE.c.active).order_by(*order)
    for row in connection.execute(query.where(TEMPLATE.c.site == site)):
        _, used = found.setdefault(row.id, (row.version, []))
        used += [row.version] if row.active else []
    return tuple(
        (version_of(connection, site, name, version), tuple(used))
        for name, (version, used) in found.items()
    )


def active(connection: Connection, site: str) -> tuple[Template, ...]:
    """Those in use."""
    where = and_(TEMPLATE.c.site == site, TEMPLATE.c.active == 1)
    query = select(TEMPLATE).where(where).order_by(TEMPLATE.c.id, TEMPLATE.c.version)
    return tuple(_kept(row).template for row in connection.execute(query))


def steps(connection: Connection, site: str, name: str) -> tuple[Step, ...]:
    """What was done with a template, the newest first."""
    where = and_(TEMPLATE_STEP.c.site == site, TEMPLATE_STEP.c.id == name)
    query = select(TEMPLATE_STEP).where(where).order_by(TEMPLATE_STEP.c.n.desc())
    return tuple(
        Step(version=row.version, step=row.step, at=row.at, who=row.who, why=row.why)
        for row in connection.execute(query)
    )


def _rows(site: str, name: str) -> Any:  # noqa: ANN401 - SQLAlchemy
    where = and_(TEMPLATE.c.site == site, TEMPLATE.c.id == name)
    return select(TEMPLATE).where(where).order_by(TEMPLATE.c.version.desc())


def _kept(row: Any) -> Kept:  # noqa: ANN401 - SQLAlchemy
    template = msgspec.json.decode(row.body, type=Template)
    return Kept(template=template, at=row.at, who=row.who, why=row.why, active=bool(row.active))


def _last(connection: Connection, site: str, name: str) -> int:
    where = and_(TEMPLATE.c.site == site, TEMPLATE.c.id == name)
    return connection.scalar(select(func.max(TEMPLATE.c.version)).where(where)) or 0


# --- what is wrong with one ------------------------------------------------------------------


def judge(site: str, template: Template) -> tuple[Fault, ...]:
    """What keeps a version from being kept, by its fields; nothing of it is trusted before."""
    found = [
        replace(one, path=one.path.partition("].")[2] or one.path) for one in faults((template,))
    ]
    if template.site not in {"", site}:
        found.append(Fault("site", "site", template.site))
    if not found:
        with DRAWING:
            found += trial(template, fonts())
    return tuple(found)


def rivals(connection: Connection, site: str, template: Template) -> tuple[Fault, ...]:
    """Templates in use that nothing decides between and this one."""
    others = [one for one in active(connection, site) if one.id != template.id]
    found = (
        other.id
        for other in others
        if any(one.kind == "ambiguous" for one in faults((other, template)))
    )
    return tuple(Fault("", "ambiguous", name) for name in dict.fromkeys(found))


def with_small(template: Template) -> Template:
    """Its pictures made anew and small, under the names that they have then.

    Raises:
        Refused: one is no picture.
    """
    names, images = {"": ""}, {}
    for role in ("logo", "signature"):
        name = getattr(template, role)
        if name in names or name not in template.images:
            continue
        try:
            made = small(template.images[name], role)
        except DocumentError as refused:
            raise Refused(Fault(role, "picture", str(refused.fields["reason"]))) from refused
        names[name] = hashlib.sha256(made).hexdigest()
        images[names[name]] = made
    logo = names.get(template.logo, template.logo)
    signature = names.get(template.signature, template.signature)
    return replace(template, logo=logo, signature=signature, images=images)


# --- what is done with it --------------------------------------------------------------------


def keep(
    server: Server,
    caller: PersonCaller,
    site: str,
    template: Template,
    why: str,
    *,
    before: int | None = None,
) -> tuple[int, bool]:
    """Keep a template as the next version of its id; it is not in use yet.

    ``before`` is the newest version that was known (0: none). Answers its number, and False where
    the newest one is the same already.

    Raises:
        Refused: what is wrong with it.
        Problem: 409 ``changed`` somebody else was faster; 422 ``reason`` none is given; 409
            ``too_many``.
    """
    if not why.strip():
        raise Problem(422, "reason", "say why")
    wrong = judge(site, template)
    if wrong:
        raise Refused(*wrong)
    small_one = with_small(template)
    with server.store.write() as connection:
        last = _last(connection, site, template.id)
        if before is not None and before != last:
            raise Problem(409, "changed", template.id)
        if last >= MOST_VERSIONS:
            raise Problem(409, "too_many", template.id)
        made = replace(small_one, version=last + 1)
        if last:
            kept = version_of(connection, site, template.id, last).template
            if replace(kept, version=made.version) == made:
                return last, False
        connection.execute(
            insert(TEMPLATE).values(
                site=site,
                id=made.id,
                version=made.version,
                body=msgspec.json.encode(made, order="deterministic").decode(),
                at=stamp(server.clock.now()),
                who=caller.name,
                why=why.strip()[:500],
                active=0,
            )
        )
        _note(server, connection, caller, site, made.id, (made.version, "kept", why))
    return made.version, True


def activate(
    server: Server, caller: PersonCaller, site: str, name: str, version: int, why: str
) -> Kept:
    """Draw papers with a version from now on, here and at the benches.

    Those of its versions that hold on no day that it does not hold on go out of use; one that
    holds for some days only lies over those below it.

    Raises:
        Refused: another template is for the same papers, and nothing decides between them.
        Problem: 404; 409 ``too_many`` are in use; 422 ``reason`` none is given.
    """
    if not why.strip():
        raise Problem(422, "reason", "say why")
    with server.store.write() as connection:
        chosen = version_of(connection, site, name, version)
        wrong = rivals(connection, site, chosen.template)
        if wrong:
            raise Refused(*wrong)
        used = [one for one in versions(connection, site, name) if one.active]
        gone = [one.template.version for one in used if _covers(chosen.template, one.template)]
        _use(server, connection, site, name, gone, on=False)
        number = chosen.template.version
        for one in gone:
            if one != number:
                _note(server, connection, caller, site, name, (one, "replaced", why))
        _use(server, connection, site, name, (number,), on=True)
        if len(active(connection, site)) > MOST_USED:
            raise Problem(409, "too_many", name, limit=MOST_USED)
        _note(server, connection, caller, site, name, (number, "activated", why))
    server.bell.ring()
    return replace(chosen, active=True)


def withdraw(
    server: Server, caller: PersonCaller, site: str, name: str, version: int, why: str
) -> None:
    """Draw no more papers with a version.

    Raises:
        Problem: 404; 409 ``not_used``; 422 ``reason`` none is given.
    """
    if not why.strip():
        raise Problem(422, "reason", "say why")
    with server.store.write() as connection:
        chosen = version_of(connection, site, name, version)
        if not chosen.active:
            raise Problem(409, "not_used", name)
        number = chosen.template.version
        _use(server, connection, site, name, (number,), on=False)
        _note(server, connection, caller, site, name, (number, "withdrawn", why))
    server.bell.ring()


def _covers(one: Template, other: Template) -> bool:
    """Whether ``one`` holds on all days of ``other``."""
    begins = (one.valid_from or date.min) <= (other.valid_from or date.min)
    return begins and (one.valid_to or date.max) >= (other.valid_to or date.max)


def _use(
    server: Server,
    connection: Connection,
    site: str,
    name: str,
    numbers: Iterable[int],
    *,
    on: bool,
) -> None:
    """Take versions into use or out of it, with the rows that benches pull."""
    for number in numbers:
        key, chosen = f"{name}/{number}", version_of(connection, site, name, number)
        where = and_(TEMPLATE.c.site == site, TEMPLATE.c.id == name, TEMPLATE.c.version == number)
        connection.execute(update(TEMPLATE).where(where).values(active=int(on)))
        if on:
            put_row(server, connection, site, ROW, key, chosen.template)
        elif row_body(connection, site, ROW, key) is not None:
            delete_row(server, connection, site, ROW, key)


def _note(
    server: Server,
    connection: Connection,
    caller: PersonCaller,
    site: str,
    name: str,
    what: tuple[int, str, str],
) -> None:
    version, step, why = what
    where = and_(TEMPLATE_STEP.c.site == site, TEMPLATE_STEP.c.id == name)
    last = connection.scalar(select(func.max(TEMPLATE_STEP.c.n)).where(where)) or 0
    connection.execute(
        insert(TEMPLATE_STEP).values(
            site=site,
            id=name,
            n=last + 1,
            version=version,
            step=step,
            at=stamp(server.clock.now()),
            who=caller.name,
            why=why.strip()[:500],
        )
    )
