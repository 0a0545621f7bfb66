"""HS codes: how they are written, whether HS 2022 has them, how long they must be, what they fit.

Source: reference: customs, 2.4 and R16-R18. A code is digits; 13 of China's are read as ten. A
JSON number has lost the zero of chapters 01 to 09: five, seven or nine digits get it back, with a
warning. Which lengths and classes are wanted where is data (tables ``hs_lengths``,
``hs_classes``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from packstation.domain.countries import national
from packstation.domain.customs.case import Case, Item, at_path
from packstation.domain.customs.facts import Facts, fact
from packstation.domain.customs.operators import HOLDS, Found, Look, Operators, Said, Wrong
from packstation.domain.customs.phrases import by_language, in_words
from packstation.domain.customs.reference import Reference
from packstation.domain.customs.scripts import folded

Row = Mapping[str, Any]
_BLANKS: Final = re.compile(r"[\s.\-]")
_DIGITS: Final = re.compile(r"[0-9]{1,40}")
_LOST_ZERO: Final = frozenset({5, 7, 9})
_LONGEST: Final = 10
_ANY: Final = "*"


class Hs(Struct, frozen=True):
    """A code's digits; ``padded`` where its leading zero had to be put back."""

    digits: str
    padded: bool = False

    @property
    def chapter(self) -> str:
        """Its two first digits."""
        return self.digits[:2]


def read_hs(value: object) -> Hs | None:
    """The code that a JSON value writes, None for what is none.

    >>> read_hs("6815.99.41").digits
    '68159941'
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    return _written(str(without_point(value)))


def without_point(value: object) -> object:
    """A number without the .0 that spreadsheets write behind whole ones; all else as it is."""
    if not isinstance(value, float | Decimal):
        return value
    whole, _, rest = str(value).partition(".")
    return whole if whole.isdigit() and not rest.strip("0") else value


def plain_hs(text: str) -> str:
    """A code's digits as the check reads them, all of a longer one; what is none stays as it is.

    >>> plain_hs("6109.10"), plain_hs("40900")
    ('610910', '040900')
    """
    code = read_hs(text)
    if code is None:
        return text
    return code.digits if code.padded else _BLANKS.sub("", folded(text))


def with_text(raw: Mapping[str, Any]) -> dict[str, Any]:
    """An order document in which HS codes that are JSON numbers are the text that they are read as.

    R16 tells of them; papers and exports of the document are what the check looked at.
    """
    products = raw.get("products")
    if not isinstance(products, list):
        return dict(raw)
    return {**raw, "products": [_texted(one) for one in products]}


def _texted(product: Any) -> Any:  # noqa: ANN401 - as JSON has it
    customs = product.get("customs") if isinstance(product, dict) else None
    if not isinstance(customs, dict) or isinstance(customs.get("hs"), str):
        return product
    code = read_hs(customs.get("hs"))
    return product if code is None else {**product, "customs": {**customs, "hs": code.digits}}


@lru_cache(maxsize=4096)
def _written(text: str) -> Hs | None:
    digits = _BLANKS.sub("", folded(text))
    if _DIGITS.fullmatch(digits) is None:
        return None
    if len(digits) in _LOST_ZERO:
        return Hs("0" + digits, padded=True)
    return Hs(digits[:_LONGEST])


def text_of(reference: Reference, code: Hs | None, sizes: Iterable[int]) -> tuple[str, str]:
    """Number and text of a code at the first of these lengths that the edition has; else "", ""."""
    digits = code.digits if code else ""
    numbers = (digits[:size] for size in sizes if len(digits) >= size)
    return next(((one, text) for one in numbers if (text := reference.hs(one))), ("", ""))


def near(case: Case, code: Hs) -> str:
    """The nearest that the edition has: number and text of the heading, else of the chapter."""
    number, text = text_of(case.reference, code, (4, 2))
    return f"{number}: {text}" if text else ""


def digits_wanted(case: Case) -> int:
    """How many digits the destination and the way of export want (table ``hs_lengths``)."""
    rows = [row for row in case.pack.tables.get("hs_lengths", ()) if _meant(case, row)]
    usual = [row for row in rows if not row.get("instead")]
    # A row that stands instead of the common one counts where no destination wants more.
    lower = [row for row in rows if row.get("instead")]
    if lower and all(row["to"] == [_ANY] for row in usual):
        usual = lower
    return max((int(row["digits"]) for row in usual), default=0)


def _meant(case: Case, row: Row) -> bool:
    there, here = at_path(case.raw, "ship_to.country"), at_path(case.raw, "ship_from.country")
    modes = row.get("modes")
    return (
        _among(case, there, row["to"])
        and _among(case, here, row.get("from", [_ANY]))
        and (modes is None or at_path(case.raw, "cn_export_mode") in modes)
    )


def _among(case: Case, country: object, names: Iterable[str]) -> bool:
    """Whether a country is meant by names of countries, of groups, or ``*``."""
    return any(
        name in (_ANY, country) or country in case.pack.groups.get(name, ()) for name in names
    )


def unfit(case: Case, line: Item, code: Hs) -> Iterator[Row]:
    """Rows of ``hs_classes`` that the goods are of and whose codes this is none of."""
    goods = _goods(line)
    for row in case.pack.tables.get("hs_classes", ()):
        if goods.are(row) and not code.digits.startswith(tuple(row["codes"])):
            yield row


def undeclared(case: Case, line: Item, code: Hs) -> Iterator[Row]:
    """Rows of ``hs_implies`` whose code this is, though the goods are not said to be that."""
    goods = _goods(line)
    for row in case.pack.tables.get("hs_implies", ()):
        if code.digits.startswith(tuple(row["codes"])) and not goods.are(row):
            yield row


class _Goods(Struct, frozen=True):
    """What a product's goods are said to be."""

    classes: Sequence[object]
    battery: object
    kind: object

    def are(self, row: Row) -> bool:
        """Whether they are what a row is about."""
        kinds = row.get("battery_type")
        battery = self.battery in row.get("battery", ())
        return (battery and (kinds is None or self.kind in kinds)) or (
            row.get("class") in self.classes
        )


def _goods(line: Item) -> _Goods:
    goods = at_path(line.raw, "product.goods")
    classes = at_path(goods, "classes")
    return _Goods(
        classes=classes if isinstance(classes, list | tuple) else (),
        battery=at_path(goods, "battery"),
        kind=at_path(goods, "battery_type"),
    )


def _shape(value: object, than: Any, _: Look) -> Found:  # noqa: ANN401 - as the row has it
    """Digits, as many as ``than`` lists."""
    code = read_hs(value)
    return HOLDS if code and len(code.digits) in than else (Wrong(),)


def _whole(value: object, _: Any, look: Look) -> Found:  # noqa: ANN401 - as the row has it
    """With its leading zero; a code that is none with it either is another check's."""
    code = read_hs(value)
    if code is None or not code.padded or not look.case.reference.hs(code.digits[:6]):
        return HOLDS
    return (Wrong(allowed=code.digits, suggestion=code.digits, words={"read": code.digits}),)


def _text(value: object, _: Any, __: Look) -> Found:  # noqa: ANN401 - as the row has it
    """Written as text; a number that has visibly lost its zero is another check's."""
    code = read_hs(value)
    if isinstance(value, str) or code is None or code.padded:
        return HOLDS
    return (Wrong(allowed=f'"{code.digits}"', words={"read": code.digits}),)


def _chapter(value: object, than: Any, look: Look) -> Found:  # noqa: ANN401 - as the row has it
    """In a chapter for goods: one that the edition has, and none of ``than``."""
    code = read_hs(value)
    if code is None or (code.chapter not in than and look.case.reference.hs(code.chapter)):
        return HOLDS
    return (Wrong(words={"chapter": code.chapter}),)


def _edition(value: object, than: Any, look: Look) -> Found:  # noqa: ANN401 - as the row has it
    """In HS 2022; of ``than``, the lengths that are codes, and of chapters that exist."""
    code, hs = read_hs(value), look.case.reference.hs
    if code is None or len(code.digits) not in than or not hs(code.chapter):
        return HOLDS
    if hs(code.digits[:6]):
        return HOLDS
    if code.padded:
        return (Wrong(allowed=Said("hs.lengths"), says="hs.odd"),)
    nearest = near(look.case, code)
    return (Wrong(allowed=nearest, words={"near": nearest, "read": code.digits}),)


def _long_enough(value: object, _: Any, look: Look) -> Found:  # noqa: ANN401 - as the row has it
    """As many digits as the table wants for this destination and export."""
    return _digits(value, fact(look.case, look.case.order, "hs_digits"), look)


def _digits(value: object, than: int, _: Look) -> Found:
    """At least ``than`` digits."""
    code, wanted = read_hs(value), than
    if code is None or len(code.digits) >= wanted:
        return HOLDS
    words = {"n": str(wanted), "read": code.digits}
    return (Wrong(allowed=Said("digits.least", words), words=words),)


def _fits(value: object, _: Any, look: Look) -> Found:  # noqa: ANN401 - as the row has it
    """Of the chapters in which goods of this class are."""
    code = read_hs(value)
    rows = unfit(look.case, look.item, code) if code else ()
    return tuple(_unlike(row, look) for row in rows)


def _implied(value: object, _: Any, look: Look) -> Found:  # noqa: ANN401 - as the row has it
    """No code of goods that the catalogue does not say these are."""
    code = read_hs(value)
    rows = list(undeclared(look.case, look.item, code)) if code else []
    return tuple(_unlike(row, look) for row in rows[:1])


def _unlike(row: Row, look: Look) -> Wrong:
    name = in_words(look.case.pack, "value", str(row["name"]))
    return Wrong(allowed=", ".join(row["codes"]), words=by_language("class", name))


def _wanted(case: Case, _: Item) -> int:
    return digits_wanted(case)


def _export_code(case: Case, line: Item) -> object:
    """The code that the country of dispatch declares with: its own, else the catalogue's."""
    customs = at_path(case.products.get(line.sku, {}), "customs")
    codes, here = at_path(customs, "hs_national"), fact(case, case.order, "ship_from.country")
    if codes is None or not isinstance(codes, Mapping) or not isinstance(here, str):
        return at_path(customs, "hs")
    return national(codes, here) or at_path(customs, "hs")


FACTS_LINE: Final[Facts] = {"export_hs": _export_code}
FACTS_ORDER: Final[Facts] = {"hs_digits": _wanted}
SHOWN: Final[Mapping[str, Callable[[Any], object]]] = {
    "product.customs.hs": without_point,
    "export_hs": without_point,
}
OPERATORS: Final[Operators] = {
    "hs_shape": _shape,
    "hs_whole": _whole,
    "hs_text": _text,
    "hs_chapter": _chapter,
    "hs_edition": _edition,
    "hs_long_enough": _long_enough,
    "hs_digits": _digits,
    "hs_fits": _fits,
    "hs_implied": _implied,
}
