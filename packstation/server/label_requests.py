"""A bench's request, dressed with what the bench never sends: people, goods, values.

The order's row has who gets the parcel, the site's row who sends it, the catalogue what lies
inside; ``details.contents`` of the request says how many units of which SKU (else all of the
order). What is not known stays empty: the carrier's adapter refuses by name what it needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from packstation.domain.carriers import BuyRequest, GoodsLine, LabelWanted
from packstation.domain.catalog import Product
from packstation.domain.orders import Order
from packstation.domain.psp import LabelRequest, OrderBody, SiteBody
from packstation.first_use import met
from packstation.server.problems import Problem
from packstation.server.rows import row_body
from packstation.server.sites import site_body

_LATIN = "en"


class Content(Struct, frozen=True, kw_only=True):
    """Units of a SKU in the parcel; ``each``: what single ones bear, by kind."""

    sku: str
    units: int
    each: tuple[dict[str, str], ...] = ()


class Details(Struct, frozen=True, kw_only=True):
    """What a bench may tell besides: contents, stock in its printer, a pickup point's code."""

    contents: tuple[Content, ...] = ()
    wanted: LabelWanted = LabelWanted()


def details_of(asked: LabelRequest) -> Details:
    """What a bench told besides.

    Raises:
        Problem: 422, it is of another shape.
    """
    try:
        return msgspec.convert(asked.details, Details)
    except msgspec.ValidationError as exc:
        raise Problem(422, "invalid", f"details: {exc}") from exc


def dressed(connection: Connection, site: str, asked: LabelRequest) -> BuyRequest:
    """What the carrier is asked.

    Raises:
        Problem: 422, ``details`` are of another shape.
    """
    details = details_of(asked)
    plain = BuyRequest(
        key=asked.key,
        parcel=asked.parcel,
        carrier=asked.carrier,
        service=asked.service,
        site=site,
        order=asked.order,
        gross_g=asked.gross_g,
        size_mm=asked.size_mm,
        wanted=details.wanted,
    )
    body = row_body(connection, site, "order", asked.order) if asked.order else None
    if body is None:
        return plain
    order = msgspec.json.decode(body, type=met(OrderBody)).order
    return _of_order(connection, site_body(connection, site), plain, order, details.contents)


def _of_order(
    connection: Connection,
    site: SiteBody | None,
    plain: BuyRequest,
    order: Order,
    contents: tuple[Content, ...],
) -> BuyRequest:
    sender = order.ship_from
    if site is not None and not (sender.name or sender.company):
        sender = site.sender
    inside = contents or tuple(Content(sku=line.sku, units=line.quantity) for line in order.lines)
    return msgspec.structs.replace(
        plain,
        sender=sender,
        recipient=order.ship_to,
        goods=tuple(_goods(connection, site.code if site else "", order, inside)),
        category=order.category,
        incoterm=order.incoterm or "",
        options=order.options,
        pickup_point=_pickup(order.delivery),
        cod=order.cod,
        insured=order.insurance if "insurance" in order.options else None,
    )


def _pickup(delivery: Mapping[str, Any] | None) -> str:
    return str((delivery or {}).get("pickup_point") or "")


def _goods(
    connection: Connection, site: str, order: Order, inside: tuple[Content, ...]
) -> Iterator[GoodsLine]:
    brought = {product.sku: product for product in order.products}
    prices = {line.sku: line.unit_price for line in reversed(order.lines)}
    for one in inside:
        body = row_body(connection, site, "sku", one.sku)
        product = (
            msgspec.json.decode(body, type=met(Product))
            if body is not None
            else brought.get(one.sku, Product(sku=one.sku))
        )
        customs = product.declared_in(order.ship_to.country).customs
        yield GoodsLine(
            sku=one.sku,
            quantity=one.units,
            description=customs.description or product.name(_LATIN),
            local_description=next(iter(customs.descriptions.values()), ""),
            hs=customs.hs,
            origin=customs.origin,
            net_g=customs.net_g if customs.net_g is not None else product.weight_g,
            value=customs.unit_value or prices.get(one.sku),
            battery=product.goods.battery,
            classes=product.goods.classes,
            units=one.each,
        )
