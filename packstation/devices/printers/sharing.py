"""What a device's row says of a printer that several benches use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from packstation.devices.printers.borrowed import BorrowConfig
from packstation.devices.printers.shared import ShareConfig
from packstation.domain.errors import SettingsError

SCHEME: Final = "bench://"
_WHERE: Final = re.compile(r"bench://(\[[0-9a-fA-F:.]+\]|[^\s/:\[\]]+):([0-9]{1,5})/?")
_LEAST_KEY: Final = 16
_MOST_KEY: Final = 4096


def share_of(row: str, settings: Mapping[str, object], bench: str, lies: str) -> ShareConfig | None:
    """How the owner shares its printer; None where it does not.

    ``share_port``, ``share_benches``, ``share_key_file`` and, for one network only,
    ``share_host``. Raises SettingsError.
    """
    port = settings.get("share_port")
    if port is None:
        return None
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= 65535:
        raise SettingsError(name=f"{row}.share_port", value=port, allowed="0 to 65535")
    benches = settings.get("share_benches")
    if not isinstance(benches, list | tuple) or not benches or bench in benches:
        allowed = f"names of other benches than {bench!r}"
        raise SettingsError(name=f"{row}.share_benches", value=benches, allowed=allowed)
    return ShareConfig(
        bench=bench,
        host=str(settings.get("share_host", "")),
        port=port,
        benches=tuple(str(one) for one in benches),
        key=key_of(row, settings),
        lies=lies,
        one_way=settings.get("status", True) is False,
    )


def borrow_of(
    row: str, address: str, settings: Mapping[str, object], bench: str, lies: str
) -> BorrowConfig:
    """How a printer of another bench is reached; raises SettingsError."""
    found = _WHERE.fullmatch(address)
    port = int(found[2]) if found else 0
    if found is None or not 0 < port <= 65535:
        raise SettingsError(name=f"{row}.address", value=address, allowed="bench://host:port")
    key = key_of(row, settings)
    return BorrowConfig(bench=bench, host=found[1].strip("[]"), port=port, key=key, lies=lies)


def key_of(row: str, settings: Mapping[str, object]) -> bytes:
    """The key that both benches hold: a file of at least 16 bytes, of which nothing is said."""
    name = settings.get("share_key_file", "")
    allowed = f"a file that holds {_LEAST_KEY} bytes or more"
    try:
        key = Path(str(name)).read_bytes().strip() if name else b""
    except OSError as exc:
        wanted = f"{allowed} ({exc.strerror})"
        raise SettingsError(name=f"{row}.share_key_file", value=str(name), allowed=wanted) from exc
    if not _LEAST_KEY <= len(key) <= _MOST_KEY:
        raise SettingsError(name=f"{row}.share_key_file", value=str(name), allowed=allowed)
    return key
