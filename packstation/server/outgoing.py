"""Requests that the server sends to what its people named: carriers, labels' files, gates.

All of them go by ``carriers.adapters.reach`` (a name resolved once, private addresses refused, the
judged address connected to) and by clients that follow no redirection, with caps of time and bytes.
Karrio's workers have hosts of their own (``carriers.live.outgoing``).
"""

from __future__ import annotations

import ssl
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

import httpx

from packstation.carriers.adapters.reach import ALLOWED, LOOPBACK, Reach, reach_of, transport
from packstation.carriers.adapters.wire import Wire
from packstation.domain.carriers import CarrierGateway
from packstation.domain.errors import InputInvalid, SettingsError

SETTING: Final = "PACKSTATION_OUTGOING"


def reach_from(setting: str) -> Reach:
    """What PACKSTATION_OUTGOING allows besides public addresses.

    Raises:
        SettingsError: a word that names nothing.
    """
    try:
        return reach_of(setting)
    except ValueError as exc:
        raise SettingsError(
            name=SETTING, value=str(exc), allowed="names, addresses, networks (10.1.0.0/16)"
        ) from exc


def keep_to(gateway: CarrierGateway, reach: Reach) -> None:
    """Let an adapter go no further; each holds its connections as a ``Wire``."""
    for held in vars(gateway).values():
        if isinstance(held, Wire):
            held.keep_to(reach)


def judge_url(reach: Reach, url: str) -> None:
    """Refuse an address that is out of reach as it is written; a name is judged when it is used.

    Raises:
        InputInvalid: field ``base_url``.
    """
    host = _host(url)
    if host and reach.refuses(host):
        raise InputInvalid(path="base_url", value=host, allowed=ALLOWED)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # a bracket without its other: judged elsewhere
        return ""


def post(
    url: str,
    content: bytes,
    *,
    headers: dict[str, str],
    reach: Reach,
    timeout_s: float,
    most: int,
) -> httpx.Response:
    """One POST to a URL that an operator named; the answer is read whole, ``most`` bytes of it.

    Raises:
        httpx.HTTPError: no answer in time, out of reach, or a longer one.
    """
    end = monotonic() + timeout_s
    made = transport(ssl.create_default_context(), lambda: reach)
    with (
        httpx.Client(transport=made, timeout=timeout_s, follow_redirects=False) as client,
        client.stream("POST", url, content=content, headers=headers) as answer,
    ):
        parts, left = [], most
        for part in answer.iter_bytes(4096):
            left -= len(part)
            if left < 0 or monotonic() > end:
                raise httpx.ReadError(f"more than {most} bytes, or {timeout_s} s")
            parts.append(part)
        # Without its headers of length and packing: what is here is unpacked.
        return httpx.Response(answer.status_code, content=b"".join(parts), request=answer.request)


__all__ = ["LOOPBACK", "Reach", "judge_url", "keep_to", "post", "reach_from"]
