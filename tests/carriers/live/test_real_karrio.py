"""karrio itself, held by the worker, against a scripted UPS on loopback."""

from __future__ import annotations

import base64
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.carriers.conformance import REQUEST
from packstation.carriers.label_files import ZPL
from packstation.carriers.live.books import Books
from packstation.carriers.live.gateway import Account, Karrio
from packstation.carriers.live.processes import Answer, Process
from packstation.domain.carriers import GoodsLine, LabelWanted
from packstation.domain.orders import Address
from packstation.domain.quantities import Money
from tests.carriers.live.conftest import ROOT
from tests.carriers.live.sites import Asked, json_answer, serving

UPS = "onlinetools.ups.com"
ACCOUNT = {
    "client_id": "id",
    "client_secret": "secret",
    "account_number": "A1B2C3",
    "account_country_code": "CN",
}
SHENZHEN = {
    "person_name": "Li Wei",
    "company_name": "Shop",
    "address_line1": "1 Tianhe Rd",
    "city": "Shenzhen",
    "postal_code": "518000",
    "country_code": "CN",
    "phone_number": "+8675512345678",
}
ROMA = SHENZHEN | {"city": "Roma", "postal_code": "00100", "country_code": "IT"}
PARCEL = {
    "weight": 0.333,
    "weight_unit": "KG",
    "length": 20.0,
    "width": 15.0,
    "height": 6.0,
    "dimension_unit": "CM",
}
PAYLOAD = {"shipper": SHENZHEN, "recipient": ROMA, "parcels": [PARCEL], "reference": "p-1/1"}
GIF = base64.b64encode(b"GIF89a picture of a label, as it came").decode()
LABEL = b"^XA^PW812^LL1218^FO60,80^FD1ZA1B2C30000000001^FS^XZ"
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
TOKEN = {"access_token": "t", "issued_at": "32503680000000", "expires_in": "14399"}


@pytest.fixture(scope="module")
def process(karrio_python: str) -> Iterator[Process]:
    held = Process(karrio_python)
    yield held
    held.close()


def ups(asked: Asked) -> tuple[int, bytes, str]:
    """UPS as its published interface describes it, in as few words as karrio understands."""
    if "oauth" in asked.path:
        return json_answer(TOKEN)
    if asked.method == "DELETE":
        done = {"Code": "1", "Description": "Success"}
        voided = {"Response": {"ResponseStatus": done}, "SummaryResult": {"Status": done}}
        return json_answer({"VoidShipmentResponse": voided})
    sent = json.loads(asked.body)["ShipmentRequest"]["Shipment"]
    if sent["ShipTo"]["Address"]["PostalCode"] == "bad":
        error = {"code": "120202", "message": "Missing or invalid ship to postal code"}
        return json_answer({"response": {"errors": [error]}}, status=400)
    label = {"ImageFormat": {"Code": "GIF"}, "GraphicImage": GIF}
    form = json.loads(asked.body)["ShipmentRequest"]["LabelSpecification"]
    if form["LabelImageFormat"]["Code"] == "ZPL":
        zpl = base64.b64encode(LABEL).decode()
        label = {"ImageFormat": {"Code": "ZPL"}, "GraphicImage": zpl}
    package = {"TrackingNumber": "1ZA1B2C30000000001", "ShippingLabel": label}
    results = {
        "ShipmentIdentificationNumber": "1ZA1B2C30000000001",
        "PackageResults": [package],
    }
    return json_answer({"ShipmentResponse": {"ShipmentResults": results}})


def order(
    process: Process, verb: str, payload: dict[str, Any], url: str, deadline_s: float = 30
) -> Answer:
    return process.order(
        verb,
        "ups",
        settings=ACCOUNT,
        payload=payload,
        deadline_s=deadline_s,
        detours={UPS: url},
    )


def test_a_label_is_bought_and_kept_as_it_came(process: Process) -> None:
    with serving(ups) as site:
        answer = order(process, "buy", PAYLOAD | {"service": "ups_worldwide_saver"}, site.url)
    assert answer.ok, answer.error
    assert answer.sent
    result = json.loads(bytes(answer.result))
    assert result["tracking_number"] == "1ZA1B2C30000000001"
    # karrio makes a PDF of UPS's picture; here it stays what it was.
    assert result["docs"]["label"] == GIF
    sent = json.loads(site.asked[-1].body)["ShipmentRequest"]["Shipment"]
    assert sent["ReferenceNumber"]["Value"] == "p-1/1"
    assert sent["Service"]["Code"] == "65"
    assert process.karrio == "2026.1.32"


def test_through_the_gateway(process: Process, tmp_path: Path) -> None:
    """Our request becomes UPS's own, nothing is declared lighter, and the label is UPS's bytes."""
    request = replace(
        REQUEST,
        service="ups_worldwide_saver",
        gross_g=1005,
        recipient=Address(
            name="Mario Rossi", lines=("Via Roma 1",), city="Roma", postcode="00100", country="IT"
        ),
        goods=(GoodsLine(sku="TS", quantity=2, value=Money(Decimal("4.50"), "USD"), net_g=100),),
        wanted=LabelWanted(media=ZPL, dpi=203),
    )
    books = Books(tmp_path / "karrio.sqlite3")
    account = Account(name="our ups", carrier="ups", settings=ACCOUNT)
    with serving(ups) as site:
        detours = {UPS: site.url}
        gateway = Karrio(account, process, books, lambda: NOW, detours=detours)
        got = gateway.buy(request)
        assert gateway.buy(request) == got
        gateway.void(request.key)
    books.close()
    assert got.waybill == "1ZA1B2C30000000001"
    assert got.label is not None
    assert got.label.content == LABEL
    sent = [json.loads(each.body)["ShipmentRequest"] for each in site.asked if b"Ship" in each.body]
    assert len(sent) == 1
    package = sent[0]["Shipment"]["Package"][0]
    assert package["PackageWeight"]["Weight"] == "1.01"  # 1.005 would have gone out as 1.0
    assert sent[0]["LabelSpecification"]["LabelImageFormat"]["Code"] == "ZPL"
    product = sent[0]["Shipment"]["ShipmentServiceOptions"]["InternationalForms"]["Product"][0]
    assert product["Unit"]["Value"] == "4.5"


def test_what_karrio_does_to_weights_and_long_lines(process: Process) -> None:
    """Why both are looked at before (karrio_words): measured, and noticed when it changes."""
    heavy = PAYLOAD | {"parcels": [PARCEL | {"weight": 1.005}], "service": "ups_standard"}
    with serving(ups) as site:
        order(process, "buy", heavy | {"recipient": ROMA | {"address_line1": "x" * 50}}, site.url)
    sent = json.loads(site.asked[-1].body)["ShipmentRequest"]["Shipment"]
    assert sent["Package"][0]["PackageWeight"]["Weight"] == "1.0"
    assert sent["ShipTo"]["Address"]["AddressLine"] == ["x" * 35]


def test_a_refusal_is_a_message_with_the_carriers_code(process: Process) -> None:
    payload = PAYLOAD | {"recipient": ROMA | {"postal_code": "bad"}, "service": "ups_standard"}
    with serving(ups) as site:
        answer = order(process, "buy", payload, site.url)
    assert answer.ok
    assert json.loads(bytes(answer.result)) is None
    assert [said.code for said in answer.messages] == ["120202"]
    assert answer.calls[-1].status == 400


def test_a_label_is_voided(process: Process) -> None:
    with serving(ups) as site:
        answer = order(process, "void", {"shipment_identifier": "1ZA1B2C30000000001"}, site.url)
    assert json.loads(bytes(answer.result))["success"] is True
    assert site.asked[-1].path.endswith("/void/cancel/1ZA1B2C30000000001")


def test_a_ups_that_never_answers_costs_the_deadline(process: Process) -> None:
    done = threading.Event()

    def never(asked: Asked) -> tuple[int, bytes, str]:
        if "oauth" not in asked.path:
            done.wait(30)
        return ups(asked)

    with serving(never) as site:
        begun = time.monotonic()
        answer = order(process, "buy", PAYLOAD | {"service": "ups_standard"}, site.url, 2)
        took = time.monotonic() - begun
        done.set()
    assert answer.sent
    assert json.loads(bytes(answer.result)) is None
    assert took < 6


@pytest.mark.parametrize(
    ("carrier", "settings", "offered"),
    [
        ("ups", ACCOUNT, {"rating", "shipping", "tracking"}),
        ("fedex", {"api_key": "a", "secret_key": "b"}, {"rating", "shipping", "tracking"}),
        ("dhl_express", {"site_id": "a", "password": "b"}, {"rating", "shipping", "tracking"}),
        ("usps", {"client_id": "a", "client_secret": "b"}, {"rating", "shipping", "tracking"}),
        ("canadapost", {"username": "a", "password": "b"}, {"rating", "shipping", "tracking"}),
    ],
)
def test_every_connector_loads(
    process: Process, carrier: str, settings: dict[str, Any], offered: set[str]
) -> None:
    answer = process.order("capabilities", carrier, settings=settings, payload={}, deadline_s=30)
    assert answer.ok, answer.error
    assert offered <= set(json.loads(bytes(answer.result)))


def test_one_pdf_is_written_anew_by_karrio_and_left_alone_here(karrio_python: str) -> None:
    program = """
import base64, io, sys
from pathlib import Path
from PyPDF2 import PdfWriter
made = io.BytesIO()
writer = PdfWriter()
writer.add_blank_page(288, 432)
writer.write(made)
label = base64.b64encode(made.getvalue() + b"% as the carrier ended it\\n").decode()
import ssl
import karrio.lib as lib
anew = lib.bundle_base64([label])
ssl._create_default_https_context = ssl.create_default_context
from packstation.carriers.live import contained
from packstation.carriers.live.outgoing import Outgoing
contained.take_in("karrio.lib", Outgoing())
print(anew == label, lib.bundle_base64([label]) == label)
"""
    done = subprocess.run(
        [karrio_python, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.split() == ["False", "True"]
