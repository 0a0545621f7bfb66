"""Orders over borders: addresses, goods, a shop's other services, rule packs of a publisher."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from packstation.assets import resource
from packstation.customs.packs import document_of
from packstation.customs.signing import sign
from packstation.domain.catalog import Goods, Product
from packstation.domain.orders import Address, Rate
from packstation.station.ports import NumbersLeased
from tests.situations.goods import MUG, sample_products
from tests.situations.model import Asked

BERLIN = Address(
    name="Anna Schmidt",
    lines=("Torstrasse 12",),
    city="Berlin",
    postcode="10119",
    country="DE",
    phone="+4930901820",
)
SENDER = Address(
    name="Li Wei",
    company="Guangzhou Baiyun Trading Co., Ltd.",
    lines=("No. 18 Jichang Road",),
    city="Guangzhou",
    region="Guangdong",
    postcode="510405",
    country="CN",
    phone="+862081230000",
    eori="DE123456789012345",
    ioss="IM2760000017",
    customs_code="4401960ABC",
    uscc="91440101MA5C1PK01G",
)


def rate(base: str, quote: str, value: str, back: int = 2) -> Rate:
    """A rate of so many days ago."""
    on = (datetime.now(UTC) - timedelta(days=back)).date()
    return Rate(from_=base, to=quote, rate=Decimal(value), on=on.isoformat())


FRESH = (rate("XDR", "CNY", "9.60"), rate("EUR", "CNY", "8.20"))


def to_berlin(lines: str = f"{MUG}*1", **more: object) -> Asked:
    """An order to the EU, of a seller with an IOSS number."""
    known: dict[str, object] = {
        "channel": "shop",
        "channel_status": None,
        "ship_from": SENDER,
        "ship_to": BERLIN,
        "named_place": "Berlin",
        "tax_scheme": "ioss",
        "marketplace_collects": False,
        "rates": FRESH,
    }
    return Asked(id="A-1", lines=lines, hours=6, more=known | more)


def product(sku: str, **customs: object) -> Product:
    """A product of the samples with other words for customs."""
    model = sample_products()[sku]
    return replace(model, customs=replace(model.customs, **customs))


# Two of them are six cells: more than go without the mark.
LAMP = "RL-USB-WHT"
CELLS = Goods(
    battery="built_in",
    battery_type="li_ion",
    battery_wh=Decimal("11.4"),
    battery_cells=1,
    battery_count=3,
    un383="TS-2026-114",
    soc_percent=30,
)


def body(row: object) -> Mapping[str, object]:
    """As a pulled row has it."""
    found: Mapping[str, object] = msgspec.to_builtins(row)
    return found


# --- another shop's services ---------------------------------------------------------------


def only(carrier: str, service: str, channel: str, *documents: str) -> Mapping[str, object]:
    """Files of a bench whose shop sells this one service, priced as the e-packet is.

    ``documents`` are printed beside its label.
    """
    path = resource("tariffs", "chinapost-e-packet.json")
    tariff = json.loads(path.read_text("utf-8"))
    free = {"code": "paperless", "kind": "fixed", "amount": "0", "when": {"options": ["paperless"]}}
    tariff |= {"carrier": carrier, "service": service, "class": channel, "fees": [free]}
    names = {"en": f"{carrier} {service}"}
    row = {"carrier": carrier, "service": service, "channel": channel, "names": names}
    row |= {"documents": ["label", *documents]}
    listed = {"schema": "packstation.services/1", "services": [row]}
    return {"services/own.json": listed, "tariffs/own.json": tariff}


def leased(carrier: str, service: str, prefix: str, country: str) -> NumbersLeased:
    """Numbers of such a service."""
    return NumbersLeased("lease-own", carrier, service, prefix, country, 11100000, 11100099)


# --- rule packs of a server ------------------------------------------------------------------

_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLISHER = sign({}, _KEY)["key"]


@cache
def _own() -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(document_of(resource("customs")), default=float))
    return found


def rule_pack(version: str, **severity: str) -> Mapping[str, object]:
    """The program's own pack as another version, some of its rules of another severity."""
    rules = [_severe(one, severity.get(one["id"], "")) for one in _own()["rules"]]
    document = {**_own(), "version": version, "rules": rules}
    return {"pack": document, **sign(document, _KEY)}


def _severe(rule: Mapping[str, Any], severity: str) -> Mapping[str, Any]:
    if not severity:
        return rule
    checks = [{**one, "severity": severity} for one in rule["checks"]]
    return {**rule, "severity": severity, "checks": checks}
