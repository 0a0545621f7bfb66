"""What importing karrio does to a process, and that it is undone."""

from __future__ import annotations

import importlib
import ssl
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest

from packstation.carriers.live import contained
from packstation.carriers.live.outgoing import MAX_BYTES, Call, NotSent, Outgoing
from packstation.carriers.live.sdk import HOSTS, Sdk, version
from tests.carriers.live.fake_karrio import written
from tests.carriers.live.sites import json_answer, self_signed, serving

UPS = "onlinetools.ups.com"


@pytest.fixture
def karrio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package that misbehaves can be imported here; afterwards it never was."""
    before = ssl._create_default_https_context
    monkeypatch.syspath_prepend(str(written(tmp_path)))
    yield
    ssl._create_default_https_context = before
    for name in [each for each in sys.modules if each.split(".")[0] in {"karrio", "loguru"}]:
        del sys.modules[name]


@pytest.fixture
def outgoing() -> Outgoing:
    made = Outgoing()
    made.begin(HOSTS["ups"], deadline_s=10)
    return made


def request(url: str, method: str = "POST") -> urllib.request.Request:
    return urllib.request.Request(url, data=b"{}", method=method)  # noqa: S310 - of this test


def looks(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - loopback
        return str(answer.read().decode())


@pytest.mark.usefixtures("karrio")
def test_a_self_signed_server_is_refused_after_the_import(
    tmp_path: Path, outgoing: Outgoing
) -> None:
    with serving(lambda _: (200, b"ok", "text/plain"), certificate=self_signed(tmp_path)) as site:
        with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
            looks(site.url)
        importlib.import_module(contained.HELPERS)
        assert looks(site.url) == "ok"  # that is what the import alone does
        for name in [each for each in sys.modules if each.startswith("karrio")]:
            del sys.modules[name]
        ssl._create_default_https_context = ssl.create_default_context
        contained.take_in("karrio.plugins.ups", outgoing)
        with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
            looks(site.url)


@pytest.mark.usefixtures("karrio")
def test_the_way_out_checks_certificates_by_itself(
    tmp_path: Path, outgoing: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(lambda _: (200, b"ok", "text/plain"), certificate=self_signed(tmp_path)) as site:
        outgoing.begin(HOSTS["ups"], deadline_s=10, detours={UPS: site.url})
        monkeypatch.setattr(ssl, "_create_default_https_context", ssl._create_unverified_context)
        with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
            outgoing.open(request(f"https://{UPS}/x"))
    assert site.asked == []


@pytest.mark.usefixtures("karrio")
def test_a_process_that_checks_nothing_is_not_used(outgoing: Outgoing) -> None:
    sdk = Sdk(outgoing)
    with pytest.raises(contained.Uncontained):
        # Between its import and the answer the connector turned the check off again.
        sdk.call("rate", "ups", {}, {"habit": "turns_off"})


@pytest.mark.usefixtures("karrio")
def test_labels_are_kept_as_they_came(outgoing: Outgoing) -> None:
    answer = Sdk(outgoing).call("rate", "ups", {}, {"habit": "labels"})
    assert answer["result"] == {
        "picture": "R0lG",
        "one": "JVBE",
        "two": "bundle of 2",
        "total_charge": "12.1",
    }


@pytest.mark.usefixtures("karrio")
@pytest.mark.parametrize("habit", ["other_host", "plain_http", "convert"])
def test_no_other_address_is_spoken_to(outgoing: Outgoing, habit: str) -> None:
    with pytest.raises((NotSent, contained.Uncontained)):
        Sdk(outgoing).call("rate", "ups", {}, {"habit": habit})
    assert outgoing.calls == []


@pytest.mark.usefixtures("karrio")
def test_its_log_is_silenced(outgoing: Outgoing) -> None:
    contained.take_in("karrio.lib", outgoing)
    assert sys.modules["loguru"].logger.removed


@pytest.mark.usefixtures("karrio")
def test_another_karrio_than_the_measured_one_is_not_used(
    outgoing: Outgoing, tmp_path: Path
) -> None:
    helpers = tmp_path / "karrio" / "core" / "utils" / "helpers.py"
    text = helpers.read_text("utf-8").replace("_urlopen_with_span", "_opened")
    helpers.write_text(text, "utf-8")
    with pytest.raises(contained.Uncontained, match="_urlopen_with_span"):
        contained.take_in("karrio.lib", outgoing)


@pytest.mark.usefixtures("karrio")
def test_messages_and_capabilities(outgoing: Outgoing) -> None:
    sdk = Sdk(outgoing)
    assert sdk.capabilities("ups", {"account": 1}) == ["rating", "shipping"]
    said = {"result": None, "messages": [{"code": "120", "message": "no such service"}]}
    with serving(lambda _: json_answer(said, status=400)) as site:
        outgoing.begin(HOSTS["ups"], deadline_s=10, detours={UPS: site.url})
        answer = sdk.call("buy", "ups", {"account": 1}, {})
    assert answer == {"result": None, "messages": [{"code": "120", "message": "no such service"}]}
    assert [(each["path"], each["status"]) for each in outgoing.calls] == [
        ("/security/v1/oauth/token", 400),
        ("/api/buy", 400),
    ]
    sdk.forget()


def test_karrio_is_not_installed_here() -> None:
    # The server's own environment has none: nothing in it can turn certificates off.
    assert version() == ""
    with pytest.raises(ModuleNotFoundError):
        contained.take_in("karrio.lib", Outgoing())


def test_a_redirect_is_not_followed(outgoing: Outgoing) -> None:
    with serving(lambda _: (302, b"http://127.0.0.1:9/stolen", "text/plain")) as site:
        outgoing.begin(HOSTS["ups"], deadline_s=10, detours={UPS: site.url})
        with pytest.raises(HTTPError) as caught:
            outgoing.open(request(f"https://{UPS}/x", "GET"))
    caught.value.close()
    assert caught.value.code == 302
    assert [each["status"] for each in outgoing.calls] == [302]


def test_a_detour_stays_on_this_machine(outgoing: Outgoing) -> None:
    outgoing.begin(HOSTS["ups"], deadline_s=10, detours={UPS: "https://example.org"})
    with pytest.raises(NotSent, match="leaves this machine"):
        outgoing.open(request(f"https://{UPS}/x"))


def test_the_orders_time_is_over(outgoing: Outgoing) -> None:
    outgoing.begin(HOSTS["ups"], deadline_s=-1)
    with pytest.raises(TimeoutError):
        outgoing.open(request(f"https://{UPS}/x"))
    assert outgoing.calls == []


def test_a_query_goes_along_and_keys_are_asked_for_without_the_gate() -> None:
    held: list[Call] = []

    def gate(call: Call) -> bool:
        held.append(call)
        return False

    outgoing = Outgoing()
    with serving(lambda _: json_answer({})) as site:
        outgoing.begin(HOSTS["ups"], deadline_s=10, gate=gate, detours={UPS: site.url})
        outgoing.open(request(f"https://{UPS}/security/v1/oauth/token?a=1"))
        with pytest.raises(NotSent):
            outgoing.open(request(f"https://{UPS}/api/ship"))
    assert [each.path for each in site.asked] == ["/security/v1/oauth/token?a=1"]
    assert [each["path"] for each in held] == ["/api/ship"]


def test_an_answer_without_end_is_cut(outgoing: Outgoing) -> None:
    with serving(lambda _: (200, b" " * (MAX_BYTES + 1), "text/plain")) as site:
        outgoing.begin(HOSTS["ups"], deadline_s=20, detours={UPS: site.url})
        with pytest.raises(URLError, match="32 MB"):
            outgoing.open(request(f"https://{UPS}/x"))
