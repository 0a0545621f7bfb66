"""The bench with its window: first start where it is due, then the station."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from packstation.bootstrap.interpreter import resume
from packstation.bootstrap.keyboards import pedals_of, wedge_of
from packstation.bootstrap.station import Connect, OpenStation, Setup, no_server, open_station
from packstation.bootstrap.work import Pool
from packstation.client.enrolment import enrolment_of
from packstation.devices.bench import DeviceConfig
from packstation.devices.leaving import CLOSE_S, Leaving
from packstation.devices.printers.rows import bench_printers
from packstation.devices.rows import check_rows
from packstation.domain.printers import RouteRow
from packstation.settings.sections import DeviceSection, PrintSection, Settings
from packstation.settings.sources import Places
from packstation.station.claim_ports import ClaimRules
from packstation.station.ports import CodeScanned, Happening, PersonRow, Ticked
from packstation.station.testcard import ScannerLearned
from packstation.station.views import PersonView, StationView
from packstation.ui.app import listen, make_application, make_stages, run
from packstation.ui.bridge import Bridge
from packstation.ui.main_window import MainWindow
from packstation.ui.sounds import Player
from packstation.ui.wedge import WedgeFilter

if TYPE_CHECKING:
    from packstation.bootstrap.training import JournalLearning
    from packstation.bootstrap.training_window import Training
    from packstation.station.first_start import FirstStart, Found


class Bench:
    """Window, bridge, and whoever handles what happens: first start or the station."""

    def __init__(
        self, settings: Settings, station: str, places: Places, player: Player | None = None
    ) -> None:
        self._settings, self._station, self._places = settings, station, places
        language = settings.station.language
        self._app = make_application(language=language)
        self.window = MainWindow(make_stages(), player)
        self.bridge = Bridge()
        self.window.happened.connect(self._given)
        self._training: Training | None = None
        self._open: OpenStation | None = None
        self._filter: WedgeFilter | None = None
        self._close_first: Callable[[], None] = lambda: None
        self._first: FirstStart | None = None
        self._leaving = Leaving()

    def _given(self, happening: Happening) -> None:
        """What a person does goes to the training room while it is open."""
        (self._training or self).bridge.post(happening)

    def run(self, *, full_screen: bool, training: bool = False) -> int:
        """Until the window is closed; ``training`` opens the training room and no bench."""
        self.window.after_paint(resume)
        if training:
            self.train_alone()
        elif self._settings.devices or enrolment_of(self._settings.station.data):
            self.open_station(self._devices())
        else:
            self.first_start()
        try:
            return run(
                self.window,
                full_screen=full_screen,
                language=self._settings.station.language,
                listener=self.listen(),
            )
        finally:
            self.close()

    def listen(self) -> WedgeFilter:
        """The filter of all keys, once; first start and station tell it what they know."""
        if self._filter is None:
            self._filter = listen(self.window, self._app)
        return self._filter

    def first_start(self, extra: tuple[str, ...] = ()) -> FirstStart:
        """Three steps, then the station."""
        from packstation.bootstrap.first_start import FirstHands
        from packstation.station.first_start import FirstStart

        pool = Pool(self.bridge.post)
        hands = FirstHands(self._settings, self._station, self.bridge.post, extra)
        station = self._settings.station
        person = PersonView(bench=station.name, language=station.language)
        first = FirstStart(hands, pool, person, self.window.show_view, self._finish_first)

        def close() -> None:
            hands.close()
            pool.close(wait=False)

        self._leaving = hands.leaving
        first.wedge = self.listen().wedge
        self._first = first
        self._close_first = close
        self.bridge.connect_to(first.handle)
        server = self._settings.server.url
        first.start(server, enrolled=enrolment_of(station.data) is not None)
        return first

    def _finish_first(self, found: tuple[Found, ...]) -> None:
        from packstation.settings.saving import save

        rows = tuple(_row(device) for device in found)
        self._close_first()
        save({"DEVICES": rows, "STATION_ID": self._station}, self._settings, places=self._places)
        self._settings = replace(self._settings, devices=rows)
        self.open_station(self._devices())
        for lesson in self._first.lessons.values() if self._first else ():
            self.bridge.post(ScannerLearned(lesson))

    def _devices(self) -> tuple[DeviceConfig, ...]:
        rows = tuple(
            DeviceConfig(d.kind, d.model, d.address, d.id, dict(d.options))
            for d in self._settings.devices
        )
        # Further on rows go by their ids: of two with one id the first would be gone.
        check_rows(rows)
        return rows

    def open_station(self, devices: tuple[DeviceConfig, ...]) -> None:
        """The bench itself."""
        station = self._settings.station
        setup = Setup(
            data=station.data,
            station=self._station,
            bench=station.name or self._station[-4:],
            devices=devices,
            prints=route_rows(self._settings.prints),
            customs_keys=self._settings.customs.keys,
            keep=self._keep,
            leaving=self._leaving,
            claiming=ClaimRules(
                self._settings.sync.offline_claim, self._settings.sync.offline_hours
            ),
        )
        connect = _connect(station.data, self._settings)
        listener, wedge, pedals = self.listen(), wedge_of(devices), pedals_of(devices)
        self._open = open_station(setup, self.bridge.post, self._show, connect, wedge, pedals)
        listener.set_devices(wedge, pedals)
        self.bridge.connect_to(self._heard)
        self._open.station.core.train = lambda: self.window.after_paint(self.train)
        self.window.set_cameras(self._open.cameras)
        self.window.after_paint(self._open.begin)

    def _keep(self, devices: Sequence[DeviceConfig]) -> None:
        """Rows as a supervisor has left them, for the next start."""
        from packstation.settings.saving import save

        rows = tuple(
            DeviceSection(row.kind, row.model, row.address, row.id, dict(row.settings))
            for row in devices
        )
        save({"DEVICES": rows}, self._settings, places=self._places)

    # --- training -------------------------------------------------------------------------

    def _show(self, view: StationView) -> None:
        """The bench's own view, unless somebody learns at it."""
        if self._training is None:
            self.window.show_view(view)

    def _heard(self, happening: Happening) -> None:
        """Real devices go on while somebody learns, but nothing real is scanned unseen."""
        if self._open is None or (self._training and isinstance(happening, CodeScanned)):
            return
        self._open.station.handle(happening)

    def train(self) -> None:
        """Into the training room, from a bench on which nothing lies open."""
        from packstation.bootstrap.training import JournalLearning

        if self._open is None or self._training is not None:
            return
        station, orders = self._open.station, self._open.store.orders
        learning = JournalLearning(self._open.store.events, station.core.record)
        badge = station.core.actor
        self._enter(learning, orders.people(), badge)

    def train_alone(self) -> None:
        """Only the room: whoever learns is known to the bench, and its journal keeps the record."""
        from packstation.bootstrap.training import JournalLearning, own_store

        store = own_store(self._settings.station.data, self._station)
        self._close_first = store.close
        self._enter(JournalLearning(store.events), store.orders.people(), "")

    def _enter(self, learning: JournalLearning, people: Sequence[PersonRow], badge: str) -> None:
        from packstation.bootstrap.training_window import Training

        station = self._settings.station
        name = station.name or self._station[-4:]
        self._training = Training(self.window, station.data, name, people, self._left)
        self._training.open(learning, badge)

    def _left(self) -> None:
        """Back from the training room; without a bench that ends the program."""
        training, self._training = self._training, None
        if training is not None:
            training.close()
        if self._open is None:
            self.window.close()
        else:
            self._open.station.handle(Ticked())

    def close(self) -> None:
        """Stop what runs; the journal stays."""
        if self._training is not None:
            self._training.close()
        if self._open is not None:
            self._open.station.sign_out("closed")
            self._open.close()
        else:
            self._close_first()
            self._leaving.join(CLOSE_S)


def _row(found: Found) -> DeviceSection:
    """A device as first start leaves it; a printer whose test label came out needs no other."""
    options = dict(found.options)
    row = DeviceSection(found.kind, found.model, found.address, found.id, options)
    if not found.proven:
        return row
    config = DeviceConfig(found.kind, found.model, found.address, found.id, options)
    return replace(row, options=options | {"confirmed": bench_printers((config,))[0].identity})


def route_rows(prints: tuple[PrintSection, ...]) -> tuple[RouteRow, ...]:
    """Rows ``[[print]]`` of the settings as the domain reads them."""
    return tuple(
        RouteRow(row.document, row.printer, row.stock, row.language, row.backup) for row in prints
    )


def _connect(folder: Path, settings: Settings) -> Connect:
    enrolment = enrolment_of(folder)
    if enrolment is None:
        return no_server
    from packstation.bootstrap.profile import profile_of
    from packstation.bootstrap.server import connect_to

    server = settings.server
    profile = profile_of(settings)
    return connect_to(
        enrolment, folder, ca_file=server.ca_file, proxy=server.proxy, profile=profile
    )
