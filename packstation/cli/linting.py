"""``catalog lint``: what customs would find wrong with products, before anybody orders them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from packstation.cli.files import naming, read
from packstation.cli.running import DONE, REFUSED, Out, language
from packstation.cli.screening import tables


def lint(args: Namespace, out: Out) -> int:
    """What customs would find wrong with each product of catalogues; refused where one blocks."""
    from packstation.cli.papers import finding, moment, pack_at, rows
    from packstation.domain.customs.catalogue import of_product

    pack, now, reference, status = pack_at(args.pack), moment(args.at), tables(), DONE
    for name in args.files:
        findings = tuple(
            one
            for product in _products(name)
            for one in of_product(
                product, pack, reference, now, here=args.origin.upper(), there=args.to.upper()
            )
        )
        blocked = any(one.severity == "BLOCK" for one in findings)
        said = language(args)
        answer = {"file": name, "ok": not blocked, "rule_pack": pack.version}
        answer |= {"findings": [finding(one, said) for one in findings]}
        out.show(answer, "\n".join((f"{name}: {pack.version}", *rows(findings, said))))
        status = REFUSED if blocked else status
    return status


def _products(name: str) -> tuple[Mapping[str, object], ...]:
    from packstation.domain.customs.case import objects
    from packstation.domain.errors import InputInvalid
    from packstation.domain.records import read_json

    with naming(name):
        raw = read_json(read(name))
        found = objects(raw.get("products") if isinstance(raw, dict) else raw)
        if not found:
            raise InputInvalid(path="products", value=None, allowed="catalog/1")
        return found
