"""What a server is given at its start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

from packstation.carriers.adapters.reach import LOOPBACK, Reach
from packstation.domain.carriers import CarrierGateway
from packstation.server.core import Clock, Ids, RandomIds, SystemClock
from packstation.server.gates import RequirementGate
from packstation.server.rates import Limits
from packstation.server.smtp import Smtp


class Tls(Struct, frozen=True):
    """Files of the certificate chain and of its key (PEM; "" when the chain's file has it).

    ``own``: the folder of the server's own CA, which renews them (``ca``).
    """

    certificate: str
    key: str = ""
    own: str = ""


class Options(Struct, frozen=True):
    """``first_token``: the API token that a new server accepts (PACKSTATION_TOKEN).

    ``ca``: PEM of the private CA, handed to benches at enrolment. ``carriers`` by name.
    ``restored``: the database is an older copy (``restores``). ``gate`` judges what marketplaces
    want of single units; without one such parcels wait, or go by the site's rule.
    ``customs_keys``: raw Ed25519 keys in base64 whose customs rule packs are taken. ``smtp``:
    where packages go to brokers by e-mail; without it they are downloaded. ``vault_key``: file of
    the key to carriers' credentials, else one beside the database. ``files``: the folder of photos,
    films and keys where the database is no file; replicas share it. ``backups``: the
    folder of daily copies; "" is ``backups`` beside the database, "none" makes none.
    films and keys where the database is no file; replicas share it.
    ``limits``: how many requests each caller may make.
    """

    first_token: str = ""
    ca: str = ""
    tls: Tls | None = None
    clock: Clock = field(default_factory=SystemClock)
    ids: Ids = field(default_factory=RandomIds)
    carriers: Mapping[str, CarrierGateway] = field(default_factory=dict)
    restored: bool = False
    gate: RequirementGate | None = None
    customs_keys: tuple[str, ...] = ()
    smtp: Smtp | None = None
    vault_key: str = ""
    karrio_python: str = ""
    reach: Reach = LOOPBACK
    files: str = ""
    backups: str = "none"
    limits: Limits = Limits()


DEFAULTS: Final = Options()
