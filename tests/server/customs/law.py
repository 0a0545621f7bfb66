"""A law of two rules, so that these tests stay what they are whatever the real one becomes."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from packstation.customs import signing

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()

MORE_THAN_NOTHING: dict[str, Any] = {"is": "gt", "than": 0}


def rule(number: str, fact: str, scope: str = "line", /, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    field = f"products[{{sku}}].{fact.removeprefix('product.')}" if scope == "line" else fact
    check = {"scope": scope, "fact": fact, "is": "ne", "than": "-", "field": field}
    return {
        "id": number,
        "title": f"rule {number}",
        "severity": "BLOCK",
        "source": "a test",
        "reviewed_on": "2026-11-20",
        "checks": [{**check, **more}],
        "messages": {"en": f"{number}: {{v}}", "zh": f"{number} 错误", "ru": f"{number} ошибка"},
    }


def pack(version: str = "2026-11-20", *more: dict[str, Any]) -> dict[str, Any]:
    value = rule("R20", "product.customs.unit_value.amount", **MORE_THAN_NOTHING)
    value["checks"][0]["field"] = "products[{sku}].customs.unit_value"
    value["messages"] = {
        "en": "Declared value must be above zero",
        "zh": "申报价值必须大于零",
        "ru": "Объявленная стоимость должна быть больше нуля",
    }
    return {
        "schema": "packstation.customs-pack/1",
        "version": version,
        "reviewed_on": "2026-11-20",
        "source": "a test",
        "rules": [value, rule("R10", "ship_to.phone", "order"), *more],
    }


def sign(document: dict[str, Any], key: Ed25519PrivateKey = KEY) -> bytes:
    signature = signing.sign(document, key)["signature"]
    return json.dumps({"pack": document, "signature": signature}).encode()
