"""Pages that a person opens for themselves, and the bar above the stage, as one set of doors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from packstation.domain.packing import State
from packstation.station.consignment_desk import ConsignmentDesk
from packstation.station.consignment_hand import CHOOSE as WHICH
from packstation.station.consignment_hand import PAGE as CONSIGNMENT
from packstation.station.consignment_hand import ConsignmentHand
from packstation.station.consignment_prints import ConsignmentPrints
from packstation.station.core import Core
from packstation.station.goods_labels import PAGE as GOODS
from packstation.station.goods_labels import GoodsLabels
from packstation.station.handover_desk import HandoverDesk
from packstation.station.handover_hand import CHOOSE, Hand
from packstation.station.handover_hand import PAGE as HANDOVER
from packstation.station.handover_prints import HandoverPrints
from packstation.station.help_desk import PAGE as HELP
from packstation.station.help_desk import Books, HelpDesk
from packstation.station.materials import COLLECT, Materials
from packstation.station.my_settings import PAGE as SETTINGS
from packstation.station.my_settings import MySettings
from packstation.station.ports import (
    ChoiceMade,
    CodeScanned,
    DocumentMaker,
    Printer,
    Rater,
    ScaleRead,
)
from packstation.station.routing import Route, ToCommand, ToPerson
from packstation.station.viewing import consignment as consigning
from packstation.station.viewing import handover as handing
from packstation.station.viewing.frame import commands
from packstation.station.views import CommandView, Screen, StationView, Words

FEET: Final[Mapping[str, tuple[str, ...]]] = {
    SETTINGS: ("person", "help", "back"),
    HELP: ("back",),
    GOODS: ("accept", "manual", "goods-kind", "help", "back"),
}
SCREENS: Final = {
    SETTINGS: Screen.MY_SETTINGS,
    HELP: Screen.HELP,
    GOODS: Screen.GOODS_LABELS,
}


class OwnPages:
    """My settings, help, labels for goods, materials."""

    def __init__(
        self,
        core: Core,
        books: Books,
        documents: DocumentMaker,
        printers: Mapping[str, Printer],
        keep: Callable[[bytes, int], None],
        rater: Rater,
    ) -> None:
        """``keep`` stores the file of a signature for so many days."""
        self._core = core
        self.more: Mapping[str, Callable[[str], None]] = {}
        self.goods = GoodsLabels(core, documents, printers)
        self.papers = HandoverPrints(core, documents, printers)
        self.hand = Hand(core, self.papers)
        self.handover = HandoverDesk(self.hand, keep)
        prints = ConsignmentPrints(core, documents, printers)
        self.cartons = ConsignmentHand(core, prints, self.goods.numbers)
        self.hand.sscc = self.cartons.sscc
        self.consignment = ConsignmentDesk(self.cartons, rater)
        self.materials = Materials(core, self.goods.card)
        core.desk.containers = self.materials.containers
        self.settings = MySettings(core)
        self.help = HelpDesk(core, books, self.materials)

    def recover(self) -> None:
        """After a restart."""
        self.goods.recover()
        self.materials.recover()

    def commands(self) -> Mapping[str, Callable[[str], None]]:
        """Commands of these pages by name; the argument is theirs."""
        return {
            "my-settings": self.settings.open,
            "help": self.help.open,
            "help-type": self.help.typed,
            "help-erase": self.help.erased,
            "goods-labels": self.goods.open,
            "goods-kind": self.goods.next_kind,
            "handover": self.handover.show,
            "consignment": self.consignment.show,
            "done": lambda _: self._done(),
            **self.more,
        }

    def _done(self) -> None:
        """A touch on the bar."""
        self.materials.accept("touch")

    def command(self, name: str) -> bool:
        """Whether a key was for a page that has its own meaning of it."""
        return self.handover.command(name) or self.consignment.command(name)

    def weighed(self, report: ScaleRead) -> bool:
        """Whether a reading is of a bag or pallet."""
        return self.handover.weighed(report) or self.consignment.weighed(report)

    def accept(self) -> bool:
        """Enter: whether it was for one of these."""
        page = self._core.desk.page
        if page in {SETTINGS, HELP}:
            self._core.desk.page = ""
            return True
        return self.goods.accept() or (not page and self.materials.accept())

    def ask(self) -> bool:
        """F2: whether one of these asks for something."""
        return self.goods.ask() or (not self._core.desk.page and self.materials.ask())

    def quantity(self, argument: str) -> bool:
        """Digits and ``*``."""
        return self.goods.quantity(argument)

    def choice(self, choice: ChoiceMade) -> bool:
        """Keys 1-9 or a touched row."""
        doors = (
            self.settings.choice,
            self.help.choice,
            self.goods.choice,
            self.handover.choice,
            self.consignment.choice,
        )
        return any(door(choice) for door in doors)

    def entered(self, kind: str, value: str) -> bool:
        """A field was confirmed."""
        if kind == COLLECT:
            return self.materials.collected(value)
        doors = (self.handover.entered, self.consignment.entered, self.goods.entered)
        return any(door(kind, value) for door in doors)

    def scanned(self, scan: CodeScanned, way: Route) -> bool:
        """A code that answers what is asked for, or fills a page; never a badge or a command."""
        if isinstance(way, ToCommand | ToPerson):
            return False
        entry = self._core.desk.entry
        if entry is not None and entry.kind == COLLECT:
            return self.materials.collected(scan.text)
        if self.handover.scanned(scan, way) or self.goods.scanned(way):
            return True
        return self.consignment.scanned(scan, way)

    def show(self, base: StationView) -> StationView | None:
        """The page that is open; None where none of these is."""
        page = self._core.desk.page
        if page == HANDOVER:
            return self._handing(base)
        if page == CONSIGNMENT:
            return self._consigning(base)
        if page not in SCREENS:
            return None
        view = replace(base, screen=SCREENS[page], commands=commands(*FEET[page]))
        if page == SETTINGS:
            return replace(view, mine=self.settings.view())
        if page == HELP:
            return replace(view, help=self.help.view())
        enter = CommandView("accept", "Enter", Words("labels.do"), coded=False)
        foot = (enter, *view.commands[1:])
        return replace(view, goods=self.goods.view(), commands=foot)

    def _handing(self, base: StationView) -> StationView:
        """The choice of a list is a page of rows, all other steps are a screen."""
        core, hand = self._core, self.hand
        foot = handing.foot(hand)
        if hand.now.step == CHOOSE:
            rows = handing.choice(core, hand)
            return replace(base, screen=Screen.ROWS, page_rows=rows, commands=foot)
        shown = handing.view(core, hand)
        return replace(base, screen=Screen.HANDOVER, handover=shown, commands=foot)

    def _consigning(self, base: StationView) -> StationView:
        """Likewise; the steps share the hand-over's screen."""
        hand = self.cartons
        foot = consigning.foot(hand)
        if hand.now.step == WHICH:
            rows = consigning.choice(hand)
            return replace(base, screen=Screen.ROWS, page_rows=rows, commands=foot)
        shown = consigning.view(hand)
        return replace(base, screen=Screen.CONSIGNMENT, handover=shown, commands=foot)

    def barred(self, view: StationView) -> StationView:
        """With the bar above the stage of an open order."""
        if self._core.session.state is State.HELD or not self._core.session.live:
            return view
        return replace(view, task=self.materials.view())
