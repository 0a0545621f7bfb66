"""The server's signed word on all chains: daily into the database, and exported to lie elsewhere.

Who can write the database can write its chains anew, and with the server's key in it the days
too; the exported word, kept where they cannot write, still tells.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct
from sqlalchemy import Connection, insert, select

from packstation.domain.events import GENESIS
from packstation.server.core import Server
from packstation.server.enrolment import signing_key
from packstation.server.keeping import chains
from packstation.server.keeping.chains import Finding, Place, Walked
from packstation.server.keeping.tables import AUDIT, AUDIT_DAY, AUDIT_HEAD
from packstation.server.moments import stamp
from packstation.server.store import generation, meta
from packstation.server.tables import JOURNAL, QUARANTINE, STREAM

FORMAT: Final = "packstation.audit-head/1"
_DOMAIN: Final = b"packstation audit day\n"  # what is signed is never anything else's form


class Head(Struct, frozen=True, kw_only=True):
    """Where a chain stands: of a stream, or of a site's acts (``station`` and ``epoch`` "")."""

    site: str
    station: str = ""
    epoch: str = ""
    seq: int
    hash: str


class Day(Struct, frozen=True, kw_only=True):
    """What is signed: the day before, how many streams moved, the hash over their heads, acts."""

    n: int
    at: str
    gen: int
    prev: str
    streams: int
    root: str
    acts: tuple[Head, ...] = ()


class Exported(Struct, frozen=True, kw_only=True):
    """The whole word at one moment, to be kept elsewhere."""

    format: str = FORMAT
    key: str
    body: str
    signature: str


class Word(Struct, frozen=True, kw_only=True):
    """The body of ``Exported``."""

    at: str
    gen: int
    day: int
    day_hash: str
    heads: tuple[Head, ...]


class Report(Struct, frozen=True, kw_only=True):
    """What a look at all chains came to."""

    streams: int = 0
    events: int = 0
    acts: int = 0
    days: int = 0
    findings: tuple[Finding, ...] = ()
    heads: tuple[Head, ...] = ()


def _sign(connection: Connection, body: str) -> str:
    return base64.b64encode(signing_key(connection).sign(_DOMAIN + body.encode())).decode()


def _is_signed(key: str, body: str, signature: str) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        raw = base64.b64decode(signature, validate=True)
        public.verify(raw, _DOMAIN + body.encode())
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return base64.b64encode(raw).decode() == signature  # its last letter has bits to spare


def _key(connection: Connection) -> str:
    """The server's public key; "" where it has none yet. Nothing is written."""
    if not meta(connection, "server_key"):
        return ""
    public = signing_key(connection).public_key().public_bytes_raw()
    return base64.b64encode(public).decode()


def _root(heads: Sequence[Any]) -> str:
    form = [[h.site, h.station, h.epoch, h.seq, h.hash, h.digest] for h in heads]
    return hashlib.sha256(msgspec.json.encode(form)).hexdigest()


def _hash(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def sign_day(server: Server) -> Day:
    """Sign where all chains stand now; what does not hold is signed as it is, and found later.

    Only records since the last day are read, stream by stream, outside the writing transaction.
    """
    with server.store.read() as connection:
        todo = chains.moved(connection)
    walked = []
    for place, start in todo:
        with server.store.read() as connection:
            walked.append((start, chains.walk(connection, place, start=start)))
    with server.store.write() as connection:
        last = _last(connection)
        n = last[0] + 1
        known = chains.marks(connection)  # another process may have signed meanwhile
        heads = [
            _head(n, one)
            for start, one in walked
            if known.get(one.place, 0) == start and one.seq > start
        ]
        if heads:
            connection.execute(insert(AUDIT_HEAD), heads)
        rows = _heads_of(connection, n)
        day = Day(
            n=n,
            at=stamp(server.clock.now()),
            gen=generation(connection),
            prev=last[1],
            streams=len(rows),
            root=_root(rows),
            acts=tuple(_act_heads(connection)),
        )
        body = msgspec.json.encode(day).decode()
        signed = {"n": n, "at": day.at, "body": body, "signature": _sign(connection, body)}
        connection.execute(insert(AUDIT_DAY).values(**signed))
    return day


def _head(n: int, one: Walked) -> dict[str, Any]:
    place = msgspec.structs.asdict(one.place)
    return {**place, "n": n, "seq": one.seq, "hash": one.hash, "digest": one.digest}


def _last(connection: Connection) -> tuple[int, str]:
    row = connection.execute(select(AUDIT_DAY).order_by(AUDIT_DAY.c.n.desc()).limit(1)).first()
    return (row.n, _hash(row.body)) if row else (0, GENESIS)


def last_day(connection: Connection) -> str:
    """When the last day was signed; "" when never."""
    newest = select(AUDIT_DAY.c.at).order_by(AUDIT_DAY.c.n.desc()).limit(1)
    return connection.scalar(newest) or ""


def _heads_of(connection: Connection, n: int) -> list[Any]:
    """Sorted here: databases sort by their own rules."""
    rows = connection.execute(select(AUDIT_HEAD).where(AUDIT_HEAD.c.n == n))
    return sorted(rows, key=lambda row: (row.site, row.station, row.epoch))


def _act_heads(connection: Connection) -> Iterator[Head]:
    for site in sorted(connection.scalars(select(AUDIT.c.site).distinct())):
        where = AUDIT.c.site == site
        row = connection.execute(select(AUDIT).where(where).order_by(AUDIT.c.n.desc())).first()
        if row:
            yield Head(site=site, seq=row.n, hash=row.hash)


def export(server: Server) -> Exported:
    """Where every chain stands now, signed; to be kept where this server cannot write."""
    with server.store.write() as connection:
        day, day_hash = _last(connection)
        heads = [*stream_heads(connection), *_act_heads(connection)]
        word = Word(
            at=stamp(server.clock.now()),
            gen=generation(connection),
            day=day,
            day_hash=day_hash,
            heads=tuple(heads),
        )
        body = msgspec.json.encode(word).decode()
        signature = _sign(connection, body)
        return Exported(key=_key(connection), body=body, signature=signature)


def stream_heads(connection: Connection) -> Iterator[Head]:
    """As the server noted them at the last push."""
    table = STREAM
    order = (table.c.site, table.c.station, table.c.epoch)
    for row in connection.execute(select(*order, table.c.hw, table.c.last_hash).order_by(*order)):
        yield Head(
            site=row.site, station=row.station, epoch=row.epoch, seq=row.hw, hash=row.last_hash
        )


def verify(connection: Connection, known: Exported | None = None) -> Report:
    """Look at every chain from its first record on; ``known``: an exported word besides.

    Everything is read in the transaction of ``connection``: a push meanwhile is seen whole or
    not at all where that is a snapshot.
    """
    walked = [chains.walk(connection, place) for place in chains.places(connection)]
    count, act_heads, odd = chains.acts(connection)
    findings = [finding for one in walked for finding in one.findings] + odd
    days, unsigned = _days(connection, act_heads)
    findings += unsigned
    heads = [
        *(_as_head(one) for one in walked),
        *(Head(site=site, seq=seq, hash=digest) for site, (seq, digest) in act_heads.items()),
    ]
    if known is not None:
        findings += _compared(connection, known, heads)
    return Report(
        streams=len(walked),
        events=sum(one.events for one in walked),
        acts=count,
        days=days,
        findings=tuple(findings),
        heads=tuple(heads),
    )


def _as_head(one: Walked) -> Head:
    return Head(**msgspec.structs.asdict(one.place), seq=one.seq, hash=one.hash)


def _days(connection: Connection, acts: dict[str, tuple[int, str]]) -> tuple[int, list[Finding]]:
    """How many days were signed, and what does not hold of them."""
    key, n, prev = _key(connection), 0, GENESIS
    odd: list[tuple[str, int, str]] = []
    for row in connection.execute(select(AUDIT_DAY).order_by(AUDIT_DAY.c.n)).all():
        if row.n != n + 1:
            odd.append(("lost", n + 1, f"day {n + 1} to {row.n - 1}"))
        if not _is_signed(key, row.body, row.signature):
            odd.append(("unsigned", row.n, "the server's key did not sign this"))
        odd += _odd_day(connection, row, prev, acts)
        n, prev = row.n, _hash(row.body)
    stray = select(AUDIT_HEAD.c.n).where(AUDIT_HEAD.c.n > n).limit(1)
    if connection.scalar(stray):
        odd.append(("lost", n + 1, f"day {n + 1}"))
    return n, [Finding(code=code, place="days", at=at, what=what) for code, at, what in odd]


def _odd_day(
    connection: Connection,
    row: Any,  # noqa: ANN401 - a row of SQLAlchemy
    prev: str,
    acts: dict[str, tuple[int, str]],
) -> Iterator[tuple[str, int, str]]:
    try:
        day = msgspec.json.decode(row.body, type=Day)
    except (msgspec.DecodeError, UnicodeEncodeError):
        yield "edited", row.n, "it cannot be read"
        return
    if (day.n, day.at, day.prev) != (row.n, row.at, prev):
        yield "forked", row.n, "it does not follow the day before"
    heads = _heads_of(connection, row.n)
    if (day.streams, day.root) != (len(heads), _root(heads)):
        yield "edited", row.n, "the heads of its streams were changed"
    for head in day.acts:
        seq, _ = acts.get(head.site, (0, ""))
        if seq < head.seq:
            yield "lost", row.n, f"acts of {head.site} up to {head.seq}, {seq} are here"
        elif _act_hash(connection, head) != head.hash:
            yield "edited", row.n, f"act {head.seq} of {head.site} is another"


def _act_hash(connection: Connection, head: Head) -> str:
    where = (AUDIT.c.site == head.site, AUDIT.c.n == head.seq)
    return connection.scalar(select(AUDIT.c.hash).where(*where)) or ""


def _compared(connection: Connection, known: Exported, heads: Sequence[Head]) -> list[Finding]:
    """What an exported word says beside what is here."""
    if not _is_signed(known.key, known.body, known.signature) or known.key != _key(connection):
        what = "this server's key did not sign the exported head"
        return [Finding(code="unsigned", place="exported head", at=0, what=what)]
    word = msgspec.json.decode(known.body, type=Word)
    here = {(one.site, one.station, one.epoch): one for one in heads}
    findings = []
    for head in word.heads:
        own = here.get((head.site, head.station, head.epoch))
        place = f"{head.site}/{head.station}/{head.epoch}" if head.station else f"acts {head.site}"
        if own is None or own.seq < head.seq:
            what = f"{head.seq} were there at {word.at}, {own.seq if own else 0} are here"
            findings.append(Finding(code="lost", place=place, at=head.seq, what=what))
        elif head.seq and _hash_here(connection, head) != head.hash:
            what = f"another record than at {word.at}"
            findings.append(Finding(code="edited", place=place, at=head.seq, what=what))
    return findings


def _hash_here(connection: Connection, head: Head) -> str:
    if not head.station:
        return _act_hash(connection, head)
    place = Place(head.site, head.station, head.epoch)
    for table in (JOURNAL, QUARANTINE):
        where = (chains.of(table, place), table.c.seq == head.seq)
        found = connection.scalar(select(table.c.hash).where(*where))
        if found is not None:
            return str(found)
    return ""
