"""The fixed words of the postal forms, as the forms have them: English, French below.

They are part of the form, not of the program's language (UPU Convention, form CN 22:
printed in French and a language of the issuing country; reference: customs, section 1.2).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from babel import Locale

from packstation.assets import resource

TITLE: Final = "CUSTOMS DECLARATION"
TITLE_FR: Final = "DÉCLARATION EN DOUANE"
OPENED: Final = "May be opened officially"
OPENED_FR: Final = "Peut être ouvert d'office"
FORM: Final = "CN 22"
CATEGORIES: Final = (
    ("gift", "Gift"),
    ("documents", "Documents"),
    ("commercial_sample", "Commercial sample"),
    ("sale_of_goods", "Sale of goods"),
    ("returned_goods", "Returned goods"),
    ("other", "Other"),
)
COLUMNS: Final = (
    ("contents", "Quantity and detailed description of contents"),
    ("net", "Net weight (kg)"),
    ("value", "Value and currency"),
    ("hs", "HS tariff number"),
    ("origin", "Country of origin"),
)
TOTAL: Final = "Total: gross weight (kg), value"
CERTIFY: Final = (
    "I, the undersigned, whose name and address are given on the item, certify that the "
    "particulars given in this declaration are correct and that this item does not contain any "
    "dangerous article or articles prohibited by legislation or by postal or customs regulations."
)
SIGNATURE: Final = "Date and sender's signature"
REFERENCE: Final = "Sender's customs reference"
SEE_INVOICE: Final = "See attached invoice"
TITLE_23: Final = "CN 23"
CERTIFY_23: Final = (
    "I certify that the particulars given in this customs declaration are correct and that this "
    "item does not contain any dangerous article or articles prohibited by legislation or by "
    "postal or customs regulations."
)
COLUMNS_23: Final = (
    ("contents", "Detailed description of contents (1)"),
    ("quantity", "Quantity (2)"),
    ("net", "Net weight, kg (3)"),
    ("value", "Value (5)"),
    ("hs", "HS tariff number (7)"),
    ("origin", "Country of origin (8)"),
)
ATTACHED_23: Final = "CN 23 attached"
TRAINING: Final = "练习 / TRAINING"
ATTACHED_22: Final = "CN 22 attached"
ATTACHED: Final = "CN 22 on label 2 of 2"

SERVICES: Final[dict[str, str]] = {
    "e-packet": "ePacket",
    "registered": "Registered",
    "ems": "EMS",
    "express": "Express",
    "special-line": "Special Line",
    "": "Postal packet",
}


@lru_cache(maxsize=300)
def country_name(code: str) -> str:
    """The English name of a country in capitals, as posts want the last line of an address."""
    return (Locale("en").territories.get(code) or code).upper()


@lru_cache(maxsize=1)
def _carriers() -> dict[str, str]:
    found: dict[str, str] = json.loads(resource("papers", "carriers.json").read_text("utf-8"))
    return found


def carrier_name(code: str) -> str:
    """A carrier as people know it (resources/papers/carriers.json), else its code."""
    return _carriers().get(code, code)


def service_name(code: str) -> str:
    """A service as it stands on a label."""
    return SERVICES.get(code, code)


# How options stand on a label, beside the carrier.
OPTIONS: Final = {
    "signature": "SIGN",
    "insurance": "INS",
    "cod": "COD",
    "pickup_point": "PUDO",
}
# Letters of an option without a word of its own, and how many options there is room for.
_OPTION: Final = 4
_OPTIONS: Final = 4


def options_line(options: Sequence[str], carrier: str) -> str:
    """The carrier, and in capitals what is bought with its service."""
    names = [OPTIONS.get(one, one.upper()[:_OPTION]) for one in options[:_OPTIONS]]
    if len(options) > _OPTIONS:
        names[-1] = f"+{len(options) - _OPTIONS + 1}"
    return "  ·  ".join(filter(None, (carrier, " ".join(names))))
