"""The scripted carrier as Ozon: postings, exemplars, shipping with splits, labels by task.

Its books count what was shipped: ``key_of`` says under which key (our keys never get here), else
each parcel's own posting number is one. The half that hands over is ``ozon_docks.py``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct, field

from packstation.carriers.sandbox.books import MAX_G, Sale
from packstation.carriers.sandbox.dialect import Answer, Asked, Call, Told, as_json
from packstation.carriers.sandbox.ozon_docks import Docks
from packstation.carriers.sandbox.server import SECRET

METHODS: Final = {"plain": "1020001234567000", "fast": "1020001234568000"}
_SERVICES: Final = {number: name for name, number in METHODS.items()}
_SKU: Final = 900_800_700
_PRE: Final = "fbs/posting/product/exemplar"
_ERRORS: Final = {
    "denied": (401, "Invalid Api-Key, please contact support"),
    "limit": (429, "You have reached request rate limit per second"),
    "duplicate": (409, "POSTING_ALREADY_SHIPPED"),
    "none": (404, "Posting not found"),
}

Json = dict[str, Any]


class Posting(Struct, kw_only=True):
    """A posting: ``goods`` are units by offer; ``needs`` are what each unit must bear."""

    goods: dict[str, int]
    service: str = "plain"
    needs: tuple[str, ...] = ()
    status: str = "awaiting_packaging"
    substatus: str = "posting_created"
    key: str = ""
    parent: str = ""
    related: list[str] = field(default_factory=list)
    exemplars: list[Json] = field(default_factory=list)


class Shipping(Struct, frozen=True, kw_only=True):
    """A request to ship; what was sold by it is entered when the books have it."""

    posting: str
    goods: Mapping[str, int]
    whole: bool
    number: str


class OzonDialect:
    """Reads and writes it. ``goods``: what an order has that nobody put there.

    ``draw`` makes a label of (waybill, task type), else it is the books'. ``slow``: how many looks
    until labels and checks are ready.
    """

    def __init__(
        self,
        *,
        goods: Mapping[str, int] | None = None,
        key_of: Callable[[str], str] = lambda number: number,
        draw: Callable[[str, str], bytes] | None = None,
        slow: int = 1,
    ) -> None:
        self._goods = dict(goods or {"TS": 2})
        self.key_of, self._draw, self.slow = key_of, draw, slow
        self.lock = threading.RLock()
        self.postings: dict[str, Posting] = {}
        self.exemplars_set: list[Json] = []
        self.countries: dict[str, str] = {}
        self.docks = Docks(self._packed)
        self._shippings: dict[str, Shipping] = {}
        self._waybills: dict[str, str] = {}
        self._tasks: list[tuple[str, str]] = []
        self._looks: dict[str, int] = {}
        self._here = ""

    def put(self, number: str, posting: Posting) -> None:
        """An order of the marketplace."""
        with self.lock:
            self.postings[number] = posting

    # --- what is asked ----------------------------------------------------------------------

    def read(self, call: Call) -> Asked | None:
        self._here = f"http://{call.headers.get('host', '')}"
        path, sent = call.path.strip("/"), call.json()
        if path.startswith("files/"):
            number = self._tasks[int(path.split("/")[1].removesuffix(".pdf"))][0]
            key = self.postings[number].key
            return Asked(op="label", secret=SECRET, key=key, name=path)
        secret = call.headers.get("api-key", "")
        if call.method != "POST":
            return None
        with self.lock:
            number = str(sent.get("posting_number", ""))
            if path == "v3/posting/fbs/get":
                return self._get(number, secret)
            if path in {"v4/posting/fbs/ship", "v4/posting/fbs/ship/package"}:
                return self._ship(number, sent, secret)
            if path == "v2/posting/fbs/act/get-pdf":
                waybills = self.docks.waybills(str(sent.get("id")))
                return Asked(op="manifest", secret=secret, name="act", waybills=waybills)
            return Asked(op="quote", secret=secret, name=path, key=call.body.decode())

    def _get(self, number: str, secret: str) -> Asked:
        posting = self._posting(number)
        waits = next((key for key, one in self._shippings.items() if one.posting == number), "")
        key = posting.key or waits
        op = "find" if key else "quote"
        return Asked(op=op, secret=secret, name=f"get {number}", key=key)  # type: ignore[arg-type] # of two

    def _ship(self, number: str, sent: Json, secret: str) -> Asked:
        posting = self._posting(number)
        packages = sent.get("packages") or [sent]
        goods = {
            list(self._goods_of(posting))[int(one["product_id"]) - _SKU]: int(one["quantity"])
            for package in packages
            for one in package.get("products") or []
        }
        whole = "packages" in sent
        own = number if whole else f"{number}-{len(posting.related) + 2}"
        key = self.key_of(own)
        self._shippings[key] = Shipping(posting=number, goods=goods, whole=whole, number=own)
        return Asked(
            op="buy",
            secret=secret,
            key=key,
            service=posting.service,
            name="Ozon",
            country="RU",
            gross_g=1,
        )

    def _posting(self, number: str) -> Posting:
        return self.postings.setdefault(number, Posting(goods=dict(self._goods)))

    def _goods_of(self, posting: Posting) -> dict[str, int]:
        """Of the order, so that a product keeps its number through all splits."""
        root = posting
        while root.parent:
            root = self.postings[root.parent]
        return root.goods

    # --- what is answered -------------------------------------------------------------------

    def write(self, asked: Asked, told: Told) -> Answer:
        with self.lock:
            return self._write(asked, told)

    def _write(self, asked: Asked, told: Told) -> Answer:
        if told.outcome in {"refused", "duplicate"}:
            return _no(told.reason or told.outcome)
        if told.sale is not None:
            self._enter(asked.key, told.sale)
        match asked.op:
            case "buy":
                return self._shipped(asked.key)
            case "find":
                return self._shown(asked.name.removeprefix("get "), told.sale)
            case "label":
                return self._file(asked, told)
            case "manifest":
                return self.docks.act()
            case _:
                return self._plain(asked)

    def _enter(self, key: str, sale: Sale) -> None:
        """What the books sold is done to the postings, whoever heard of it."""
        shipping = self._shippings.get(key)
        if shipping is None:
            return
        parent = self.postings[shipping.posting]
        if shipping.whole:
            posting = parent
        else:
            posting = self.postings.get(shipping.number) or self._split(shipping, parent)
        posting.key = key
        posting.status = "delivering" if sale.handed else "awaiting_deliver"
        self._waybills[shipping.number] = sale.waybill
        del self._shippings[key]

    def _split(self, shipping: Shipping, parent: Posting) -> Posting:
        for offer, units in shipping.goods.items():
            parent.goods[offer] -= units
            sku = _SKU + list(self._goods_of(parent)).index(offer)
            for one in parent.exemplars:
                if one["product_id"] == sku:
                    del one["exemplars"][:units]
        posting = Posting(
            goods=dict(shipping.goods), service=parent.service, parent=shipping.posting
        )
        posting.related = [shipping.posting]
        parent.related.append(shipping.number)
        self.postings[shipping.number] = posting
        return posting

    def _shipped(self, key: str) -> Answer:
        number = next(name for name, one in self.postings.items() if one.key == key)
        split = bool(self.postings[number].parent)
        return as_json({"result": number if split else [number], "additional_data": []})

    def _shown(self, number: str, sale: Sale | None) -> Answer:
        posting = self._posting(number)
        own = sale is not None and posting.key == sale.key
        waits = own and sale is not None and bool(sale.waits)
        status = posting.status
        if own and sale is not None and sale.handed:
            status = "delivering"
        shown = {
            "posting_number": number,
            "parent_posting_number": posting.parent or None,
            "status": "awaiting_packaging" if waits else status,
            "substatus": "ship_in_process" if waits else posting.substatus,
            "tracking_number": "" if waits else self._waybills.get(number, ""),
            "barcodes": {"upper_barcode": f"%101%{abs(hash(number)) % 10**10}"},
            "delivery_method": {"id": int(METHODS[posting.service]), "name": posting.service},
            "products": self._products(posting),
            "requirements": self._requirements(posting),
            "related_postings": {"related_posting_numbers": posting.related},
        }
        return as_json({"result": shown})

    def _products(self, posting: Posting) -> list[Json]:
        offers = list(self._goods_of(posting))
        return [
            {"sku": _SKU + offers.index(offer), "offer_id": offer, "quantity": units}
            for offer, units in posting.goods.items()
            if units
        ]

    def _requirements(self, posting: Posting) -> Json:
        skus = [one["sku"] for one in self._products(posting)]
        names = {"mark": "mandatory_mark"}
        return {f"products_requiring_{names.get(one, one)}": skus for one in posting.needs}

    def _file(self, asked: Asked, told: Told) -> Answer:
        number, kind = self._tasks[int(asked.name.split("/")[1].removesuffix(".pdf"))]
        if told.label is None:
            return Answer(status=404, media="application/xml", body=b"<Error/>")
        body = self._draw(self._waybills[number], kind) if self._draw else told.label
        return Answer(body=body, media="application/pdf")

    # --- questions --------------------------------------------------------------------------

    def _plain(self, asked: Asked) -> Answer:
        if asked.name.startswith("get "):
            number = asked.name.removeprefix("get ")
            return _no("none") if number.startswith("nowhere") else self._shown(number, None)
        sent = Call(method="", path="", query={}, headers={}, body=asked.key.encode()).json()
        docked = self.docks.answer(asked.name, sent)
        if docked is not None:
            return docked
        answers = {
            "v1/posting/fbs/restrictions": self._restrictions,
            "v2/posting/fbs/product/country/set": self._country,
            f"v6/{_PRE}/create-or-get": self._exemplars,
            f"v5/{_PRE}/validate": self._validate,
            f"v6/{_PRE}/set": self._set,
            f"v5/{_PRE}/status": self._status,
            "v2/posting/fbs/package-label/create": self._task,
            "v2/posting/fbs/package-label/get": self._task_state,
        }
        found = answers.get(asked.name)
        return found(sent) if found else Answer(status=404, body=b"404 page not found")

    @staticmethod
    def _restrictions(sent: Json) -> Answer:
        limits = {"max_posting_weight": float(MAX_G), "width": 60.0, "length": 60.0, "height": 60.0}
        return as_json({"result": {"posting_number": sent["posting_number"], **limits}})

    def _country(self, sent: Json) -> Answer:
        self.countries[str(sent["product_id"])] = sent["country_iso_code"]
        return as_json({"product_id": sent["product_id"], "is_gtd_needed": False})

    def _exemplars(self, sent: Json) -> Answer:
        posting = self._posting(sent["posting_number"])
        if not posting.exemplars:
            posting.exemplars = [
                {
                    "product_id": one["sku"],
                    "quantity": one["quantity"],
                    "is_mandatory_mark_needed": "mark" in posting.needs,
                    "is_gtd_needed": "gtd" in posting.needs,
                    "exemplars": [
                        {"exemplar_id": 10_000 * at + n + 1, "marks": []}
                        for n in range(one["quantity"])
                    ],
                }
                for at, one in enumerate(self._products(posting), 1)
            ]
        return as_json({"posting_number": sent["posting_number"], "products": posting.exemplars})

    @staticmethod
    def _validate(sent: Json) -> Answer:
        """A mark that ends in "forged" is in no register."""
        rows = [
            {
                "product_id": one["product_id"],
                "exemplars": [
                    {"valid": not wrong, "marks": [{"errors": wrong}]}
                    for each in one["exemplars"]
                    for wrong in [_forged(each)]
                ],
            }
            for one in sent["products"]
        ]
        return as_json({"products": rows})

    def _set(self, sent: Json) -> Answer:
        self.exemplars_set.append(sent)
        return as_json({})

    def _status(self, sent: Json) -> Answer:
        ready = self._ready(f"exemplars {sent['posting_number']}")
        status = "ship_available" if ready else "validation_in_process"
        return as_json({"posting_number": sent["posting_number"], "status": status})

    def _task(self, sent: Json) -> Answer:
        number = sent["posting_number"][0]
        if self._posting(number).status == "awaiting_packaging":
            return _no("NO_POSTINGS_FOR_BATCH_DOWNLOAD")
        made = []
        for kind in ("big_label", "small_label"):
            made.append({"task_id": len(self._tasks), "task_type": kind})
            self._tasks.append((number, kind))
        return as_json({"tasks": made})

    def _task_state(self, sent: Json) -> Answer:
        task = int(sent["task_id"])
        if not self._ready(f"task {task}"):
            return as_json({"status": {"code": "in_progress"}, "file_url": ""})
        status = {"code": "completed", "printed_postings_count": 1, "unprinted_postings": []}
        return as_json({"status": status, "file_url": f"{self._here}/files/{task}.pdf"})

    def _ready(self, what: str) -> bool:
        looks = self._looks[what] = self._looks.get(what, 0) + 1
        return looks > self.slow

    def _packed(self, number: str) -> str:
        """The waybill of a posting that can be handed over; "" for any other."""
        return self._waybills.get(number, "")


def _forged(each: Json) -> list[str]:
    marks = [str(one.get("mark", "")) for one in each.get("marks") or []]
    return ["MARK_NOT_FOUND"] if any(one.endswith("forged") for one in marks) else []


def _no(reason: str) -> Answer:
    status, message = _ERRORS.get(reason, (400, reason))
    return as_json({"code": status, "message": message, "details": []}, status)
