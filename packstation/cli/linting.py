"""``catalog lint``: what customs would find wrong with products, before anybody orders them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from packstation.cli.files import naming, read
from packstation.cli.running import DONE, REFUSED, Out, Unreadable, language
from packstation.cli.screening import tables


def lint(args: Namespace, out: Out) -> int:
    """What customs would find wrong with each product of catalogues; refused where one blocks."""
    from packstation.cli.papers import finding, headed, moment, pack_at
    from packstation.domain.customs.catalogue import of_product

    here, there = _country("--from", args.origin), _country("--to", args.to)
    pack, now, reference, status = pack_at(args.pack), moment(args.at), tables(), DONE
    for name in args.files:
        findings = tuple(
            one
            for product in products(name)
            for one in of_product(product, pack, reference, now, here=here, there=there)
        )
        blocked = any(one.severity == "BLOCK" for one in findings)
        said = language(args)
        answer = {"file": name, "ok": not blocked, "rule_pack": pack.version}
        answer |= {"findings": [finding(one, said) for one in findings]}
        out.show(answer, headed(f"{name}: {pack.version}", findings, said))
        status = REFUSED if blocked else status
    return status


def _country(option: str, code: str) -> str:
    """An assigned code, or one that carriers take beside them.

    Raises:
        Unreadable: it is neither.
    """
    from packstation.domain.countries import ALPHA2

    if code.upper() not in ALPHA2 | {"XI", "XK"}:
        raise Unreadable(f"{option} {code}: a country of ISO 3166-1 is wanted, as DE")
    return code.upper()


def products(name: str) -> tuple[Mapping[str, object], ...]:
    """The products of a catalog/1 file, of a list of products, or of one order.

    Raises:
        InputInvalid: there is none, or one without an SKU.
    """
    from packstation.domain.customs.case import objects
    from packstation.domain.errors import InputInvalid
    from packstation.domain.records import read_json

    with naming(name):
        raw = read_json(read(name))
        found = objects(raw.get("products") if isinstance(raw, dict) else raw)
        if not found or not all(one.get("sku") for one in found):
            wrong = "a product without sku" if found else "no products"
            raise InputInvalid(path="file", value=wrong, allowed="packstation.catalog/1")
        return found
