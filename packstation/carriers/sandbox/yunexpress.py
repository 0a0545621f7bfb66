"""The scripted carrier as YunExpress: a token, signed requests, an envelope around each answer."""

from __future__ import annotations

import base64
import threading
from typing import Any, Final

from packstation.carriers.adapters.yunexpress_words import signature
from packstation.carriers.sandbox.books import Sale
from packstation.carriers.sandbox.dialect import Answer, Asked, Call, Told, as_json
from packstation.carriers.sandbox.server import SECRET

TOKEN: Final = "yun-token"  # noqa: S105 - opens nothing but this
# What a reason is called here; the codes are ours, theirs are published nowhere.
_WORDS: Final = {
    "address": "收件人信息有误 receiver is not served",
    "weight": "包裹重量超出限制 weight is out of range",
    "service": "产品编码不存在 product_code is not open",
    "duplicate": "客户订单号已存在",
    "denied": "token is invalid",
    "limit": "too many requests",
    "never_bought": "订单不存在",
    "tendered": "运单已收货，不能取消",
}
_WAYS: Final = {
    ("POST", "/v1/order/package/create"): "buy",
    ("GET", "/v1/order/info/get"): "find",
    ("GET", "/v1/order/label/get"): "label",
    ("POST", "/v1/order/cancel"): "void",
    ("POST", "/v1/order/hold"): "void",
    ("GET", "/v1/price-trial/get"): "quote",
    ("GET", "/v1/track-service/info/get"): "track",
}


class YunExpressDialect:
    """Reads and writes it; ``by_url``: labels lie at an address, else they come as Base64."""

    def __init__(self, *, by_url: bool = False) -> None:
        self.by_url = by_url
        self._lock = threading.Lock()
        self._keys: dict[str, str] = {}
        self._files: dict[str, bytes] = {}
        self._here = ""

    def read(self, call: Call) -> Asked | None:
        self._here = f"http://{call.headers.get('host', '')}"
        sent = call.json()
        if call.path == "/openapi/oauth2/token":
            return Asked(op="token", secret=str(sent.get("appSecret", "")))
        if call.path.startswith("/files/"):
            return Asked(op="quote", secret=SECRET, name=call.path)
        op = _WAYS.get((call.method, call.path))
        if op is None:
            return None
        number = str(sent.get("waybill_number") or call.query.get("order_number", ""))
        to = sent.get("receiver") or {}
        return Asked(
            op=op,  # type: ignore[arg-type] # of the table
            secret=_secret(call),
            key=str(sent.get("customer_order_number") or self._keys.get(number, number)),
            service=str(sent.get("product_code", "")),
            name=str(to.get("first_name", "")),
            country=str(to.get("country_code", "")),
            postcode=str(to.get("postal_code", "")),
            gross_g=int(((sent.get("packages") or [{}])[0]).get("weight") or 0),
            waybills=(number,),
        )

    def write(self, asked: Asked, told: Told) -> Answer:
        if asked.op == "token":
            return _token(asked)
        if asked.name.startswith("/files/"):
            return self._file(asked.name)
        match told.outcome:
            case "refused" | "duplicate" | "none":
                return _refused(told.reason or told.outcome)
            case "sold":
                return _done(self._shown(told, "A"))
            case "found":
                assert told.sale is not None  # noqa: S101 - of a sale
                status = "E" if told.sale.voided else "B" if told.sale.handed else "A"
                return _done(self._shown(told, status))
            case "file":
                return _done(self._label(told))
            case "priced":
                return _done(
                    [_fee("plain", "E1", 20.10), _fee("plain", "E2", 4), _fee("", "E1", 1)]
                )
            case "events":
                return _done([_way(sale) for sale in told.sales])
            case _:
                return _done(None)

    def _shown(self, told: Told, status: str) -> dict[str, Any]:
        sale = told.sale
        assert sale is not None  # noqa: S101 - of a sale
        with self._lock:
            self._keys[sale.waybill] = sale.key
        return {
            "customer_order_number": sale.key,
            "waybill_number": "" if sale.waits else sale.waybill,
            "tracking_number": "" if sale.waits else f"LM{sale.serial}",
            "track_type": "2" if sale.waits else "1",
            "status": status,
        }

    def _label(self, told: Told) -> dict[str, Any]:
        shown = {"order_number": "", "url": "", "label_type": "PDF", "label_string": ""}
        if told.label is None:
            return shown
        if not self.by_url:
            return {**shown, "label_string": base64.b64encode(told.label).decode()}
        assert told.sale is not None  # noqa: S101 - of a sale
        name = f"/files/{told.sale.ref}"
        with self._lock:
            self._files[name] = told.label
        return {**shown, "url": f"{self._here}{name}"}

    def _file(self, name: str) -> Answer:
        content = self._files.get(name)
        if content is None:
            return Answer(status=404, media="application/xml", body=b"<Error/>")
        return Answer(body=content, media="application/pdf")


def _secret(call: Call) -> str:
    """The secret where token and signature are right; the signature is worked out anew."""
    date = call.headers.get("date", "")
    right = signature(SECRET, date, call.method, call.path, call.body)
    signed = call.headers.get("sign") == right and call.headers.get("token") == TOKEN
    return SECRET if signed else ""


def _token(asked: Asked) -> Answer:
    if asked.secret != SECRET:
        return as_json({"msg": "appId or appSecret is wrong"}, 401)
    return as_json({"accessToken": TOKEN, "expiresIn": 7200})


def _done(result: object) -> Answer:
    return as_json({"t": 1678415735, "success": True, "code": "00000000", "result": result})


def _refused(reason: str) -> Answer:
    status = {"denied": 401, "limit": 429}.get(reason, 200)
    msg = _WORDS.get(reason, reason)
    return as_json({"t": 1678415735, "success": False, "code": "10000001", "msg": msg}, status)


def _fee(product: str, name: str, amount: float) -> dict[str, Any]:
    return {
        "product_code": product,
        "product_name": "Plain",
        "fee_name": name,
        "calculate_amount": amount,
        "currency": "RMB",
        "interval_day": "3-8",
    }


def _way(sale: Sale) -> dict[str, Any]:
    event = {
        "process_time": "2026-11-23T09:00:00",
        "process_utc_time": "2026-11-23T01:00:00",
        "process_content": "已收到发货信息",
        "process_location": "深圳",
        "track_node_code": "ORDER_CREATION",
    }
    return {
        "package_status": "F",
        "track_Info": {"waybill_number": sale.waybill, "track_events": [event]},
    }
