"""Labels that exist online only: bought once, asked by key, never bought again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from packstation.client.labels import ServerLabels
from packstation.client.wire import Who, Wire
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused, ServerUnreachable
from tests.client.scripted import Reply, Script

KEY = "p-1/2"
ISSUED = {"key": KEY, "status": "issued", "waybill": "RB1CN", "blob": "ab"}
REQUEST = {
    "order": "O-1",
    "rev": 3,
    "parcel": "p-1",
    "carrier": "sandbox",
    "service": "express",
    "gross_g": 540,
    "size_mm": [300, 200, 100],
}
PATH = "/v1/labels/p-1/2"


@pytest.fixture
def labels(wire: Wire) -> Iterator[ServerLabels]:
    made = ServerLabels(wire, Who("B-01"))
    yield made
    made.close()


def test_a_label_is_bought_by_key(labels: ServerLabels, script: Script) -> None:
    script.on("/v1/labels", Reply(ISSUED))
    assert labels.issue(KEY, REQUEST) == ("RB1CN", "ab")
    (asked,) = script.asked
    assert asked.body == {**REQUEST, "key": KEY, "details": {}}


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply({"code": "refused", "reason": "address"}, 409), "address"),
        (Reply({"code": "changed", "rev": 4}, 409), "changed"),
        (Reply({"code": "unknown_carrier"}, 404), "unknown_carrier"),
        (Reply(b"", 400), "400"),
        (Reply({**ISSUED, "status": "voided"}), "voided"),
        (Reply({**ISSUED, "waybill": ""}), "issued"),
    ],
)
def test_a_refusal_names_its_reason(
    labels: ServerLabels, script: Script, reply: Reply, reason: str
) -> None:
    script.on("/v1/labels", reply)
    with pytest.raises(LabelRefused) as caught:
        labels.issue(KEY, REQUEST)
    assert caught.value.fields["reason"] == reason
    assert caught.value.fields["label_key"] == KEY


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=0),
        Reply({"key": KEY, "status": "pending"}, 202),
        Reply({}, 500),
        Reply({}, 503),
        Reply({}, 429),
        Reply(b"<html>", 200),
    ],
)
def test_no_answer_is_not_known(labels: ServerLabels, script: Script, reply: Reply) -> None:
    script.on("/v1/labels", reply)
    script.on(PATH, reply)
    script.on(f"{PATH}/void", reply)
    with pytest.raises(LabelOutcomeUnknown):
        labels.issue(KEY, REQUEST)
    with pytest.raises(LabelOutcomeUnknown):
        labels.find(KEY)


def test_a_request_that_fits_no_shape_is_refused_before_it_is_sent(
    labels: ServerLabels, script: Script
) -> None:
    with pytest.raises(LabelRefused):
        labels.issue(KEY, {"parcel": 5})
    with pytest.raises(LabelRefused):
        labels.issue("no-attempt", REQUEST)
    assert script.asked == []


def test_what_a_key_bought_is_found(labels: ServerLabels, script: Script) -> None:
    script.on(PATH, Reply(ISSUED))
    assert labels.find(KEY) == ("RB1CN", "ab")


@pytest.mark.parametrize(
    "reply",
    [Reply({"code": "never_bought"}, 404), Reply({"code": "refused", "reason": "x"}, 409)],
)
def test_a_key_that_bought_nothing(labels: ServerLabels, script: Script, reply: Reply) -> None:
    script.on(PATH, reply)
    assert labels.find(KEY) is None


def test_a_void(labels: ServerLabels, script: Script) -> None:
    path = f"{PATH}/void"
    script.on(path, Reply({"key": KEY, "status": "voided"}))
    labels.void(KEY)
    assert [(asked.method, asked.target) for asked in script.asked] == [("POST", path)]
    script.on(path, Reply({"code": "refused", "reason": "tendered"}, 409))
    with pytest.raises(LabelRefused, match="tendered"):
        labels.void(KEY)
    script.on(path, Reply({"key": KEY, "status": "voiding"}, 202))
    with pytest.raises(LabelOutcomeUnknown):
        labels.void(KEY)


def test_a_hostile_key_stays_one_path_part(labels: ServerLabels, script: Script) -> None:
    script.on("/v1/labels/..%2F..%2Fadmin%3Fx/1", Reply({"code": "never_bought"}, 404))
    assert labels.find("../../admin?x/1") is None


def test_a_carriers_file_is_got_by_its_hash(labels: ServerLabels, script: Script) -> None:
    script.on("/v1/blobs/ab", Reply(b"^XA^XZ"))
    assert labels.file("ab") == b"^XA^XZ"
    script.on("/v1/blobs/cd", Reply({"code": "unknown_blob"}, 404))
    with pytest.raises(ServerUnreachable) as caught:
        labels.file("cd")
    assert caught.value.fields["cause"] == "label file: 404"


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply({"order": "O/1", "rev": 3}), ""),
        (Reply({"code": "changed", "reason": "cancelled", "rev": 4}, 409), "cancelled"),
        (Reply({"code": "unknown_order"}, 404), ""),
        (Reply(b"<html>", 502), ""),
    ],
)
def test_before_a_label_the_server_is_asked(
    labels: ServerLabels, script: Script, reply: Reply, why: str
) -> None:
    script.on("/v1/orders/O%2F1/checkpoint", reply)
    assert labels.checkpoint("O/1", 7, 3) == why
    assert script.asked[0].body == {"rev": 3, "fence": 7}
