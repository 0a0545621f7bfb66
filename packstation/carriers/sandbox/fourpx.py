"""The scripted carrier as 4PX: methods by name at one address, signed parameters, data as text."""

from __future__ import annotations

import threading
from typing import Any, Final

import msgspec

from packstation.carriers.adapters.fourpx_words import signature
from packstation.carriers.sandbox.books import Sale
from packstation.carriers.sandbox.dialect import Answer, Asked, Call, Told, as_json
from packstation.carriers.sandbox.server import SECRET

_PUBLIC: Final = ("app_key", "format", "method", "timestamp", "v")
_OPS: Final = {
    "ds.xms.order.create": "buy",
    "ds.xms.order.get": "find",
    "ds.xms.order.cancel": "void",
    "ds.xms.order.hold": "quote",
    "ds.xms.label.get": "label",
    "ds.xms.estimated_cost.get": "quote",
    "tr.order.tracking.get": "track",
}
# The codes are ours, theirs are published nowhere.
_WORDS: Final = {
    "address": "收件人地址不在派送范围",
    "weight": "包裹重量超出产品限制",
    "service": "物流产品已关闭",
    "duplicate": "客户单号已存在",
    "denied": "签名错误",
    "limit": "too many requests",
    "never_bought": "委托单不存在",
    "tendered": "委托单已交货，不能取消",
}


class FourPxDialect:
    """Reads and writes it; every other answer has its data as JSON in a text."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: dict[str, str] = {}
        self._files: dict[str, bytes] = {}
        self._here = ""

    def read(self, call: Call) -> Asked | None:
        self._here = f"http://{call.headers.get('host', '')}"
        if call.path.startswith("/files/"):
            return Asked(op="quote", secret=SECRET, name=call.path)
        op = _OPS.get(call.query.get("method", ""))
        if op is None or call.path != "/router/api/service":
            return None
        sent = call.json()
        to = sent.get("recipient_info") or {}
        parcel = (sent.get("parcel_list") or [{}])[0]
        number = str(sent.get("request_no", ""))
        return Asked(
            op=op,  # type: ignore[arg-type] # of the table
            secret=_secret(call),
            key=str(sent.get("ref_no") or self._keys.get(number, number)),
            service=str(
                (sent.get("logistics_service_info") or {}).get("logistics_product_code", "")
            ),
            name=str(to.get("first_name", "")),
            country=str(to.get("country", "")),
            postcode=str(to.get("post_code", "")),
            gross_g=int(parcel.get("weight") or 0),
            waybills=(str(sent.get("deliveryOrderNo", "")),),
        )

    def write(self, asked: Asked, told: Told) -> Answer:
        if asked.name.startswith("/files/"):
            content = self._files.get(asked.name)
            if content is None:
                return Answer(status=404, media="application/xml", body=b"<Error/>")
            return Answer(body=content, media="application/pdf")
        match told.outcome:
            case "refused" | "duplicate" | "none":
                return _refused(told.reason or told.outcome)
            case "sold":
                return _done(self._shown(told.sale))
            case "found":
                info = msgspec.json.encode([{"consignment_info": self._shown(told.sale)}])
                return _done(info.decode())
            case "file":
                return _done({"label_url_info": {"logistics_label": self._label(told)}})
            case "events":
                return _done(_way(told.sales[0])) if told.sales else _refused("never_bought")
            case "priced":
                return _done([_price("fast", "31.50"), _price("plain", "24.10"), _price("x", "")])
            case _:
                return _done(None)

    def _shown(self, sale: Sale | None) -> dict[str, Any]:
        assert sale is not None  # noqa: S101 - of a sale
        with self._lock:
            self._keys[sale.waybill] = sale.key
        return {
            "ref_no": sale.key,
            "ds_consignment_no": sale.ref,
            "4px_tracking_no": "" if sale.waits else sale.waybill,
            "logistics_channel_no": "" if sale.waits else f"LM{sale.serial}",
            "consignment_status": "X" if sale.voided else "V" if sale.handed else "P",
        }

    def _label(self, told: Told) -> str:
        if told.label is None or told.sale is None:
            return ""
        name = f"/files/{told.sale.ref}"
        with self._lock:
            self._files[name] = told.label
        return f"{self._here}{name}"


def _secret(call: Call) -> str:
    """The secret where the signature is right; it is worked out anew."""
    public = {name: call.query.get(name, "") for name in _PUBLIC}
    right = signature(public, call.body, SECRET)
    return SECRET if call.query.get("sign") == right else ""


def _done(data: object) -> Answer:
    return as_json({"result": "1", "msg": "系统处理成功", "data": data})


def _refused(reason: str) -> Answer:
    error = {"error_code": "DS000000", "error_msg": _WORDS.get(reason, reason)}
    status = 429 if reason == "limit" else 200
    return as_json({"result": "0", "msg": "系统处理失败", "errors": [error]}, status)


def _way(sale: Sale) -> dict[str, Any]:
    event = {
        "businessLinkCode": "FPX_L_RPIF",
        "occurDatetime": "2026-11-23 09:00:00",
        "occurLocation": "Shenzhen",
        "trackingContent": "Parcel information received",
    }
    return {"deliveryOrderNo": sale.waybill, "trackingList": [event]}


def _price(product: str, fee: str) -> dict[str, str]:
    return {"logistics_product_code": product, "lump_sum_fee": fee, "estimated_time": "7-12"}
