"""The far ends of a bench on fakes: the server's labels and its syncer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused, ServerUnreachable
from packstation.station.claim_ports import ClaimsAsked


@dataclass
class FakeLabels:
    """An online carrier; ``mood``: ok, refuse, vanish (bought, but the answer was lost), never."""

    mood: str = "ok"
    bought: dict[str, str] = field(default_factory=dict)
    requests: list[Mapping[str, object]] = field(default_factory=list)
    checks: list[tuple[str, int, int]] = field(default_factory=list)
    stop: str = ""  # what the checkpoint says

    def issue(self, key: str, request: Mapping[str, object]) -> tuple[str, str]:
        self.requests.append(request)
        if self.mood == "refuse":
            raise LabelRefused(reason="address")
        if self.mood == "never":
            raise LabelOutcomeUnknown(label_key=key)
        self.bought[key] = f"EX{len(self.bought) + 1:08}"
        if self.mood == "vanish":
            raise LabelOutcomeUnknown(label_key=key)
        return self.bought[key], "blob"

    def find(self, key: str) -> tuple[str, str] | None:
        if self.mood == "down":
            raise LabelOutcomeUnknown(label_key=key)
        return (self.bought[key], "blob") if key in self.bought else None

    def checkpoint(self, order: str, fence: int, rev: int) -> str:
        self.checks.append((order, fence, rev))
        if self.mood == "deaf":
            raise ServerUnreachable(cause="timeout")
        return self.stop

    def void(self, key: str) -> None:
        if self.mood == "refuse":
            raise LabelRefused(reason="tendered")
        if self.mood == "vanish":
            raise LabelOutcomeUnknown(label_key=key)


@dataclass
class FakeSync:
    """Remembers what was asked of the syncer."""

    wakes: list[bool] = field(default_factory=list)
    wanted: list[tuple[str, str, int]] = field(default_factory=list)
    after: str = ""
    statuses: list[Mapping[str, object]] = field(default_factory=list)

    def wake(self, *, urgent: bool = False) -> None:
        self.wakes.append(urgent)

    def want_numbers(self, carrier: str, service: str, count: int, after: str = "") -> None:
        self.wanted.append((carrier, service, count))
        self.after = after

    claimed: list[ClaimsAsked] = field(default_factory=list)

    def claims(self, asked: ClaimsAsked) -> None:
        self.claimed.append(asked)

    def report(self, status: Mapping[str, object]) -> None:
        self.statuses.append(status)

    closed: bool = False

    def close(self) -> None:
        self.closed = True
