"""USB lights of many makers through busylight-core, imported when one is opened.

That library finds lamps, knows their reports and keeps those alive that go dark by
themselves. Here it gets a thread, a colour, and a look every few seconds whether the lamp is
still there.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

from packstation.devices.health import Reporter
from packstation.devices.leaving import joined
from packstation.devices.lights.colours import colour_of
from packstation.devices.lights.lamp import REFRESH_S, Moods

_LOG = logging.getLogger(__name__)

RETRY_S: Final = 2.0
_JOIN_S: Final = 3.0


class UsbLamp(Protocol):
    """The part of a light of busylight-core that is used."""

    def on(self, color: tuple[int, int, int]) -> None: ...
    def off(self) -> None: ...
    def release(self) -> None: ...


FindLamps = Callable[[str], Sequence[UsbLamp]]
# What every lamp answers to.
ANY: Final = frozenset({"", "usb"})


class Plugged(Protocol):
    """What a lamp's plug tells (busylight-core's ``Hardware``); some tell no serial number."""

    @property
    def vendor_id(self) -> int: ...
    @property
    def product_id(self) -> int: ...
    @property
    def serial_number(self) -> str: ...
    @property
    def path(self) -> bytes: ...


def answers_to(plug: Plugged, address: str) -> bool:
    """Whether an address means that lamp: ``usb``, ``usb:VID:PID[:SERIAL]``, or its path."""
    if address in ANY or address == plug.path.decode(errors="replace"):
        return True
    scheme, _, told = address.partition(":")
    vid, _, rest = told.partition(":")
    pid, _, serial = rest.partition(":")
    if scheme != "usb" or f"{plug.vendor_id:04x}:{plug.product_id:04x}" != f"{vid}:{pid}".lower():
        return False
    return not serial or serial == plug.serial_number


def system_lamps(address: str) -> Sequence[UsbLamp]:
    """The lamps that answer to it; taken for ourselves alone, the others are left alone."""
    from busylight_core import Light

    lamps: Sequence[UsbLamp] = Light.all_lights(predicate=lambda plug: answers_to(plug, address))
    return lamps


def usb_lamp_trouble() -> str:
    """Why no lamp could be opened, as the key of a cause; "" where one can. It stays as it is."""
    from busylight_core import Light

    found = [one for hardware in Light.available_hardware().values() for one in hardware]
    if not found:
        return "port.missing"
    # Names that are no files, as of other systems, are nobody's to deny.
    paths = [Path(os.fsdecode(one.path)) for one in found]
    denied = all(path.exists() and not os.access(path, os.R_OK | os.W_OK) for path in paths)
    return "port.denied" if denied else ""


class UsbLight:
    """`packstation.station.gear.Light` over the first lamp found; its own thread."""

    def __init__(
        self,
        reporter: Reporter,
        find: Callable[[], Sequence[UsbLamp]],
        *,
        moods: Moods | None = None,
        refresh_s: float = REFRESH_S,
        retry_s: float = RETRY_S,
    ) -> None:
        self._reporter, self._find = reporter, find
        self._moods = moods or Moods()
        self._refresh_s, self._retry_s = refresh_s, retry_s
        self._change = threading.Event()
        self._closing = threading.Event()
        self._was_open = False
        self._thread = threading.Thread(target=self._run, name="light", daemon=True)
        self._thread.start()

    def show(self, mood: str) -> None:
        """Show a mood; the last one counts."""
        self._moods.set(mood)
        self._change.set()

    def test(self) -> None:
        """Go through all colours once."""
        self._moods.tour()
        self._change.set()

    def retry_now(self) -> None:
        """It may be plugged in again."""
        self._change.set()

    def end(self) -> None:
        """Let it go dark and be given back; returns at once."""
        self._reporter.hush()
        self._closing.set()
        self._change.set()

    def join(self, timeout: float) -> bool:
        """Wait until it is given back, seconds."""
        return joined(self._thread, timeout)

    def close(self) -> None:
        """Dark, and given back."""
        self.end()
        self.join(_JOIN_S)
        self._reporter.mute()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._shine()
            except Exception as failure:  # noqa: BLE001 - whatever the library says of a cable
                if isinstance(failure, TypeError | AttributeError | NameError):
                    _LOG.exception("a bug")
                lost = failure if isinstance(failure, OSError) else _gone(repr(failure))
                self._reporter.lost(lost, was_open=self._was_open)
                self._wait(self._retry_s)

    def _shine(self) -> None:
        lamp = self._lamp()
        self._was_open = True
        self._reporter.well()
        try:
            while not self._closing.is_set():
                mood, patience = self._moods.next(self._refresh_s)
                lamp.on(colour_of(mood).rgb)
                self._wait(patience)
        finally:
            try:
                lamp.off()
            finally:
                lamp.release()

    def _lamp(self) -> UsbLamp:
        lamps = self._find()
        if not lamps:
            raise _gone()
        for other in lamps[1:]:
            other.release()
        return lamps[0]

    def _wait(self, seconds: float) -> None:
        self._change.wait(seconds)
        self._change.clear()


def _gone(why: str = "") -> OSError:
    return OSError(errno.ENOENT, why or os.strerror(errno.ENOENT), "light")
