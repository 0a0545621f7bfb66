"""What Ozon wants to know of each unit before a posting may be shipped, out of what was scanned.

Countries first, since they may ask for a declaration then; then the exemplars: looked up, checked,
set, and waited for. Nothing here ships anything: whatever fails leaves the posting as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from packstation.carriers.adapters import ozon_words as words
from packstation.carriers.adapters import parts
from packstation.carriers.adapters.ozon_api import Api
from packstation.domain.carriers import refused

_BASE: Final = "fbs/posting/product/exemplar"
LOOKS: Final = 10
_PAUSE_S: Final = 1.0
_READY: Final = "ship_available"
_NOT: Final = "ship_not_available"

Pause = Callable[[float], None]


def given(
    api: Api, key: str, number: str, posting: object, units: words.Units, pause: Pause
) -> dict[str, tuple[str, ...]]:
    """Tell Ozon of these units; answers the exemplars' numbers by product, {} where none counts.

    Raises:
        LabelRefused: ``documents``: what was captured is too little, or wrong, or is still checked.
        LabelOutcomeUnknown: no answer.
    """
    needs = words.needs_of(posting)
    captured = any(unit for each in units.values() for unit in each)
    if not needs and not captured:
        return {}
    _all_there(key, units, needs)
    for product, country in words.countries(units, needs):
        body = {
            "posting_number": number,
            "product_id": words.as_number(product),
            "country_iso_code": country,
        }
        api.ask(key, "/v2/posting/fbs/product/country/set", body)
    told = api.ask(key, f"/v6/{_BASE}/create-or-get", {"posting_number": number})
    _all_there(key, units, words.needs_of(posting, told))
    products, ours = words.exemplars_of(key, units, told)
    _set(api, key, number, products)
    _checked(api, key, number, pause)
    return ours


def _all_there(key: str, units: words.Units, needs: words.Needs) -> None:
    lacking = words.lacking(units, needs)
    if lacking:
        raise refused(key, "documents", f"not captured: {', '.join(lacking)}")


def _set(api: Api, key: str, number: str, products: list[Any]) -> None:
    body = {"posting_number": number, "products": products}
    wrong = words.complaints(api.ask(key, f"/v5/{_BASE}/validate", body))
    if wrong:
        raise refused(key, "documents", "; ".join(wrong))
    api.ask(key, f"/v6/{_BASE}/set", {**body, "multi_box_qty": 1})


def _checked(api: Api, key: str, number: str, pause: Pause) -> None:
    """Ozon looks each mark up; until it has, nothing may be shipped."""
    told: object = None
    for _ in range(LOOKS):
        told = api.ask(key, f"/v5/{_BASE}/status", {"posting_number": number})
        status = parts.text(told, "status")
        if status == _READY:
            return
        if status == _NOT and (wrong := words.complaints(told)):
            raise refused(key, "documents", "; ".join(wrong))
        pause(_PAUSE_S)
    said = parts.text(told, "status") or "no status"
    raise refused(key, "documents", f"exemplars: {said}; ask again")
