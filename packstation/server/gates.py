"""The seam to marketplaces that judge what benches give of single units; only the server asks."""

from __future__ import annotations

import re
from typing import Final, Protocol
from urllib.parse import SplitResult, urlsplit

import msgspec
from msgspec import Struct

from packstation.domain.errors import SettingsError

TIMEOUT_S: Final = 10.0
NOT_YET: Final = frozenset({202, 204})
LONGEST_REASON: Final = 300
LONGEST_ANSWER: Final = 64 * 1024
ALLOWED: Final = "none, sandbox, https://HOST/PATH (http:// on this machine only)"


class Asked(Struct, frozen=True, kw_only=True):
    """A value of a unit of an order."""

    order: str
    sku: str
    kind: str
    value: str


class Verdict(Struct, frozen=True, kw_only=True):
    """Accepted, or refused with a reason for people."""

    accepted: bool
    reason: str = ""


class RequirementGate(Protocol):
    """A marketplace that judges values; may be slow, may raise, may not know yet (None)."""

    def judge(self, asked: Asked) -> Verdict | None:
        """Its word about one value; asking twice does no harm."""


class SandboxGate:
    """Accepts; refuses values that match ``refuse``, is silent on those that match ``silent``."""

    def __init__(self, refuse: str = r"(?!)", silent: str = r"(?!)") -> None:
        """Patterns are searched for in the value; by default nothing matches."""
        self.refuse, self.silent = refuse, silent

    def judge(self, asked: Asked) -> Verdict | None:
        if re.search(self.silent, asked.value):
            return None
        if re.search(self.refuse, asked.value):
            return Verdict(accepted=False, reason="not in circulation")
        return Verdict(accepted=True)


class HttpGate:
    """Asks a URL: one POST a value, JSON out and back.

    Sent: ``{"order","sku","kind","value"}``, with ``Authorization: Bearer`` where a ``token`` is
    given. Answered: 200 and ``{"accepted": true|false, "reason": ""}``; 202 or 204 where it is
    not known yet. Everything else, and silence for `TIMEOUT_S`, is no answer either: the value
    waits and is asked about again.
    """

    def __init__(self, url: str, token: str = "") -> None:
        """Nothing is asked before the first value."""
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def judge(self, asked: Asked) -> Verdict | None:
        """Raises httpx.HTTPError or msgspec.DecodeError where there is no usable answer."""
        from packstation.server import outgoing

        body = msgspec.json.encode(asked)
        headers = {"Content-Type": "application/json", **self._headers}
        # Who starts the server named this host: it is gone to wherever it is, and nowhere else.
        reach = outgoing.Reach(hosts=frozenset({urlsplit(self._url).hostname or ""}))
        answer = outgoing.post(
            self._url, body, headers=headers, reach=reach, timeout_s=TIMEOUT_S, most=LONGEST_ANSWER
        )
        answer.raise_for_status()
        if answer.status_code in NOT_YET:
            return None
        told = msgspec.json.decode(answer.content, type=Verdict)
        return Verdict(accepted=told.accepted, reason=told.reason[:LONGEST_REASON])


def gate_of(setting: str, token: str = "") -> RequirementGate | None:
    """The gate that a server's ``--gate`` names: none, sandbox or a URL.

    Raises:
        SettingsError: it names none of them; or a URL that would send values of units over the
            network in the clear.
    """
    if setting in {"", "none"}:
        return None
    if setting == "sandbox":
        return SandboxGate()
    parts = urlsplit(setting)
    if parts.hostname and (parts.scheme == "https" or _near(parts)):
        return HttpGate(setting, token)
    raise SettingsError("error.setting", name="gate", value=setting, allowed=ALLOWED)


def _near(parts: SplitResult) -> bool:
    return parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"}
