"""Accounts at single online carriers: what their credentials are called, how an adapter is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from packstation.carriers.adapters import cdek, cdek_words, fourpx, yunexpress
from packstation.domain.carriers import CarrierGateway
from packstation.domain.errors import InputInvalid

Words = Mapping[str, str]
Described = Mapping[str, Any]


class Online(Struct, frozen=True, kw_only=True):
    """A carrier: ``judge`` raises ``InputInvalid`` of an account's description.

    ``make`` is told what the account is called, its address or "", credentials, description.
    """

    secrets: tuple[str, ...]
    judge: Callable[[Described], object]
    make: Callable[[str, str, Words, Described], CarrierGateway]


def _nothing(description: Described) -> None:
    if description:
        raise InputInvalid(path="description", value=", ".join(description), allowed="nothing")


def terms_of(description: Described) -> cdek.Terms:
    """A contract with CDEK.

    Raises:
        InputInvalid: a field that is none, or a currency whose prices cannot be asked for.
    """
    allowed = "tariffs (name: number), shipment_point, currency"
    try:
        terms = msgspec.convert(dict(description), cdek.Terms)
    except msgspec.ValidationError as exc:
        raise InputInvalid(path="description", value=str(exc), allowed=allowed) from exc
    if not cdek_words.knows(terms.currency):
        known = ", ".join(cdek_words.CURRENCIES)
        raise InputInvalid(path="description.currency", value=terms.currency, allowed=known)
    return terms


def _yunexpress(carrier: str, url: str, secrets: Words, _: Described) -> CarrierGateway:
    keys = (secrets[name] for name in ("app_id", "app_secret", "source_key"))
    return yunexpress.YunExpress(*keys, name=carrier, base_url=url or yunexpress.BASE_URL)


def _cdek(carrier: str, url: str, secrets: Words, described: Described) -> CarrierGateway:
    return cdek.Cdek(
        secrets["client_id"],
        secrets["client_secret"],
        terms_of(described),
        name=carrier,
        base_url=url or cdek.BASE_URL,
    )


def _fourpx(carrier: str, url: str, secrets: Words, _: Described) -> CarrierGateway:
    return fourpx.FourPx(
        secrets["app_key"], secrets["app_secret"], name=carrier, base_url=url or fourpx.BASE_URL
    )


ONLINE: Final[Mapping[str, Online]] = {
    "yunexpress": Online(
        secrets=("app_id", "app_secret", "source_key"), judge=_nothing, make=_yunexpress
    ),
    "cdek": Online(secrets=("client_id", "client_secret"), judge=terms_of, make=_cdek),
    "4px": Online(secrets=("app_key", "app_secret"), judge=_nothing, make=_fourpx),
}
