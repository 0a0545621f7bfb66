"""The bench: takes what happened, one thing at a time, and publishes what to show.

``handle`` runs on the main thread only. Order of the five hops: route, decide,
append (durable), evolve, view (ARCHITECTURE "One scan, five hops").
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from packstation.domain.errors import PackstationError, StorageError
from packstation.station import ports as p
from packstation.station import workshop as w
from packstation.station.checkpoint import Checked
from packstation.station.closing import CloseLooked
from packstation.station.commands import Commands
from packstation.station.consignment_desk import ConsignmentPriced
from packstation.station.core import Core, place_of
from packstation.station.curing import CureLooked
from packstation.station.customs import CustomsLooked, RulesRead, RulesWanted
from packstation.station.device_desk import DeviceDesk
from packstation.station.filming import EvidenceMoved, Filming, FilmMade, FilmStood
from packstation.station.flow import Flow, Rated
from packstation.station.flow_desk import FlowDesk
from packstation.station.gear import Gear
from packstation.station.goods_labels import GoodsMade, GoodsSeen
from packstation.station.handover_hand import SignatureDrawn
from packstation.station.handover_prints import HandoverMade
from packstation.station.labelling import LabelReplied, VoidReplied
from packstation.station.looking import Looking
from packstation.station.measuring import Measuring
from packstation.station.opening import Opening
from packstation.station.own_pages import OwnPages
from packstation.station.people import People, PinChecked
from packstation.station.photographing import Photographing, PhotoMade
from packstation.station.placing import Placed, Placing
from packstation.station.portraits import PortraitTaken
from packstation.station.printer_pages import PreviewMade
from packstation.station.printing import LetterheadsRead, PaperMade, TestLabelMade
from packstation.station.reports import Reports
from packstation.station.scans import Scans
from packstation.station.site_choice import ChoiceRead
from packstation.station.site_tariffs import TariffsRead
from packstation.station.small_devices import SmallDevices
from packstation.station.testcard import ScannerLearned
from packstation.station.trial import PapersTried
from packstation.station.unsaved import Unsaved
from packstation.station.verdicts import OK, Verdicts
from packstation.station.viewing.frame import sync
from packstation.station.viewing.viewer import build
from packstation.station.views import AlertView, Screen, StationView, Words

log = logging.getLogger(__name__)

# Facts that the server should hear of at once (reference/sync.md, batching).
_URGENT = ("SessionCompleted", "SessionHeld", "Label", "Requirement", "Manifest")
# What somebody who is there does; the idle lock waits for the last of it.
_HANDS = (
    p.CodeScanned,
    p.CommandGiven,
    p.TextEntered,
    p.ChoiceMade,
    p.AnswerGiven,
    SignatureDrawn,
)
# What a device that is being added was found to be.
_FOUND = (
    w.PortsListed,
    w.ProbeStepped,
    w.ProbeHeard,
    w.ProbeEnded,
    w.ProbeSettled,
    w.PrinterNamed,
    w.KeyHeard,
)
IDLE_LOCK_NS = 5 * 60 * 1_000_000_000


Does = Mapping[type[p.Happening], Callable[[Any], None]]


class Station:
    """One bench."""

    def __init__(
        self,
        core: Core,
        flow: Flow,
        check_pin: p.PinCheck,
        publish: Callable[[StationView], None],
        workshop: w.DeviceWorkshop | None = None,
        gear: Gear | None = None,
    ) -> None:
        """``workshop`` None for a bench whose devices stay as they are."""
        self.core = core
        gear = gear or Gear()
        self._small = small = SmallDevices(core, gear)
        self._publish = publish
        self._told: dict[str, object] = {}
        self._stopped = False
        self._last = StationView(screen=Screen.SIGN_IN)
        self._flow = flow
        self._people = People(core, check_pin)
        self._reports = Reports(core)
        opening = Opening(core, flow.recover, flow.customs.opened)
        self._pages = self._device_pages(workshop or w.NoWorkshop(), gear)
        self._own = own = self._own_pages(gear)
        self._photos = Photographing(core, gear.photographer, gear.evidence)
        self._films = self._filming(gear)
        own.more = {**small.commands(), "photo": self._photos.asked, "video": self._switch_film}
        self._modes = modes = FlowDesk(core, opening)
        modes.menu = own.commands()
        self._commands = Commands(core, self._people, flow, opening, self._pages, modes, own)
        items = self._commands.items.capturing
        self._scans = Scans(core, self._people, self._commands, small.card, items, modes, own)
        self._measuring = self._measures()
        placing = Placing(core)
        self._looking = Looking(core, self._scans)
        shown = (Verdicts(core), self._photos, self._films, self._reports, placing)
        pages = (own.goods, own.materials, own.hand)
        # The mark of a carton comes last: what closed it is known everywhere by then.
        tellers = (*shown, self._looking, items, *pages, flow, modes, own.cartons)
        self._asked_before(flow, own)
        core.hooks.extend([teller.told for teller in tellers])
        self._does: Does = {**self._hands(), **self._reported(), **self._done(flow, placing)}
        self._unsaved = Unsaved(
            lambda told: self._does[type(told)](told), self._reports.again, flow.again
        )

    def _device_pages(self, workshop: w.DeviceWorkshop, gear: Gear) -> DeviceDesk:
        flow = self._flow
        pages = DeviceDesk(self.core, self._people, workshop, flow.printing.pages, gear.pedals)
        pages.others = self._small.test
        pages.printing = {
            "use": flow.moving.choose,
            "roll": flow.moving.new_roll,
            "codes": flow.printing.print_codes,
        }
        return pages

    def _own_pages(self, gear: Gear) -> OwnPages:
        flow, keep = self._flow, self._keeper(gear)
        printers = flow.printing.printers
        return OwnPages(self.core, gear.books, flow.documents, printers, keep, flow.rater)

    @staticmethod
    def _keeper(gear: Gear) -> Callable[[bytes, int], None]:
        """What keeps bytes for so many days."""

        def kept(data: bytes, days: int) -> None:
            gear.keep(data, days)  # filled later

        return kept

    def _asked_before(self, flow: Flow, own: OwnPages) -> None:
        """Who is asked before a weight is taken, an order stops, a parcel closes."""
        self._reports.waits = own.materials.blocks
        self._reports.cures = flow.curing.cures
        flow.curing.again = self._reports.look_again
        self._scans.closing = flow.closing.close
        own.hand.calendars = lambda: flow.site.known.calendars
        own.hand.want = flow.site.ready

    def _filming(self, gear: Gear) -> Filming:
        """Films, which a supervisor switches; and where pictures of products lie."""
        films = Filming(self.core, gear.filmer, gear.evidence, gear.settled)
        self.core.portraits = gear.portraits
        self._people.switched = films.switched
        return films

    def _measures(self) -> Measuring:
        """The page that takes scans and weights before any order does."""
        measuring = Measuring(self.core)
        self._scans.measured, self._modes.measure = measuring.scanned, measuring.begin
        self._modes.forget = measuring.forget
        return measuring

    def _hands(self) -> Does:
        """What a person does."""
        return {
            p.CodeScanned: self._scans.scanned,
            ScannerLearned: lambda told: self._small.taught(told.lesson),
            p.CommandGiven: lambda given: self._commands.command(given.command, given.argument),
            p.TextEntered: self._entered,
            p.ChoiceMade: self._commands.choice,
            p.AnswerGiven: self._commands.answer,
            SignatureDrawn: self._own.handover.drawn,
        }

    def _reported(self) -> Does:
        """What devices, the syncer and the clock report."""
        return {
            p.ScaleRead: self._said(self._weighed),
            p.SizeMeasured: self._said(self._sized),
            p.CodesSeen: self._looking.seen,
            p.DeviceHealth: self._said(self._reports.health),
            p.DeviceSeen: self._said(self._reports.seen),
            p.PrintProgress: self._said(self._printed),
            p.PrinterTold: self._reports.printer_told,
            p.PrinterQueue: self._reports.printer_queue,
            p.SyncChanged: self._synced,
            p.ClaimsAnswered: self._modes.claims.answered,
            p.CursorMoved: self._cursor,
            p.JournalSecured: self._reports.secured,
            p.NumbersLeased: self._reports.leased,
            p.RowsPulled: self._rows,
            p.Ticked: self._tick,
            p.WorkFailed: self._work_failed,
        }

    def _done(self, flow: Flow, placing: Placing) -> Does:
        """What work in the background came to."""
        return {
            Rated: flow.rated,
            LabelReplied: flow.labelling.replied,
            CustomsLooked: flow.customs.looked,
            PapersTried: flow.trial.tried,
            RulesRead: lambda _: flow.rules_read(),
            CloseLooked: flow.closing.looked,
            CureLooked: flow.curing.looked,
            RulesWanted: lambda _: flow.wanted(),
            VoidReplied: flow.labelling.void_replied,
            Checked: flow.labelling.checkpoint.checked,
            PaperMade: flow.printing.made,
            LetterheadsRead: lambda _: flow.printing.letterheads_read(),
            TariffsRead: lambda _: flow.tariffs.read(),
            ChoiceRead: lambda _: flow.site.read(),
            Placed: placing.placed,
            PreviewMade: flow.printing.pages.made,
            TestLabelMade: flow.printing.test_label_made,
            PinChecked: self._people.pin_checked,
            GoodsMade: self._own.goods.made,
            GoodsSeen: self._own.goods.seen,
            HandoverMade: self._own.papers.made,
            ConsignmentPriced: self._own.consignment.priced,
            w.DeviceSaved: self._pages.saved,
            PortraitTaken: self._measuring.pictured,
            PhotoMade: self._photos.made,
            FilmMade: self._films.made,
            FilmStood: self._films.stood,
            EvidenceMoved: self._films.moved,
            **dict.fromkeys(_FOUND, self._pages.adding.handle),
        }

    def start(self) -> None:
        """Recover the open parcel and show it."""
        self.core.recover()
        self.core.desk.active_ns = self.core.clock.mono_ns()
        self._own.recover()
        self._flow.recover()
        self._pages.checks.recover()
        self._modes.recover()
        self._films.recover()
        self._reports.look_again()
        self._flow.customs.look_again()
        self._reports.want_numbers()
        self._show()

    def handle(self, happening: p.Happening) -> None:
        """Take one happening; whatever goes wrong, the packer sees it and nothing is lost."""
        does = self._does.get(type(happening))
        if does is None or self._stopped:
            return
        if isinstance(happening, _HANDS):
            self.core.desk.active_ns = self.core.clock.mono_ns()
        try:
            does(happening)
        except StorageError as exc:
            log.exception("storage")
            self._unsaved.keep(happening)
            self._fault("hold.storage", exc)
        except Exception as exc:  # noqa: BLE001 - a bug must not leave the packer a frozen screen
            log.error("not done: %s", place_of(exc))  # noqa: TRY400 - see place_of
            self._fault("hold.trouble", exc)
        self._pages.closed()
        self._commands.items.capturing.again()
        self._own.goods.look()
        self._show()

    def sign_out(self, cause: str) -> None:
        """Leave the bench; the journal keeps everything."""
        self._people.sign_out(cause)
        self._show()

    def stop(self) -> None:
        """From now on nothing is taken: the journal is about to be closed."""
        self._stopped = True
        self._pages.adding.stop()

    def _fault(self, key: str, exc: Exception) -> None:
        known = exc.key if isinstance(exc, PackstationError) else PackstationError.key
        self.core.desk.alert = AlertView(
            kind="hold",
            headline=Words(key),
            todo=Words(f"{key}.todo"),
            facts=((Words("hold.support"), known),),
            answers=(OK,),
            sound="order_stopped",
            serial=self.core.desk.serial + 1,
        )

    def _send(self) -> None:
        """Log and syncer hear of new facts once the packer sees them."""
        facts = self.core.take_untold()
        if not facts:
            return
        for fact in facts:
            log.info("fact %s", type(fact).__name__)
        urgent = any(type(fact).__name__.startswith(_URGENT) for fact in facts)
        self.core.sync.wake(urgent=urgent)
        self._reports.want_numbers()

    def _cursor(self, report: p.CursorMoved) -> None:
        """Rows that waited for our facts are let in: they may be what a held order waits for."""
        self._reports.cursor(report)
        self._flow.customs.let_in()
        self._own.hand.parcels.let_in()

    def _synced(self, report: p.SyncChanged) -> None:
        self._modes.claims.connected(report)
        self._reports.sync(report)

    def _rows(self, report: p.RowsPulled) -> None:
        self._reports.rows(report)
        self._flow.customs.rows(report)
        self._flow.printing.rows(report)
        self._flow.tariffs.rows(report)
        self._flow.site.rows(report)
        self._modes.rows(report)
        self._own.hand.rows(report)

    def _switch_film(self, _: str) -> None:
        """Filming goes on or off by a supervisor's badge and PIN."""
        self._people.wish_film()
        self._commands.command("supervisor")

    def _weighed(self, report: p.ScaleRead) -> None:
        if not (self._measuring.weighed(report) or self._own.weighed(report)):
            self._reports.scale(report)

    def _sized(self, report: p.SizeMeasured) -> None:
        if not self._measuring.sized(report):
            self._reports.size(report)

    def _entered(self, entry: p.TextEntered) -> None:
        if not self._measuring.entered(entry):
            self._commands.entered(entry)

    def _printed(self, report: p.PrintProgress) -> None:
        self._flow.printing.progress(report)
        self._reports.printing(report)

    def _work_failed(self, failed: p.WorkFailed) -> None:
        self._fault("hold.trouble", PackstationError(cause=failed.cause))

    def _said(self, report: Callable[[Any], None]) -> Callable[[Any], None]:
        """A device on trial speaks to the page that tries it, all others to the bench too."""

        def said(happening: p.Happening) -> None:
            if not self._pages.report(happening):
                report(happening)

        return said

    def _tick(self, _: p.Ticked) -> None:
        """Ages and clocks move on; an idle bench locks and keeps its parcel."""
        self._unsaved.again()
        self._pages.tick()
        self._films.tick()
        self._flow.labelling.ask_again()
        self._modes.claims.tick()
        desk = self.core.desk
        if desk.person is not None and self.core.clock.mono_ns() - desk.active_ns > IDLE_LOCK_NS:
            desk.locked = True

    def _show(self) -> None:
        self.core.desk.serial += 1
        self._small.tidy()
        try:
            self._publish(self._view())
        finally:
            self._small.light(self._last)
            # Even where a screen fails: what was committed is the log's and the server's.
            self._send()
        self.core.desk.earcon = ""
        told = status(self.core)
        if told != self._told:
            self._told = told
            self.core.sync.report(told)

    def _view(self) -> StationView:
        """What is there now; where the cache cannot be read, the last view with the fault on it."""
        try:
            built = build(self.core, self._pages, self._own)
            self._last = replace(built, filming=self._films.sign())
            if self._measuring.open:
                self._last = replace(self._last, page_rows=self._measuring.view())
            if self._last.screen is Screen.TEST_CARD:
                self._last = replace(self._last, card=self._small.card.view())
        except StorageError as exc:
            log.exception("storage")
            self._fault("hold.storage", exc)
            return replace(self._last, serial=self.core.desk.serial, alert=self.core.desk.alert)
        return self._last


def status(core: Core) -> dict[str, object]:
    """What the floor page shows of this bench: badge, order, step, devices, numbers left."""
    session = core.session
    return {
        "person": core.actor,
        "order": session.order_id if session.live else "",
        "step": str(session.state),
        "devices": [
            {"kind": d.info.kind, "state": str(d.state), "cause": d.cause}
            for d in core.desk.devices.values()
        ],
        "waiting": core.desk.waiting,
        "labels_left": sync(core).labels_left,
    }
