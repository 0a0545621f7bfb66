"""Numbers of taxes and customs: whether their shape is right, offline.

Source: reference: customs, 2.4; check digits by python-stdnum. A right shape says nothing
of the register: no number is looked up. IOSS has a check digit whose rule is not public, so none
is checked. A taxpayer's number of a person (INN) is never shown, only whether it is in order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from stdnum import get_cc_module
from stdnum.au import abn
from stdnum.cn import uscc
from stdnum.eu import oss
from stdnum.exceptions import ValidationError
from stdnum.gb import vat as gb_vat
from stdnum.nz import ird
from stdnum.ru import inn

from packstation.domain.customs.operators import HOLDS, Found, Look, Operator, Operators, Wrong
from packstation.domain.customs.scripts import folded

_SEPARATORS: Final = re.compile(r"[\s.\-\u2010-\u2015]")
_EORI: Final = re.compile(r"([A-Z]{2})([A-Z0-9]{1,15})")
_VOEC: Final = re.compile(r"(?:VOEC(?:NO)?)?([0-9]{7})")
_ARN: Final = re.compile(r"[0-9]{12}")
_CN_CUSTOMS: Final = re.compile(r"[0-9A-Z]{10}")
_REX: Final = re.compile(r"[A-Z]{2}REX[A-Z0-9]{1,30}")
_GB_VAT: Final = re.compile(r"(?:GB|XI)[0-9]{9}")
# Shapes of numbers, as their issuer makes them: no law of a destination that changes by day.
# Without their letters these prefixes are no countries of the EU's table.
_BRITISH: Final = ("GB", "XI")
_TWELVE_DIGITS: Final = re.compile(r"[0-9]{12}")
# What a finding shows of a number that belongs to a person.
HIDDEN: Final = "***"


def compact(value: object) -> str:
    """A number as it is compared: capitals, without blanks, dots and hyphens; "" for no text."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    # Folded again: what a blank held apart may now make one letter.
    return folded(_SEPARATORS.sub("", folded(str(value))).upper())


def ioss(number: str) -> bool:
    """IM, a member state's numeric code, seven digits. IN... is an intermediary's, EU... no import.

    >>> ioss("IM2760000006"), ioss("IN2760000006")
    (True, False)
    """
    return number.startswith("IM") and number.isascii() and bool(oss.is_valid(number))


def eori(number: str, states: frozenset[str]) -> bool:
    """Two letters of a state and 1 to 15 letters or digits; GB and XI have twelve digits."""
    match = _EORI.fullmatch(number)
    if match is None:
        return False
    state, rest = match.groups()
    if state in _BRITISH:
        return _TWELVE_DIGITS.fullmatch(rest) is not None
    return state in states


def vat(number: str) -> bool:
    """A VAT number with its country's letters, by that country's own rule."""
    if number[:2] in _BRITISH:
        return uk_vat(number)
    module = get_cc_module(number[:2].lower(), "vat") if number[:2].isalpha() else None
    return module is not None and _valid(module.validate, number)


def uk_vat(number: str) -> bool:
    """GB (XI in Northern Ireland) and nine digits with their check."""
    return _GB_VAT.fullmatch(number) is not None and _valid(gb_vat.validate, number[2:])


def voec(number: str) -> bool:
    """Seven digits; "VOEC No." before them is let pass."""
    return _VOEC.fullmatch(number) is not None


def au_gst(number: str) -> bool:
    """An ABN (eleven digits with their check) or an ARN (twelve digits)."""
    return _valid(abn.validate, number) or _ARN.fullmatch(number) is not None


def nz_ird(number: str) -> bool:
    """New Zealand's IRD number with its check digit."""
    return _valid(ird.validate, number)


def cn_uscc(number: str) -> bool:
    """China's unified social credit identifier: 18 characters with their check."""
    return _valid(uscc.validate, number)


def cn_customs(number: str) -> bool:
    """China customs' code of an enterprise: ten letters or digits, no check known."""
    return _CN_CUSTOMS.fullmatch(number) is not None


def rex(number: str) -> bool:
    """A registered exporter's number: country, REX, up to 30 letters or digits."""
    return _REX.fullmatch(number) is not None


def ru_inn(number: str) -> bool:
    """A Russian taxpayer's number of ten or twelve digits with their check."""
    return _valid(inn.validate, number)


def _valid(validate: Callable[[str], object], number: str) -> bool:
    try:
        validate(number)
    except ValidationError:
        return False
    return True


def _shaped(test: Callable[[str], bool]) -> Operator:
    def operator(value: object, _: object, __: Look) -> Found:
        return HOLDS if test(compact(value)) else (Wrong(),)

    return operator


def _eori(value: object, than: Any, _: Look) -> Found:  # noqa: ANN401 - as the row has it
    """``than``: the states that give EORI numbers besides GB and XI."""
    return HOLDS if eori(compact(value), frozenset(than)) else (Wrong(),)


def _inn(value: object, _: object, __: Look) -> Found:
    return HOLDS if ru_inn(compact(value)) else (Wrong(value=HIDDEN),)


# Tests of a shape by the names that rules and rows call them.
SHAPES: Final[Mapping[str, Callable[[str], bool]]] = {
    "ioss": ioss,
    "vat": vat,
    "uk_vat": uk_vat,
    "voec": voec,
    "au_gst": au_gst,
    "nz_ird": nz_ird,
    "cn_uscc": cn_uscc,
    "cn_customs": cn_customs,
    "rex": rex,
}
OPERATORS: Final[Operators] = {
    **{name: _shaped(test) for name, test in SHAPES.items()},
    "eori": _eori,
    "ru_inn": _inn,
}
