"""What the pusher carries besides the journal: leases of numbers, claims, the bench's status."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from packstation.client.claims import ClaimErrands
from packstation.client.wire import Answer, Who, Wire
from packstation.domain.bench_profile import Profile
from packstation.domain.psp import LeaseAnswer, LeaseRequest
from packstation.station.ports import Ids, NumbersLeased, Post

_LOG: Final = logging.getLogger(__name__)
_SETTLE_S: Final = 2.0  # until the station has counted what was leased, and asks no more
_REFUSED_S: Final = 60.0  # until a refused lease is asked for again
_STATUS_S: Final = 1.0  # between two reports

Service = tuple[str, str]


class _Want(Struct, frozen=True):
    """Numbers that are asked for; the same ``req_id`` gets the same lease."""

    req_id: str
    count: int


class Errands:
    """Asked for from any thread, run by the pusher's."""

    def __init__(self, wire: Wire, post: Post, ids: Ids) -> None:
        """Speak through the pusher's ``wire``."""
        self._wire, self._post, self._ids = wire, post, ids
        self._lock = threading.Lock()
        self._wants: dict[Service, _Want] = {}
        self._quiet: dict[Service, float] = {}
        self._given: dict[Service, str] = {}
        self._profile: Profile | None = None
        self._kept = True
        self._status: dict[str, object] | None = None
        self._told = True
        self._status_at = 0.0
        self.claims = ClaimErrands(wire, post, ids)

    def want(self, carrier: str, service: str, count: int, after: str = "") -> None:
        """Lease ``count`` numbers; asked again before the answer is counted, it stays one lease.

        ``after`` is the newest lease that the station has counted. A busy station may ask many
        times while the one that it was given waits in its queue.
        """
        with self._lock:
            if self._given.get((carrier, service), after) != after:
                return
            self._wants.setdefault((carrier, service), _Want(self._ids.new(), count))

    def report(self, status: Mapping[str, object]) -> None:
        """Tell this of the bench; only the newest is told."""
        with self._lock:
            self._status, self._told = dict(status), False

    def keep(self, profile: Profile) -> None:
        """Tell what the bench's devices are, for a PC that takes over one day."""
        with self._lock:
            self._profile, self._kept = profile, False

    def repeat(self) -> None:
        """The server is back: it may have forgotten what the bench said."""
        with self._lock:
            self._told = self._status is None
            self._kept = self._profile is None

    def due_at(self, now: float) -> float | None:
        """When the next errand is due."""
        with self._lock:
            due = [max(now, self._quiet.get(service, now)) for service in self._wants]
            if not self._told:
                due.append(max(now, self._status_at))
            if not self._kept:
                due.append(now)
        claims_at = self.claims.due_at(now)
        if claims_at is not None:
            due.append(claims_at)
        return min(due, default=None)

    def run(self, now: float, who: Who) -> Answer | None:
        """Do the first errand that is due; answer a refusal that concerns more than itself."""
        claims_at = self.claims.due_at(now)
        if claims_at is not None and claims_at <= now:
            return self.claims.run(now, who)
        with self._lock:
            ready = [item for item in self._wants.items() if self._quiet.get(item[0], now) <= now]
        if ready:
            return self._lease(now, who, *ready[0])
        if not self._kept:
            return self._keep(who)
        return self._report(now, who)

    def _lease(self, now: float, who: Who, service: Service, want: _Want) -> Answer | None:
        asked = LeaseRequest(
            req_id=want.req_id, carrier=service[0], service=service[1], n=want.count
        )
        answer = self._wire.send("POST", "/v1/pools/lease", who, asked)
        if answer.status == 200:
            lease = answer.read(LeaseAnswer)
            with self._lock:
                self._given[service] = lease.lease
            self._leased(service, lease)
        elif answer.status not in {404, 409, 422}:
            return answer
        else:
            _LOG.warning("no numbers of %s %s: %s", *service, answer.conflict().code)
        with self._lock:
            del self._wants[service]
            self._quiet[service] = now + (_SETTLE_S if answer.status == 200 else _REFUSED_S)
        return None

    def _leased(self, service: Service, lease: LeaseAnswer) -> None:
        self._post(
            NumbersLeased(
                lease=lease.lease,
                carrier=service[0],
                service=service[1],
                prefix=lease.prefix,
                country=lease.country,
                first=lease.first,
                last=lease.last,
                expires=lease.expires,
            )
        )

    def _keep(self, who: Who) -> Answer | None:
        with self._lock:
            profile, self._kept = self._profile, True
        answer = self._wire.send("PUT", "/v1/profile", who, profile)
        if answer.status in {400, 403, 404, 405, 413, 422}:  # a server of the release before
            _LOG.warning("profile refused: %s", answer.conflict().detail)
            return None
        return answer

    def _report(self, now: float, who: Who) -> Answer | None:
        with self._lock:
            status, self._told = self._status, True
            self._status_at = now + _STATUS_S
        answer = self._wire.send("PUT", "/v1/status", who, status)
        if answer.status in {400, 404, 405, 422}:
            _LOG.warning("status refused: %s", answer.conflict().detail)
            return None
        return answer
