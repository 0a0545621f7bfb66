"""Which hosts are this machine: what may be spoken to in plain text."""

from __future__ import annotations

import ipaddress


def loopback(host: str) -> bool:
    """Whether a name or address never leaves the machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
