"""Whatever Ozon answers, what comes out is an answer of the seam or an error of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from packstation.carriers.adapters.ozon import Ozon, Terms
from packstation.carriers.adapters.ozon_book import Entry, MemoryBook
from packstation.carriers.conformance import REQUEST
from packstation.carriers.sandbox.dialect import Answer, Asked, Call, Told
from packstation.carriers.sandbox.ozon import METHODS, OzonDialect, Posting
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.domain.carriers import Bought, GoodsLine, LabelFile, LabelWanted, ManifestAsked
from packstation.domain.errors import PackstationError

NUMBER: Final = "A-1"
PATHS: Final = (
    *("/v3/posting/fbs/get", "/v1/posting/fbs/restrictions", "/v4/posting/fbs/ship"),
    *("/v4/posting/fbs/ship/package", "/v6/fbs/posting/product/exemplar/create-or-get"),
    *("/v5/fbs/posting/product/exemplar/validate", "/v6/fbs/posting/product/exemplar/set"),
    *("/v5/fbs/posting/product/exemplar/status", "/v2/posting/fbs/product/country/set"),
    *("/v2/posting/fbs/package-label/create", "/v2/posting/fbs/package-label/get"),
    *("/v2/carriage/delivery/list", "/v1/carriage/create", "/v1/carriage/get"),
    *("/v1/carriage/set-postings", "/v1/carriage/approve", "/v2/posting/fbs/act/get-pdf"),
    "/v2/posting/fbs/act/get-container-labels",
)
NAMES: Final = (
    "result posting_number status substatus tracking_number products product_id sku offer_id "
    "quantity exemplars exemplar_id marks mark mark_type gtd weight errors error requirements "
    "products_requiring_gtd related_postings related_posting_numbers tasks task_id task_type code "
    "file_url unprinted_postings methods delivery_method delivery_method_id carriages id "
    "carriage_id max_posting_weight width message is_gtd_needed barcodes upper_barcode"
).split()
TEXTS: Final = (
    *("", NUMBER, f"{NUMBER}-2", "awaiting_packaging", "awaiting_deliver", "cancelled", "TS"),
    *("completed", "error", "big_label", "ship_available", "ship_not_available", "new", "1e9"),
    *("http://169.254.169.254/x", "file:///etc/passwd", METHODS["plain"], "900800700"),
)
JSON: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(TEXTS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=8)
    ),
    max_leaves=30,
)


class Lie(Struct, frozen=True):
    """What comes on a path: ``document`` in place of the true answer, or of its part ``at``."""

    path: str = ""
    document: Any = None
    status: int = 200
    at: int | None = None


class Liar(OzonDialect):
    """Lies on one path, and says on all others what Ozon does."""

    def __init__(self) -> None:
        super().__init__()
        self.lie = Lie()
        self._path = ""

    def read(self, call: Call) -> Asked | None:
        self._path = call.path
        return super().read(call)

    def write(self, asked: Asked, told: Told) -> Answer:
        lie, answer = self.lie, super().write(asked, told)
        if lie.path != self._path:
            return answer
        document = lie.document
        if lie.at is not None and answer.body[:1] == b"{":
            document = msgspec.json.decode(answer.body)
            places = list(parts_of(document))
            inside, name = places[lie.at % len(places)]
            inside[name] = lie.document
        return Answer(status=lie.status, body=msgspec.json.encode(document))


def parts_of(document: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    """Every place of a document: what it lies in, and its name or index there."""
    inside = document.items() if isinstance(document, dict) else enumerate(document)
    for name, value in list(inside):
        yield document, name
        if isinstance(value, dict | list):
            yield from parts_of(value)


class Place:
    """An account beside a liar, with a parcel that was shipped before it began to lie."""

    def __init__(self) -> None:
        self.liar = Liar()
        self.server = FaultServer(self.liar)
        self.times = 0

    def fresh(self) -> Ozon:
        """An order of three, of which one is shipped in a box of its own."""
        with self.liar.lock:
            self.liar.lie = Lie()
            self.times += 1
            self.number = f"{NUMBER}-{self.times}"
            self.liar.put(self.number, Posting(goods={"TS": 3}, needs=("gtd",)))
            self.liar.docks.carriages.clear()
        self.book = MemoryBook()
        ozon = Ozon(
            *("seller", SECRET, Terms(methods=METHODS), self.book),
            base_url=self.server.url,
            timeout_s=5,
            pause=lambda _: None,
        )
        ozon.buy(self.request("p/1"))
        found = ozon.find("p/1")
        assert found is not None
        self.waybill = found.waybill
        return ozon

    def request(self, key: str) -> Any:  # noqa: ANN401 - a request
        goods = (GoodsLine(sku="TS", quantity=1, units=({"gtd": "1"},)),)
        return replace(REQUEST, key=key, order=self.number, goods=goods)


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    made = Place()
    yield made
    made.server.close()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    document=JSON,
    path=st.sampled_from(PATHS),
    status=st.sampled_from([200, 200, 200, 201, 400, 404, 409, 503]),
    at=st.none() | st.integers(0, 60),
)
def test_nothing_else_comes_out(
    place: Place, document: object, path: str, status: int, at: int | None
) -> None:
    ozon = place.fresh()
    lost = Entry(key="q/1", posting=place.number, goods={"900800700": 1}, whole=False)
    place.book.keep(lost)
    asked = ManifestAsked(key="m", service="plain", waybills=(place.waybill,), containers=1)
    calls: tuple[tuple[Callable[[], object], type], ...] = (
        (lambda: ozon.buy(place.request("r/1")), Bought),
        (lambda: ozon.find("p/1"), Bought),
        (lambda: ozon.find("q/1"), Bought),
        (lambda: ozon.label("p/1", LabelWanted()), LabelFile),
        (lambda: ozon.manifest(asked), object),
    )
    place.liar.lie = Lie(path, document, status, at)
    for call, kind in calls:
        with suppress(PackstationError):
            answer = call()
            assert answer is None or isinstance(answer, kind)
    ozon.close()
