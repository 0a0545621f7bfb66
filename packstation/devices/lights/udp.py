"""A light that takes datagrams, as a port: ``udp://host:port``."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from typing import Final

from packstation.devices.ports import Port, socket_port
from packstation.domain.errors import SettingsError

_UDP: Final = re.compile(r"udp://(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/\s\[\]]+):(?P<port>\d{1,5})")


def is_udp(address: str) -> bool:
    """Whether the address is one of these."""
    return address.startswith("udp:")


def udp_opener(address: str) -> Callable[[], Port]:
    """What opens the address; `SettingsError` for one that is none."""
    found = _UDP.fullmatch(address)
    if found is None or not 0 < int(found["port"]) < 65536:
        raise SettingsError(name="address", value=address, allowed="udp://host:port")
    host, port = found["host"].strip("[]"), int(found["port"])

    def open_port() -> Port:
        family, kind, proto, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        made = socket.socket(family, kind, proto)
        try:
            made.connect(where)
        except OSError:
            made.close()
            raise
        return socket_port(made)

    return open_port
