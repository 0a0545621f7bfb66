"""Which devices hang on this machine's ports, for first start; asked by safe questions only.

A port is listened to, asked as `devices.discovery.identify` does (printers before a letter is
sent), then asked as an unknown scale is (`devices.probing`). A USB serial port that stays silent
to all of it is taken for a scanner; one that speaks like a scale never is.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.devices.discovery import BAUDS, identify, list_ports
from packstation.devices.hid import list_scales, list_scanners
from packstation.devices.opening import LineSettings, opener
from packstation.devices.ports import LINK_ERRORS
from packstation.devices.probing import LINES, ProbeTiming, ScaleProbe
from packstation.domain.recognition import Finding, Recognition
from packstation.station.first_start import Found
from packstation.station.ports import Happening
from packstation.station.workshop import ProbeEnded


class FindTiming(Struct, frozen=True):
    """Seconds: for a port in all; to hear whether it speaks unasked; for an answer to a name.

    All ports are asked at the same time, so ``port_s`` is also how long a search takes.
    """

    port_s: float = 40.0
    hear_s: float = 0.5
    answer_s: float = 0.4
    scale: ProbeTiming = ProbeTiming(listen_s=0.1, longer_s=0.1, answer_s=0.25)
    stream: ProbeTiming = ProbeTiming()


# Of each of these a bench has one; of others as many as there are.
_ONE: Final = frozenset({"scale", "dimensioner"})
# What a scale is asked at where nothing speaks: the settings most of them are sold with.
_ASKED: Final = LINES[:3]
_HID: Final = "hid-pos"


class _Port(Struct, frozen=True):
    """An address; ``bare`` a USB serial port, which a scanner may hang on."""

    address: str
    bare: bool = False
    serial: bool = True


def find(
    extra: Sequence[str], alive: Callable[[], bool], timing: FindTiming | None = None
) -> tuple[Found, ...]:
    """What answers, here and at ``extra`` addresses; blocking, until ``alive`` is False.

    The first of a kind is called by its kind, the next ones ``scanner-2`` and so on.
    """
    times = timing or FindTiming()
    ports = [*_ports(list_ports()), *(_Port(one, serial=False) for one in extra)]
    # Each port is a device of its own: a silent one must not keep the others waiting.
    with ThreadPoolExecutor(max(1, len(ports)), thread_name_prefix="find") as hands:
        asked = hands.map(lambda port: _asked(port, alive, times), ports)
        return named((*_hid(), *(one for one in asked if one is not None)))


def named(found: Sequence[Found]) -> tuple[Found, ...]:
    """Each with an id of its own; no second scale, and nothing at an address twice."""
    kept: list[Found] = []
    for device in found:
        before = [one for one in kept if one.kind == device.kind]
        here = any(one.address == device.address for one in kept)
        if here or (before and device.kind in _ONE):
            continue
        kept.append(replace(device, id=f"{device.kind}-{len(before) + 1}") if before else device)
    return tuple(kept)


def _hid() -> Iterator[Found]:
    """They say themselves what they are."""
    for kind, rows in (("scale", list_scales()), ("scanner", list_scanners())):
        for row in rows:
            if not row.get("cause"):
                address = str(row["address"])
                yield Found(kind, _HID, address, f"{row['description'] or _HID} · {address}")


def _ports(rows: Sequence[Mapping[str, object]]) -> Iterator[_Port]:
    told = {str(row["address"]) for row in (*list_scales(), *list_scanners())}
    for row in rows:
        address, kind = str(row["address"]), str(row.get("kind", ""))
        if address not in told and kind != "camera":
            yield _Port(address, bare=not kind and row["vid"] is not None, serial=not kind)


def _asked(port: _Port, alive: Callable[[], bool], times: FindTiming) -> Found | None:
    until = time.monotonic() + times.port_s

    def going() -> bool:
        return alive() and time.monotonic() < until

    if not port.serial:
        return _device(identify(port.address, bauds=BAUDS[:1]))
    heard = _speaks(port.address, times.hear_s)
    if heard is None:
        return None
    # A port of the mainboard is there whether or not anything is on it: asked for names only, at
    # two speeds.
    bauds = BAUDS[:1] if heard else BAUDS if port.bare else BAUDS[:2]
    for baud in bauds:
        answer = identify(port.address, answer_s=times.answer_s, bauds=(baud,)) if going() else {}
        if device := _device(answer):
            return device
        heard = heard or answer.get("cause") == "device.speaks"
        if answer.get("cause") not in {"device.speaks", "device.unknown"}:
            return None
    if not port.bare and not heard:
        return None
    return _scale_or_scanner(port, until, times, alive, heard=heard)


def _scale_or_scanner(
    port: _Port, until: float, times: FindTiming, alive: Callable[[], bool], *, heard: bool
) -> Found | None:
    lines, timing = (LINES, times.stream) if heard else (_ASKED, times.scale)
    spoken = _recognised(port.address, lines, timing, until, alive)
    first = spoken.first if spoken is not None else None
    if first is not None and spoken is not None and spoken.finding is Finding.FOUND:
        line = {"baud": first.baud, "bytesize": first.bytesize, "parity": first.parity}
        detail = f"{first.model} · {port.address}"
        return Found("scale", first.model, port.address, detail, options=line)
    # What no known weight has told apart is found by "Add a device"; a scanner it is not.
    silent = spoken is not None and first is None and not heard
    return Found("scanner", "serial", port.address, port.address) if port.bare and silent else None


def _device(answer: Mapping[str, object]) -> Found | None:
    """What was identified; a queue or a printer whose language is not known cannot be opened."""
    model = str(answer.get("model", ""))
    if not answer.get("found") or not model:
        return None
    address, baud = str(answer["port"]), answer.get("baud")
    line = {} if baud is None else {"baud": baud}
    return Found(str(answer["kind"]), model, address, f"{model} · {address}", options=line)


def _speaks(address: str, seconds: float) -> bool | None:
    """Whether something comes unasked; None where the port does not open."""
    try:
        port = opener(address, LineSettings())()
    except LINK_ERRORS:
        return None
    until = time.monotonic() + seconds
    try:
        while (left := until - time.monotonic()) > 0:
            if port.receive(left):
                return True
    except LINK_ERRORS:
        return None
    finally:
        port.close()
    return False


def _recognised(
    address: str,
    lines: Sequence[LineSettings],
    timing: ProbeTiming,
    until: float,
    alive: Callable[[], bool],
) -> Recognition | None:
    """What a scale there speaks; None where that did not come to its end."""
    heard: queue.SimpleQueue[Happening] = queue.SimpleQueue()
    probe = ScaleProbe(address, heard.put, timing=timing, lines=lines)
    try:
        while alive() and (left := until - time.monotonic()) > 0:
            try:
                happening = heard.get(timeout=min(left, 1.0))
            except queue.Empty:
                continue
            if isinstance(happening, ProbeEnded):
                return None if happening.cause else happening.recognition
    finally:
        probe.close()
    return None
