"""Every adapter x every fault. A new adapter is one row of SUBJECTS."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final, cast

import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.carriers.adapters.cdek import Cdek, Terms
from packstation.carriers.adapters.easypost import EasyPost
from packstation.carriers.adapters.fourpx import FourPx
from packstation.carriers.adapters.ozon import Ozon
from packstation.carriers.adapters.ozon import Terms as OzonTerms
from packstation.carriers.adapters.ozon_book import MemoryBook
from packstation.carriers.adapters.rest.adapter import RestCarrier
from packstation.carriers.adapters.rest.loading import load
from packstation.carriers.adapters.yunexpress import YunExpress
from packstation.carriers.conformance import KEY, Broken, Case, Subject, cases
from packstation.carriers.conformance import check as check_case
from packstation.carriers.sandbox.cdek import TARIFFS, CdekDialect
from packstation.carriers.sandbox.easypost import EasyPostDialect
from packstation.carriers.sandbox.fourpx import FourPxDialect
from packstation.carriers.sandbox.ozon import METHODS, OzonDialect
from packstation.carriers.sandbox.plain import PlainDialect
from packstation.carriers.sandbox.server import SECRET
from packstation.carriers.sandbox.yunexpress import YunExpressDialect
from packstation.domain.carriers import (
    Bought,
    BuyRequest,
    CarrierGateway,
    LabelFile,
    LabelWanted,
    refused,
)
from packstation.domain.errors import LabelOutcomeUnknown

TIMEOUT_S: Final = 0.75
TRIES: Final = 9


def rest(url: str) -> CarrierGateway:
    described = load(resource("carriers", "sandbox.json").read_bytes())
    quick = replace(described, timeout_s=TIMEOUT_S, settle_s=0)
    return RestCarrier(quick, {"token": SECRET}, base_url=url, pause=lambda _: None)


def close(gateway: CarrierGateway) -> None:
    cast("Any", gateway).close()


def easypost(url: str) -> CarrierGateway:
    return EasyPost(SECRET, base_url=url, timeout_s=TIMEOUT_S, pause=lambda _: None)


def warm(gateway: CarrierGateway) -> CarrierGateway:
    """With its token: a busy machine may take longer for one than the time-out of these tests."""
    for _ in range(TRIES):
        with suppress(LabelOutcomeUnknown):
            gateway.find("nobody/0")
            break
    return gateway


def yunexpress(url: str) -> CarrierGateway:
    return warm(
        YunExpress("app", SECRET, "source", base_url=url, timeout_s=TIMEOUT_S, pause=lambda _: None)
    )


def cdek(url: str) -> CarrierGateway:
    return warm(
        Cdek(
            "contract",
            SECRET,
            Terms(tariffs=TARIFFS),
            base_url=url,
            timeout_s=TIMEOUT_S,
            pause=lambda _: None,
        )
    )


def fourpx(url: str) -> CarrierGateway:
    return FourPx("app", SECRET, base_url=url, timeout_s=TIMEOUT_S, pause=lambda _: None)


def ozon(url: str) -> CarrierGateway:
    return Ozon(
        "seller",
        SECRET,
        OzonTerms(methods=METHODS),
        MemoryBook(),
        base_url=url,
        timeout_s=TIMEOUT_S,
        pause=lambda _: None,
    )


# The answer to a purchase says where a label lies; the file is a request of its own.
APART: Final = frozenset({"file truncated", "file wrong_size", "file no_label"})

# The buyer is Ozon's: no name and no place is sent.
OZON_LACKS: Final = APART | {f"odd {one}" for one in ("newline", "null", "nobody", "nowhere")}

SUBJECTS: Final = (
    Subject(name="rest", dialect=PlainDialect, make=rest, close=close),
    Subject(
        name="easypost",
        dialect=EasyPostDialect,
        make=easypost,
        close=close,
        lacks=APART,
    ),
    Subject(
        name="yunexpress",
        dialect=YunExpressDialect,
        make=yunexpress,
        close=close,
        lacks=APART,
    ),
    Subject(
        name="4px",
        dialect=FourPxDialect,
        make=fourpx,
        close=close,
        # Nobody says whose clock a time of theirs is, nor what their codes mean.
        lacks=APART | {"track"},
    ),
    Subject(name="cdek", dialect=CdekDialect, make=cdek, close=close, lacks=APART),
    Subject(
        name="ozon",
        dialect=lambda: OzonDialect(key_of=lambda _: KEY),
        make=ozon,
        close=close,
        lacks=OZON_LACKS,
    ),
    Subject(
        name="ozon, a part",
        dialect=lambda: OzonDialect(goods={"TS": 9, "MUG": 1}, key_of=lambda _: KEY),
        make=ozon,
        close=close,
        lacks=OZON_LACKS,
    ),
    Subject(
        name="yunexpress by address",
        dialect=lambda: YunExpressDialect(by_url=True),
        make=yunexpress,
        close=close,
        lacks=APART,
    ),
)
ROWS: Final = [
    pytest.param(subject, case, id=f"{subject.name}: {case.name}")
    for subject in SUBJECTS
    for case in cases(subject)
]


@pytest.mark.parametrize(("subject", "case"), ROWS)
def test_an_adapter_keeps_to_the_seam(subject: Subject, case: Case) -> None:
    check_case(subject, case)


class Eager(RestCarrier):
    """Buys again where it got no answer."""

    def buy(self, request: BuyRequest) -> Bought:
        try:
            return self.sell(request)
        except LabelOutcomeUnknown:
            return self.sell(request)


class Hasty(RestCarrier):
    """Takes any trouble with a question for a no."""

    def find(self, key: str) -> Bought | None:
        try:
            return super().find(key)
        except LabelOutcomeUnknown:
            return None


class Believing(RestCarrier):
    """Takes a lost answer for a refusal."""

    def buy(self, request: BuyRequest) -> Bought:
        try:
            return super().buy(request)
        except LabelOutcomeUnknown:
            raise refused(request.key, "carrier") from None


class Careless(RestCarrier):
    """Gives out any file as a label."""

    def label(self, key: str, wanted: LabelWanted) -> LabelFile | None:
        try:
            return super().label(key, wanted)
        except LabelOutcomeUnknown:
            return LabelFile(content=b"<html>", media="application/pdf")


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        (Eager, {"buy lost", "buy html", "buy cut"}),
        (Hasty, {"buy lost, find fails"}),
        (Believing, {"buy late"}),
        (Careless, {"label truncated", "label no_label"}),
    ],
)
def test_the_kit_sees_adapters_that_waste_money(kind: type[RestCarrier], seen: set[str]) -> None:
    def make(url: str) -> CarrierGateway:
        quick = replace(load(resource("carriers", "sandbox.json").read_bytes()), timeout_s=0.25)
        return kind(quick, {"token": SECRET}, base_url=url, pause=lambda _: None)

    subject = Subject(name="bad", dialect=PlainDialect, make=make, close=close)
    for case in cases(subject):
        if case.name in seen:
            with pytest.raises(Broken):
                check_case(subject, case)
