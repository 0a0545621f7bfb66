"""Whether the chains hold: every fact of every bench, every act of the office, every signed day.

Each record is hashed anew from its columns and compared with the next one's ``prev``, with the
hash that lies beside it and with the days that were signed meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
import rfc8785
from msgspec import Struct
from sqlalchemy import Connection, and_, func, or_, select

from packstation.domain import canonical
from packstation.domain.events import GENESIS, Event
from packstation.server import audit
from packstation.server.core import Server
from packstation.server.keeping.tables import AUDIT, AUDIT_HEAD
from packstation.server.tables import JOURNAL, QUARANTINE, STREAM

PUT_AWAY: Final = "journal.put_away"
_PAGE: Final = 1000
_MOST: Final = 100  # findings of one stream; the rest follows from the first
_ABSENT: Final[dict[str, Any]] = {"parcel": None, "order": None, "claim": None, "fence": 0}
_COLUMNS: Final = tuple(name for name in Event.__struct_fields__ if name != "body")


class Place(Struct, frozen=True, order=True):
    """One journal file of one bench."""

    site: str
    station: str
    epoch: str

    def __str__(self) -> str:
        """As findings name it."""
        return f"{self.site}/{self.station}/{self.epoch}"


class Finding(Struct, frozen=True, kw_only=True):
    """What does not hold: ``code`` edited, lost, forked, unsigned; where, at which number."""

    code: str
    place: str
    at: int
    what: str


class Walked(Struct, frozen=True, kw_only=True):
    """A stream that was read to its end."""

    place: Place
    events: int
    seq: int
    hash: str
    digest: str  # over the rows after the last signed head
    findings: tuple[Finding, ...] = ()


class Row(Struct, frozen=True, kw_only=True):
    """A record as it lies in the journal, the quarantine or both."""

    seq: int
    prev: str
    found: str  # the hash beside it
    real: str  # the hash of what it says
    received: str  # when, and by how much the bench's clock was off
    raw: str = ""
    odd: str = ""


def places(connection: Connection) -> list[Place]:
    """Every stream that there is anything of."""
    found: set[Place] = set()
    for table in (STREAM, JOURNAL, QUARANTINE, AUDIT_HEAD):
        columns = (table.c.site, table.c.station, table.c.epoch)
        found.update(Place(*row) for row in connection.execute(select(*columns).distinct()))
    return sorted(found)


def of(table: Any, place: Place) -> Any:  # noqa: ANN401 - SQLAlchemy's tables and clauses
    """Rows of a stream."""
    return and_(
        table.c.site == place.site,
        table.c.station == place.station,
        table.c.epoch == place.epoch,
    )


def note_beginnings(server: Server, connection: Connection, months: Sequence[str]) -> None:
    """Months of the journal were put away: where each chain begins now, in the trail of acts."""
    begins = []
    for row in connection.execute(select(STREAM)).all():
        place = Place(row.site, row.station, row.epoch)
        columns = select(JOURNAL.c.seq, JOURNAL.c.prev).where(of(JOURNAL, place))
        first = connection.execute(columns.order_by(JOURNAL.c.seq).limit(1)).first()
        seq, prev = (first.seq - 1, first.prev) if first else (row.hw, row.last_hash)
        if seq:
            begins.append([*msgspec.structs.astuple(place), seq, prev])
    caller = audit.at_the_machine()
    audit.note(server, connection, caller, PUT_AWAY, " ".join(months), begins=begins)


def beginnings(connection: Connection) -> dict[Place, tuple[int, str]]:
    """Seq and hash of the record before the first that is still in the journal, by stream."""
    found: dict[Place, tuple[int, str]] = {}
    acts = select(AUDIT.c.more).where(AUDIT.c.act == PUT_AWAY).order_by(AUDIT.c.n)
    for more in connection.scalars(acts):
        for site, station, epoch, seq, prev in msgspec.json.decode(more)["begins"]:
            found[Place(site, station, epoch)] = (seq, prev)
    return found


def walk(connection: Connection, place: Place, *, start: int = 0) -> Walked:
    """Read a stream; ``start``: the seq of a signed head from which on it is read, 0 for all."""
    walk = _Walk(connection, place, start)
    for row in _rows(connection, place, walk.seq):
        walk.step(row)
    return walk.end()


class _Walk:
    """The head of the chain while it is read."""

    def __init__(self, connection: Connection, place: Place, start: int) -> None:
        heads = connection.execute(
            select(AUDIT_HEAD).where(of(AUDIT_HEAD, place)).order_by(AUDIT_HEAD.c.n)
        ).all()
        self._heads = {row.seq: row for row in heads}
        self._place, self._connection = place, connection
        self._count = 0
        self.seq, self._prev = start, self._heads[start].hash if start else GENESIS
        begin = beginnings(connection).get(place, (0, ""))
        self._whole = begin[0] <= start or begin[0] in self._heads
        if begin[0] > start:
            self.seq, self._prev = begin
        self._sum = hashlib.sha256()
        self._findings: list[Finding] = []

    def step(self, row: Row) -> None:
        """Take the next record in."""
        if row.seq != self.seq + 1:
            self._find("lost", self.seq + 1, f"record {self.seq + 1} to {row.seq - 1}")
            self._prev = ""
        # Without a canonical form there is no hash to compare with, on either side.
        if self._prev and row.prev != self._prev:
            self._find("forked", row.seq, "it does not follow the record before")
        if row.found != row.real:
            self._find("edited", row.seq, "its hash is another")
        if row.odd:
            self._find("edited", row.seq, row.odd)
        self.seq, self._prev, self._count = row.seq, row.real, self._count + 1
        self._sum.update(f"{row.seq} {row.found} {row.received} {row.raw}\n".encode())
        head = self._heads.get(row.seq)
        if head is not None:
            self._signed(head)

    def _signed(self, head: Any) -> None:  # noqa: ANN401 - a row
        if head.hash != self._prev:
            self._find("edited", head.seq, f"day {head.n} was signed over another record")
        elif self._whole and head.digest != self._sum.hexdigest():
            self._find("edited", head.seq, f"when records up to day {head.n} came was changed")
        self._sum, self._whole = hashlib.sha256(), True

    def end(self) -> Walked:
        """Compare the end with what the server noted of the stream."""
        where = of(STREAM, self._place)
        columns = (STREAM.c.hw, STREAM.c.last_hash)
        noted = self._connection.execute(select(*columns).where(where)).one_or_none()
        beyond = max((seq for seq in self._heads if seq > self.seq), default=0)
        if beyond:
            self._find("lost", self.seq + 1, f"a day was signed over record {beyond}")
        if noted is None:
            self._find("lost", self.seq, "the server knows nothing of this stream")
        elif noted.hw > self.seq:
            self._find("lost", self.seq + 1, f"record {self.seq + 1} to {noted.hw}")
        elif (noted.hw, noted.last_hash) != (self.seq, self._prev if self.seq else GENESIS):
            self._find("edited", noted.hw, "the stream's mark is not at its last record")
        return Walked(
            place=self._place,
            events=self._count,
            seq=self.seq,
            hash=self._prev,
            digest=self._sum.hexdigest(),
            findings=tuple(self._findings),
        )

    def _find(self, code: str, at: int, what: str) -> None:
        if len(self._findings) < _MOST:
            self._findings.append(Finding(code=code, place=str(self._place), at=at, what=what))


def _rows(connection: Connection, place: Place, after: int) -> Iterator[Row]:
    """Records in order, each once, wherever they lie."""
    while True:
        until, journal = after, []
        found = connection.execute(
            select(JOURNAL)
            .where(of(JOURNAL, place), JOURNAL.c.seq > after)
            .order_by(JOURNAL.c.seq)
            .limit(_PAGE)
        ).all()
        journal = [_of_journal(place, row) for row in found]
        full = len(found) == _PAGE
        until = found[-1].seq if full else 0
        span = [QUARANTINE.c.seq > after, *([QUARANTINE.c.seq <= until] if full else [])]
        poison = connection.execute(
            select(QUARANTINE).where(of(QUARANTINE, place), *span).order_by(QUARANTINE.c.seq)
        ).all()
        yield from _merged(journal, [_of_quarantine(place, row) for row in poison])
        if not full:
            return
        after = until


def _merged(journal: Sequence[Row], poison: Sequence[Row]) -> Iterator[Row]:
    """A record that lies in both must be the same; the journal's tells when it came."""
    rows = {row.seq: row for row in journal}
    for row in poison:
        known = rows.setdefault(row.seq, row)
        if known is not row and (known.real, known.found) != (row.real, row.found):
            odd = "journal and quarantine differ"
            rows[row.seq] = msgspec.structs.replace(known, odd=odd)
    return (rows[seq] for seq in sorted(rows))


def _of_journal(place: Place, row: Any) -> Row:  # noqa: ANN401 - a row of SQLAlchemy
    columns = row._mapping  # noqa: SLF001 - SQLAlchemy's public name
    shape: dict[str, Any] = {name: columns[name] for name in _COLUMNS}
    odd = ""
    for name in ("body", "extra"):
        text = columns[name]
        if text is None:
            continue
        value, same = _loaded(text)
        odd = odd if same else f"its {name} is not as it was written"
        shape |= {"body": value} if name == "body" else value if isinstance(value, dict) else {}
    return Row(
        seq=row.seq,
        prev=row.prev,
        found=row.hash,
        real=_hash(place, row.seq, shape),
        received=f"{row.received} {row.skew_ms}",
        odd=odd,
    )


def _of_quarantine(place: Place, row: Any) -> Row:  # noqa: ANN401 - a row of SQLAlchemy
    shape, _ = _loaded(row.raw)
    shape = shape if isinstance(shape, dict) else {}
    prev = shape.get("prev")
    return Row(
        seq=row.seq,
        prev=prev if isinstance(prev, str) else "",
        found=row.hash,
        real=_hash(place, row.seq, {**_ABSENT, **shape}),
        received=row.received,
        raw=hashlib.sha256(row.raw.encode(errors="surrogatepass")).hexdigest(),
    )


def _loaded(text: str) -> tuple[Any, bool]:
    """The JSON of a column, and whether writing it again gives the same text."""
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None, False
    return value, msgspec.json.encode(value).decode() == text


def _hash(place: Place, seq: int, shape: dict[str, Any]) -> str:
    """As ``events.record_hash``, over all members; "" without a canonical form."""
    form = {"station": place.station, "epoch": place.epoch, "seq": seq, "event": shape}
    try:
        return hashlib.sha256(canonical.dumps(form)).hexdigest()
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError):
        return ""


def acts(connection: Connection) -> tuple[int, dict[str, tuple[int, str]], list[Finding]]:
    """How many acts there are, the head of each site's chain, and what does not hold."""
    count, heads, findings = 0, {}, []
    sites = sorted(connection.scalars(select(AUDIT.c.site).distinct()))
    for site in sites:
        seq, prev = 0, GENESIS
        for one in audit.acts(connection, site):
            words = msgspec.structs.asdict(one)
            place = f"acts of {site}"
            if one.n != seq + 1:
                what = f"entry {seq + 1} to {one.n - 1}"
                findings.append(Finding(code="lost", place=place, at=seq + 1, what=what))
            elif one.prev != prev:
                what = "it does not follow the entry before"
                findings.append(Finding(code="forked", place=place, at=one.n, what=what))
            if audit.hash_of(words) != one.hash:
                what = "its hash is another"
                findings.append(Finding(code="edited", place=place, at=one.n, what=what))
            seq, prev, count = one.n, one.hash, count + 1
        heads[site] = (seq, prev)
    return count, heads, findings


def marks(connection: Connection) -> dict[Place, int]:
    """The seq of each stream's last signed head."""
    columns = (AUDIT_HEAD.c.site, AUDIT_HEAD.c.station, AUDIT_HEAD.c.epoch)
    last = select(*columns, func.max(AUDIT_HEAD.c.seq).label("seq")).group_by(*columns)
    return {Place(row.site, row.station, row.epoch): row.seq for row in connection.execute(last)}


def moved(connection: Connection) -> list[tuple[Place, int]]:
    """Streams that have records after their last signed head, and that head's seq."""
    known = marks(connection)
    columns = (STREAM.c.site, STREAM.c.station, STREAM.c.epoch, STREAM.c.hw)
    order = (STREAM.c.site, STREAM.c.station, STREAM.c.epoch)
    rows = connection.execute(select(*columns).where(or_(STREAM.c.hw > 0)).order_by(*order))
    found = [(Place(row.site, row.station, row.epoch), row.hw) for row in rows]
    return [(place, known.get(place, 0)) for place, hw in found if hw > known.get(place, 0)]
