"""How far requests of a server may go: to public addresses, and to what its people named.

A URL that an account, a label or a web hook names is somebody's wish, and a name may lead
anywhere: to the machine itself, to its neighbours, to a cloud's metadata (reference/server.md
section 4, SSRF). So a name is resolved once, every address of it is judged, and the connection
goes to the judged address, not to what the name means a moment later. The certificate is checked
against the name.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any, Final

import httpx
from msgspec import Struct

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Iterable[str]]

# Addresses that carry an IPv4 one inside, which a gateway may bring to a private network.
_CARRIES: Final = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")))
ALLOWED: Final = "a public address, or one that PACKSTATION_OUTGOING names"


def resolved(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a name.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


class Reach(Struct, frozen=True):
    """``hosts`` (names as a URL has them) and ``networks`` are gone to besides public addresses."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def judge(self, host: str, addresses: Iterable[str]) -> str:
        """The first of the addresses of a host.

        Raises:
            httpx.ConnectError: one of them is not to be gone to; or there is none.
        """
        found = tuple(addresses)
        if host.lower().strip("[]") not in self.hosts:
            for one in found:
                if not self.goes_to(one):
                    raise httpx.ConnectError(f"{host} is {one}; allowed: {ALLOWED}")
        if not found:
            raise httpx.ConnectError(f"{host} has no address")
        return found[0]

    def goes_to(self, address: str) -> bool:
        """Whether an address is public or named."""
        try:
            at = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return _public(at) or any(at in one for one in self.networks if one.version == at.version)

    def refuses(self, host: str) -> bool:
        """Whether a host is known to be out of reach without a look at its name's addresses."""
        name = host.lower().strip("[]")
        if name in self.hosts:
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            local = name == "localhost" or name.endswith(".localhost")
            return local and not self.goes_to("127.0.0.1")
        return not self.goes_to(name)


def _public(at: Address) -> bool:
    if isinstance(at, ipaddress.IPv6Address):
        if at.ipv4_mapped is not None:
            return _public(at.ipv4_mapped)
        if any(at in one for one in _CARRIES):
            return False
    return at.is_global and not at.is_multicast and not at.is_reserved


# This machine's own servers too: what tests and the demo stand up.
LOOPBACK: Final = Reach(networks=tuple(map(ipaddress.ip_network, ("127.0.0.0/8", "::1/128"))))
PUBLIC: Final = Reach()


def reach_of(setting: str) -> Reach:
    """What PACKSTATION_OUTGOING names: hosts, addresses and networks, separated by blanks.

    Raises:
        ValueError: a word that is none; ``args[0]`` is it.
    """
    hosts: set[str] = set()
    networks: list[Network] = []
    for word in setting.lower().split():
        try:
            networks.append(ipaddress.ip_network(word.strip("[]")))
        except ValueError:
            if "/" in word or ":" in word or not word.isascii():
                raise ValueError(word) from None
            hosts.add(word)
    return Reach(frozenset(hosts), tuple(networks))


class _Judged:
    """A pool's way to the network, by which nothing out of reach is connected to."""

    def __init__(self, inner: Any, reach: Callable[[], Reach], resolve: Resolve) -> None:  # noqa: ANN401 - httpcore's own
        self._inner, self._reach, self._resolve = inner, reach, resolve

    def connect_tcp(self, host: str, port: int, **more: Any) -> Any:  # noqa: ANN401
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as exc:
            raise httpx.ConnectError(f"{host}: {exc}") from exc
        return self._inner.connect_tcp(self._reach().judge(host, addresses), port, **more)

    def connect_unix_socket(self, path: str, **_: Any) -> Any:  # noqa: ANN401
        raise httpx.ConnectError(f"{path}; allowed: {ALLOWED}")

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


def transport(
    context: ssl.SSLContext, reach: Callable[[], Reach], resolve: Resolve = resolved
) -> httpx.HTTPTransport:
    """A transport that keeps within ``reach()``, asked at each new connection."""
    made = httpx.HTTPTransport(verify=context, trust_env=False)
    pool: Any = made._pool  # noqa: SLF001 - httpx has no way to name a pool's network
    pool._network_backend = _Judged(pool._network_backend, reach, resolve)  # noqa: SLF001
    return made
