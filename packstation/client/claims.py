"""Claims on their way: asked for from any thread, sent by the pusher's; never waited for."""

from __future__ import annotations

import logging
import threading
from typing import Final

from msgspec import Struct

from packstation.client.wire import Answer, Who, Wire
from packstation.domain.psp import (
    MAX_CLAIMS,
    ClaimAnswer,
    ClaimRequest,
    ClaimsHeld,
    HeldClaim,
)
from packstation.station.claim_ports import ClaimsAsked, HeldRight
from packstation.station.ports import ClaimsAnswered, Ids, Post

_LOG: Final = logging.getLogger(__name__)
_WITHOUT_S: Final = 600.0  # until a server that knows no claims is asked again
_RENEW: Final = "/v1/claims/renew"
_RELEASE: Final = "/v1/claims/release"


class _Asked(Struct, frozen=True):
    """A request under way; sent again as it is until the server has answered."""

    target: str
    body: ClaimRequest | ClaimsHeld


class ClaimErrands:
    """What is asked while the server is away is asked when it is back."""

    def __init__(self, wire: Wire, post: Post, ids: Ids) -> None:
        """Speak through the pusher's ``wire``."""
        self._wire, self._post, self._ids = wire, post, ids
        self._lock = threading.Lock()
        self._want: dict[str, None] = {}
        self._ahead = 0
        self._held: dict[str, dict[str, HeldRight]] = {_RENEW: {}, _RELEASE: {}}
        self._open: _Asked | None = None
        self._quiet = 0.0

    def ask(self, asked: ClaimsAsked) -> None:
        """Take this along at the next chance."""
        with self._lock:
            self._want.update(dict.fromkeys(asked.want))
            self._ahead = max(self._ahead, min(asked.ahead, MAX_CLAIMS))
            for target, held in ((_RENEW, asked.renew), (_RELEASE, asked.release)):
                self._held[target].update({one[0]: one for one in held})

    def due_at(self, now: float) -> float | None:
        """When to send; None for nothing to ask."""
        with self._lock:
            waits = self._open or self._want or self._ahead or any(self._held.values())
        return max(now, self._quiet) if waits else None

    def run(self, now: float, who: Who) -> Answer | None:
        """Send the next request; answer a refusal that concerns more than claims."""
        asked = self._next()
        if asked is None:
            return None
        answer = self._wire.send("POST", asked.target, who, asked.body)
        if answer.status in {400, 404, 405, 422}:
            _LOG.warning("claims refused: %d %s", answer.status, answer.conflict().detail)
            self._quiet = now + (_WITHOUT_S if answer.status in {404, 405} else 0.0)
        elif answer.status != 200:
            return answer
        self._open = None
        if answer.status == 200 and asked.target != _RELEASE:
            self._told(answer.read(ClaimAnswer))
        return None

    def _next(self) -> _Asked | None:
        """What opening an order waits for goes first."""
        if self._open is None:
            with self._lock:
                self._open = self._claims() or self._about(_RENEW) or self._about(_RELEASE)
        return self._open

    def _claims(self) -> _Asked | None:
        if not self._want and not self._ahead:
            return None
        want = tuple(self._want)[:MAX_CLAIMS]
        for order in want:
            del self._want[order]
        ahead, self._ahead = self._ahead, 0
        request = ClaimRequest(req_id=self._ids.new(), want=want, queue=ahead > 0, n=ahead or 1)
        return _Asked("/v1/claims", request)

    def _about(self, target: str) -> _Asked | None:
        held = self._held[target]
        some = tuple(held.values())[:MAX_CLAIMS]
        for order, _, _ in some:
            del held[order]
        claims = tuple(HeldClaim(order=o, claim=claim, fence=fence) for o, claim, fence in some)
        return _Asked(target, ClaimsHeld(claims=claims)) if claims else None

    def _told(self, answer: ClaimAnswer) -> None:
        self._post(
            ClaimsAnswered(
                granted=tuple((one.order, one.claim, one.fence) for one in answer.granted),
                refused=tuple((one.order, one.why, one.by) for one in answer.refused),
            )
        )
