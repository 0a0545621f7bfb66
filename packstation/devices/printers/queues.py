"""Addresses of queues: ``cups:QUEUE``, ``ipp[s]://host[:port]/path``, ``spool:NAME`` (Windows)."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Final

from packstation.devices.printers.spooling import (
    QueueFacts,
    QueueRefused,
    QueueUnreachable,
    Spooler,
)
from packstation.domain.errors import SettingsError

if TYPE_CHECKING:
    from packstation.devices.printers.ipp.wire import WireTiming

SCHEMES: Final = ("cups:", "ipp:", "ipps:", "spool:")
ALLOWED: Final = "cups:QUEUE, ipp[s]://host[:port]/path or spool:NAME"


def is_queue(address: str) -> bool:
    """Whether the address is of a queue rather than of a port."""
    return address.startswith(SCHEMES)


def spooler_of(address: str, timing: WireTiming | None = None) -> Spooler:
    """The queue of that address, which need not be there yet; `SettingsError` for none."""
    if address.startswith("spool:"):
        from packstation.devices.printers.windows import WindowsSpooler

        name = address.removeprefix("spool:").strip()
        if not name or platform.system() != "Windows":
            # A queue of this system has another address.
            raise SettingsError(name="address", value=address, allowed=ALLOWED)
        return WindowsSpooler(name)
    if not is_queue(address):
        raise SettingsError(name="address", value=address, allowed=ALLOWED)
    # HTTP takes a while to load, and a first paint needs none.
    from packstation.devices.printers.ipp.spooler import IppSpooler
    from packstation.devices.printers.ipp.wire import endpoint

    return IppSpooler(endpoint(address), timing)


def queues() -> list[dict[str, object]]:
    """The queues of this machine as rows of ``devices list``."""
    if platform.system() == "Windows":
        from packstation.devices.printers.windows import list_printers

        return list_printers()
    from packstation.devices.printers.ipp.spooler import list_queues

    return list_queues()


def facts_of(address: str) -> QueueFacts:
    """How a queue is, for somebody who waits for the answer; nothing is printed."""
    from packstation.devices.printers.ipp.wire import WireTiming

    return spooler_of(address, WireTiming(connect_s=2.0, answer_s=5.0)).facts()


def identify_queue(address: str) -> dict[str, object]:
    """What a queue says of itself, as ``devices identify`` shows it; nothing is printed."""
    try:
        facts = facts_of(address)
    except (QueueUnreachable, QueueRefused) as failure:
        return {"port": address, "found": False, "cause": failure.cause}
    return {
        "port": address,
        "found": True,
        "kind": "papers" if facts.formats else "label",
        "model": "spool" if facts.formats else "",
        "identity": facts.model,
        "baud": None,
        "state": str(facts.state),
        "accepting": facts.accepting,
        "reasons": ",".join(facts.reasons),
        "message": facts.message,
        "cause": facts.trouble,
        "proves": "idle" if facts.first_hand else "accepted",
    }
