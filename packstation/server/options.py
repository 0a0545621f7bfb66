"""What a server is given at its start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from packstation.server.carriers import CarrierGateway
from packstation.server.core import Clock, Ids, RandomIds, SystemClock


@dataclass(frozen=True, slots=True)
class Tls:
    """Files of the certificate chain and of its key (PEM)."""

    certificate: str
    key: str


@dataclass(frozen=True, slots=True)
class Options:
    """``first_token``: the API token that a new server accepts (PACKSTATION_TOKEN).

    ``ca``: PEM of the private CA, handed to benches at enrolment. ``carriers`` by name.
    ``restored``: the database is an older copy (``restores``).
    """

    first_token: str = ""
    ca: str = ""
    tls: Tls | None = None
    clock: Clock = field(default_factory=SystemClock)
    ids: Ids = field(default_factory=RandomIds)
    carriers: Mapping[str, CarrierGateway] = field(default_factory=dict)
    restored: bool = False


DEFAULTS: Final = Options()
