"""What every adapter of a carrier must keep to, tried against the scripted server over sockets.

A ``Subject`` is an adapter and the dialect of its carrier; ``CASES`` are what may go wrong. Each
case makes a fresh server, plays its faults, and looks at two things: what the adapter said, and
what the server's books say was really sold. The law of all cases: a key is sold at most once, an
unknown outcome is resolved by asking, and whatever is said to be refused was not sold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.carriers.sandbox.books import Books
from packstation.carriers.sandbox.dialect import Dialect
from packstation.carriers.sandbox.script import FILES, SILENT, Fault, Op, Plan
from packstation.carriers.sandbox.server import FaultServer
from packstation.domain.carriers import (
    REASONS,
    Bought,
    BuyRequest,
    CarrierGateway,
    GoodsLine,
    LabelWanted,
    ManifestAsked,
)
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused, PackstationError
from packstation.domain.orders import Address

ASKS: Final = 12
_FOR_EVER: Final[tuple[Fault, ...]] = ("limit",) * 20
KEY: Final = "0193-parcel/1"
STOCK: Final = LabelWanted(width_mm=100, height_mm=150)
REQUEST: Final = BuyRequest(
    key=KEY,
    parcel="0193-parcel",
    carrier="sandbox",
    service="plain",
    order="A-1",
    gross_g=420,
    size_mm=(200, 150, 60),
    sender=Address(name="Shop", lines=("1 Tianhe Rd",), city="Guangzhou", country="CN"),
    recipient=Address(
        name="Иван Петров",
        lines=("ул. Ленина 1", "кв. 5"),
        city="Москва",
        postcode="101000",
        country="RU",
        phone="+79161234567",
    ),
    goods=(GoodsLine(sku="TS", quantity=2, description="T-shirt", hs="610910", origin="CN"),),
    wanted=STOCK,
)
# People and places that break what is put together from them carelessly.
ODD: Final = {
    "quotes": {"name": "O\"Neil \\ '; DROP TABLE", "city": "</name>&amp;"},
    "braces": {"name": "{recipient.name} {{7*7}} ${jndi}", "city": "%00%0d%0a"},
    "scripts": {"name": "محمد 王小明 Ñandú 🎁", "city": "Tôkyō"},
    "path": {"name": "../../etc", "postcode": "1/2?x=1#f"},
    "long": {"name": "N" * 500},
    "newline": {"name": "Ivan\r\nX-Evil: 1"},
    "null": {"city": "Mos\x00kva"},
    "nobody": {"name": "", "company": ""},
    "nowhere": {"country": "XX"},
}


class Subject(Struct, frozen=True, kw_only=True):
    """An adapter under test: ``make`` gets the server's URL; its pauses must not wait.

    Its time-out must be below ``FaultServer.late_s``, its carrier's services ``plain``. ``close``
    lets go of connections. ``lacks`` are faults that its interface cannot have.
    """

    name: str
    dialect: Callable[[], Dialect]
    make: Callable[[str], CarrierGateway]
    close: Callable[[CarrierGateway], None] = lambda _: None
    lacks: frozenset[str] = frozenset()


class Broken(Exception):
    """The adapter does not keep to the seam; the words say where."""


class Run(Struct):
    """An adapter, its server and the faults that will come."""

    gateway: CarrierGateway
    server: FaultServer
    plan: Plan
    request: BuyRequest = REQUEST

    def sees(self, what: object, said: str) -> None:
        """Refuse to go on where ``what`` is not so."""
        if not what:
            calls = [f"{call.method} {call.path}" for call in self.server.calls]
            raise Broken(f"{said}; sold: {self.server.books.sold}; requests: {calls}")

    def bought(self) -> Bought | str:
        """Buy as the server does: what is not known is asked for, never bought again.

        Answers the sale, or the reason of a refusal.
        """
        try:
            got = self.gateway.buy(self.request)
            if got.state == "done":
                return got
        except LabelOutcomeUnknown:
            pass
        except LabelRefused as exc:
            return self._reason(exc)
        self.server.settle()
        for _ in range(ASKS):
            found = self._asked()
            if found is not None:
                return found
        return "pending for ever"

    def _asked(self) -> Bought | str | None:
        """What find says; None: ask again. All late work is done, so that nothing is nothing."""
        try:
            found = self.gateway.find(self.request.key)
        except LabelOutcomeUnknown:
            return None
        except LabelRefused as exc:
            return self._reason(exc)
        if found is None:
            return "never_bought"
        return found if found.state == "done" else None

    def _reason(self, exc: LabelRefused) -> str:
        reason = str(exc.fields.get("reason"))
        self.sees(reason in REASONS, f"reason {reason!r} is none of the table")
        return reason

    def once(self) -> Bought:
        """Buy; the sale must be there, be the server's, and be the only one."""
        return self.sold(self.bought())

    def sold(self, got: Bought | str) -> Bought:
        """As ``once``, of what a purchase came to."""
        self.sees(isinstance(got, Bought), f"bought: {got!r}")
        assert isinstance(got, Bought)  # noqa: S101 - seen above
        key = self.request.key
        self.sees(self.server.books.times(key) == 1, f"{key} sold {self.server.books.times(key)}x")
        self.sees(got.waybill == self.server.books.live().get(key), f"waybill {got.waybill!r}")
        return got


Play = Callable[[Run], None]


class Case(Struct, frozen=True, kw_only=True):
    """One thing that goes wrong; ``needs`` a capability, ``faults`` that must be possible.

    Not ``keyed``: the carrier looks at no keys, so that whoever buys again has bought twice.
    """

    name: str
    play: Play
    needs: str = ""
    faults: tuple[Fault, ...] = ()
    keyed: bool = True


def check(subject: Subject, case: Case) -> None:
    """Try it.

    Raises:
        Broken: it does not keep to the seam.
    """
    plan = Plan()
    with FaultServer(subject.dialect(), plan, Books(one_per_key=case.keyed)) as server:
        gateway = subject.make(server.url)
        try:
            if not case.needs or gateway.capabilities.can(case.needs):  # type: ignore[arg-type]
                case.play(Run(gateway=gateway, server=server, plan=plan))
                twice = server.books.twice()
                if twice:
                    raise Broken(f"sold twice: {twice}")
        finally:
            subject.close(gateway)


def cases(subject: Subject) -> tuple[Case, ...]:
    """Those that its interface can have."""
    return tuple(
        case for case in CASES if not subject.lacks.intersection((*case.faults, case.name))
    )


# --- buying --------------------------------------------------------------------------------------


def _plain(run: Run) -> None:
    got = run.once()
    again = run.gateway.find(KEY)
    run.sees(again is not None and again.waybill == got.waybill, f"find says {again!r}")
    run.sees(run.gateway.find("nobody/1") is None, "find of a key that was never bought")
    label = got.label or run.gateway.label(KEY, STOCK)
    run.sees(label is not None and label.content.startswith(b"%PDF"), "no label")
    run.sees(label is not None and (label.width_mm, label.height_mm) == (100, 150), "its size")


def _same_key(run: Run) -> None:
    first, second = run.once(), run.once()
    run.sees(first.waybill == second.waybill, f"{first.waybill} and {second.waybill}")


def _when(op: Op, *faults: Fault) -> Play:
    def play(run: Run) -> None:
        run.plan.then(op, *faults)
        got = run.bought()
        sold = run.server.books.times(KEY)
        run.sees(sold <= 1, f"{KEY} sold {sold}x")
        if sold:
            run.sold(got)
        else:
            run.sees(got == "never_bought", f"nothing was sold, and it says {got!r}")
        run.sees(run.plan.done, "the faults were not met")

    return play


def _lost_twice(run: Run) -> None:
    """The answer is lost, and the first questions about it fail too."""
    run.plan.then("buy", "lost")
    run.plan.then("find", "down", "html", "reset", "nonsense")
    run.once()
    run.sees(run.plan.done, "the faults were not met")


def _limited(run: Run) -> None:
    run.plan.then("buy", "limit")
    run.once()


def _always_limited(run: Run) -> None:
    run.plan.then("buy", *_FOR_EVER)
    got = run.bought()
    run.sees(got in {"never_bought", "limit"}, f"it says {got!r}")
    run.sees(run.server.books.sold == 0, "sold while it says no")


def _denied(run: Run) -> None:
    run.plan.then("buy", "denied", "denied")
    got = run.bought()
    run.sees(got == "credentials", f"it says {got!r}")
    run.sees(run.server.books.sold == 0, "sold while it says no")


def _refuses(reason: str, **changes: object) -> Play:
    def play(run: Run) -> None:
        run.request = replace(run.request, **changes)
        got = run.bought()
        run.sees(got == reason, f"it says {got!r}; wanted: {reason}")
        run.sees(run.server.books.sold == 0, "sold while it says no")

    return play


def _odd(name: str) -> Play:
    def play(run: Run) -> None:
        changes = ODD[name]
        run.request = replace(run.request, recipient=replace(run.request.recipient, **changes))
        got = run.bought()
        if isinstance(got, Bought):
            run.sees(run.server.books.times(KEY) == 1, "sold more than once")
            run.sees(name not in {"newline", "null", "nobody", "nowhere"}, f"{name} was sold")
            return
        run.sees(got == "address", f"it says {got!r}; wanted: address")
        run.sees(run.server.books.sold == 0, "sold while it says no")

    return play


# --- labels --------------------------------------------------------------------------------------


def _late_number(run: Run) -> None:
    run.plan.then("buy", "not_ready")
    first = run.gateway.buy(run.request)
    run.sees(first.state == "pending", f"not ready, and it says {first!r}")
    run.once()


def _bad_file(fault: Fault) -> Play:
    def play(run: Run) -> None:
        run.plan.then("buy", fault)
        got = run.gateway.buy(run.request)
        if fault == "wrong_size" and got.label is not None:
            run.sees(got.fault == "size", f"A4 for 100 x 150 mm, and it says {got.fault!r}")
            run.sees(b"595.2" in got.label.content, "the file is not as it came")
        else:
            run.sees(got.label is None, f"{fault}, and it gives a label")
            run.sees(got.state == "pending" or not got.fault, "a fault that is done")
        run.once()

    return play


def _bad_label(fault: Fault) -> Play:
    def play(run: Run) -> None:
        run.once()
        run.plan.then("label" if _asks_labels(run) else "find", fault)
        try:
            label = run.gateway.label(KEY, STOCK)
        except (LabelOutcomeUnknown, LabelRefused):
            label = None
        if fault == "wrong_size":
            run.sees(label is not None and label.width_mm > 200, "A4 that is not told")
        else:
            run.sees(label is None, f"{fault}, and it gives a label")
        asked = (run.gateway.label(KEY, STOCK) for _ in range(ASKS))
        whole = next((one for one in asked if one is not None), None)
        run.sees(whole is not None and whole.width_mm == 100, "no label afterwards")

    return play


def _asks_labels(run: Run) -> bool:
    """Whether the adapter asks for files by a request of their own."""
    before = len(run.server.calls)
    run.gateway.label(KEY, STOCK)
    asked = (run.server.dialect.read(call) for call in run.server.calls[before:])
    return any(one is not None and one.op == "label" for one in asked)


# --- the rest ------------------------------------------------------------------------------------


def _void(run: Run) -> None:
    run.once()
    run.gateway.void(KEY)
    run.gateway.void(KEY)
    run.sees(run.server.books.live() == {}, "it is still alive")
    again = run.gateway.find(KEY)
    run.sees(again is None or again.voided, "find does not say that it was voided")


def _void_lost(run: Run) -> None:
    run.once()
    run.plan.then("void", "lost")
    try:
        run.gateway.void(KEY)
    except LabelOutcomeUnknown:
        run.gateway.void(KEY)
    else:
        raise Broken("a void without an answer is said to be done")
    run.sees(run.server.books.live() == {}, "it is still alive")


def _void_of_nothing(run: Run) -> None:
    try:
        run.gateway.void("nobody/1")
    except LabelRefused as exc:
        run.sees(exc.fields["reason"] == "never_bought", f"it says {exc.fields}")
    else:
        raise Broken("a void of nothing is said to be done")


def _void_too_late(run: Run) -> None:
    got = run.once()
    run.server.books.hand((got.waybill,))
    try:
        run.gateway.void(KEY)
    except LabelRefused as exc:
        run.sees(exc.fields["reason"] == "tendered", f"it says {exc.fields}")
    else:
        raise Broken("a void of a parcel on its way is said to be done")
    run.sees(run.server.books.live(), "voided")


def _track(run: Run) -> None:
    got = run.once()
    events = run.gateway.track((got.waybill, "ZZ999999999CN"))
    run.sees([one.waybill for one in events] == [got.waybill], f"{events}")
    run.sees(events[0].raw_code and events[0].at and events[0].status, f"{events}")


def _manifest(run: Run) -> None:
    got = run.once()
    asked = ManifestAsked(key="m/1", service="plain", waybills=(got.waybill, "ZZ999999999CN"))
    done = run.gateway.manifest(asked)
    run.sees(done.ref and done.missing == ("ZZ999999999CN",), f"{done}")


def _asking(op: Op, needs: Callable[[Run], object]) -> Play:
    """A question whose answers are lost or nonsense ends in an error of ours, and soon."""

    def play(run: Run) -> None:
        got = run.once()
        run.request = replace(run.request, order=got.waybill)
        faults = tuple(fault for fault in SILENT if fault != "late")
        for fault in faults:
            run.plan.then(op, fault)
            try:
                needs(run)
            except PackstationError:
                continue
            run.sees(op == "track" and fault == "nonsense", f"{fault}, and it says all is well")

    return play


def _ask_track(run: Run) -> object:
    return run.gateway.track((run.request.order,))


def _ask_manifest(run: Run) -> object:
    number = run.request.order
    return run.gateway.manifest(ManifestAsked(key="m/1", service="plain", waybills=(number,)))


_SOLD_OR_NOT: Final[tuple[Fault, ...]] = (*SILENT, "twice", "slow")

CASES: Final[tuple[Case, ...]] = (
    Case(name="plain", play=_plain),
    Case(name="same key", play=_same_key),
    *(
        Case(name=f"buy {one}", play=_when("buy", one), faults=(one,), keyed=one == "twice")
        for one in _SOLD_OR_NOT
    ),
    Case(name="buy lost, find fails", play=_lost_twice, keyed=False),
    Case(name="buy limit", play=_limited),
    Case(name="buy limit for ever", play=_always_limited),
    Case(name="buy denied", play=_denied, faults=("denied",)),
    Case(name="too heavy", play=_refuses("weight", gross_g=30_001)),
    Case(name="weighs nothing", play=_refuses("weight", gross_g=0)),
    Case(name="no such service", play=_refuses("service", service="nothing")),
    *(Case(name=f"odd {name}", play=_odd(name)) for name in ODD),
    Case(name="late number", play=_late_number, faults=("not_ready",)),
    *(Case(name=f"file {one}", play=_bad_file(one), faults=(one,)) for one in FILES),
    *(
        Case(name=f"label {one}", play=_bad_label(one), needs="label", faults=(one,))
        for one in (*FILES, "not_ready")
    ),
    Case(name="void", play=_void, needs="void"),
    Case(name="void lost", play=_void_lost, needs="void", faults=("lost",)),
    Case(name="void of nothing", play=_void_of_nothing, needs="void"),
    Case(name="void too late", play=_void_too_late, needs="void"),
    Case(name="track", play=_track, needs="track"),
    Case(name="track fails", play=_asking("track", _ask_track), needs="track"),
    Case(name="manifest", play=_manifest, needs="manifest"),
    Case(name="manifest fails", play=_asking("manifest", _ask_manifest), needs="manifest"),
)
