"""What queues say of themselves, as causes; addresses; the paper of a PDF."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from packstation.devices.printers.ipp.answers import check, queue_facts, queue_row, spool_job
from packstation.devices.printers.ipp.encoding import collection, encode, flag, number, text
from packstation.devices.printers.ipp.messages import (
    Attribute,
    Group,
    Localised,
    Message,
    Range,
    Tag,
    Value,
)
from packstation.devices.printers.ipp.requests import Paper, Requests
from packstation.devices.printers.ipp.spooler import IppSpooler, job_name, list_queues, tray_of
from packstation.devices.printers.ipp.wire import Endpoint, WireTiming, endpoint, exchange
from packstation.devices.printers.pdf_size import page_size
from packstation.devices.printers.queues import is_queue, spooler_of
from packstation.devices.printers.spooled import document_of, refusal_of
from packstation.devices.printers.spooling import (
    JobState,
    PaperSize,
    QueueFacts,
    QueueRefused,
    QueueState,
    QueueUnreachable,
    Sent,
    Submission,
)
from packstation.domain.errors import SettingsError

PRINTING = QueueState.PRINTING


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        (QueueFacts(QueueState.IDLE), ""),
        (QueueFacts(QueueState.IDLE, accepting=False), "printer.queue_rejects"),
        (QueueFacts(QueueState.STOPPED), "printer.queue_stopped"),
        (QueueFacts(QueueState.STOPPED, reasons=("paused",)), "printer.queue_paused"),
        (QueueFacts(PRINTING, reasons=("media-empty-error",)), "printer.media_empty"),
        (QueueFacts(PRINTING, reasons=("media-empty-warning",)), ""),
        (QueueFacts(PRINTING, reasons=("toner-low-report",)), ""),
        (QueueFacts(QueueState.STOPPED, reasons=("cover-open-warning",)), "printer.cover_open"),
        (QueueFacts(PRINTING, reasons=("offline-report",)), "printer.queue_offline"),
        (QueueFacts(PRINTING, reasons=("media-empty", "door-open")), "printer.cover_open"),
        (QueueFacts(PRINTING, reasons=("other-error",)), "printer.error"),
        (
            QueueFacts(PRINTING, message="The printer may not exist or is unavailable"),
            "printer.queue_offline",
        ),
        # What a queue before the printer heard last does not count once it is idle.
        (QueueFacts(QueueState.IDLE, reasons=("media-empty-error",)), ""),
        (
            QueueFacts(QueueState.IDLE, reasons=("media-empty-error",), first_hand=True),
            "printer.media_empty",
        ),
    ],
)
def test_what_wants_a_hand(facts: QueueFacts, cause: str) -> None:
    assert facts.trouble == cause


def test_an_overdue_job_makes_warnings_count() -> None:
    warned = QueueFacts(PRINTING, reasons=("media-empty-warning",))
    assert warned.cause(overdue=True) == "printer.media_empty"
    assert QueueFacts(PRINTING).cause(overdue=True) == "printer.queue_stuck"


def test_only_a_printer_itself_is_known_to_be_idle() -> None:
    assert not QueueFacts(QueueState.IDLE).idle
    assert QueueFacts(QueueState.IDLE, first_hand=True).idle
    assert not QueueFacts(PRINTING, first_hand=True).idle


@pytest.mark.parametrize(
    ("size", "takes"),
    [
        ((21000, 29700), True),
        ((29700, 21000), True),
        ((21060, 29640), True),
        ((10500, 14800), False),
        ((10160, 15240), True),
    ],
)
def test_paper_within_a_millimetre_either_way_round(size: tuple[int, int], *, takes: bool) -> None:
    sizes = (
        PaperSize((21000, 29700), (21000, 29700)),
        PaperSize((10000, 15000), (10200, 20000)),
    )
    facts = QueueFacts(QueueState.IDLE, sizes=sizes, formats={"pdf": "application/pdf"})
    assert facts.takes_paper(size) is takes
    assert refusal_of(facts, "pdf", size) == ("" if takes else "printer.media_missing")


def test_a_queue_that_does_not_say_which_paper_it_has() -> None:
    facts = QueueFacts(QueueState.IDLE, raw_format="application/vnd.cups-raw")
    assert facts.takes_paper((1, 1)) is None
    assert refusal_of(facts, "zpl", None) == ""
    assert refusal_of(facts, "pdf", None) == "printer.queue_format"


@pytest.mark.parametrize(
    ("pdf", "size"),
    [
        (b"<< /Type /Page /MediaBox [ 0 0 595.28 841.89 ] >>", (21000, 29700)),
        (b"/MediaBox[0 0 209.76 297.64]", (7400, 10500)),
        (b"/MediaBox [10 -10 110 90]", (3528, 3528)),
        (b"/MediaBox [0 0 0 10]", None),
        (b"/MediaBox [0 0 99999 10]", None),
        (b"/MediaBox 7 0 R", None),
        (b"", None),
    ],
)
def test_the_paper_of_a_pdf(pdf: bytes, size: tuple[int, int] | None) -> None:
    assert page_size(pdf) == size


@given(st.binary(max_size=300))
def test_any_bytes_have_a_size_or_none(raw: bytes) -> None:
    size = page_size(b"/MediaBox [0 0 " + raw)
    assert size is None or min(size) > 0


# --- addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "server", "place"),
    [
        ("cups:a4", "/run/x", Endpoint("localhost", 631, "/printers/a4", "", "/run/x")),
        ("cups:a4", "print.local", Endpoint("print.local", 631, "/printers/a4", "")),
        ("cups:a4", "[::1]:8631", Endpoint("::1", 8631, "/printers/a4", "")),
        ("cups:B\u00fcro", "h:1/version=1.1", Endpoint("h", 1, "/printers/B%C3%BCro", "")),
        ("ipp://10.0.0.9", "", Endpoint("10.0.0.9", 631, "/ipp/print", "")),
        ("ipp://p.local:8000/a%20b", "", Endpoint("p.local", 8000, "/a%20b", "")),
        ("ipp://[fe80::1]/ipp", "", Endpoint("fe80::1", 631, "/ipp", "")),
    ],
)
def test_places(address: str, server: str, place: Endpoint) -> None:
    found = endpoint(address, {"CUPS_SERVER": server})
    told = (found.host, found.port, found.path, found.socket)
    assert told == (place.host, place.port, place.path, place.socket)
    assert found.uri.startswith("ipp://")
    assert found.uri.endswith(place.path)


@pytest.mark.parametrize(
    "address",
    [
        "cups:",
        "cups:a/b",
        "cups:a b",
        "ipp://",
        "ipp://h:99999/x",
        "ipp://h/x?y",
        "ipp://u@h/x",
        "ipp://h/\x00",
        "ipp:h",
        "spool:Office",
    ],
)
def test_no_places(address: str) -> None:
    assert is_queue(address)
    with pytest.raises(SettingsError):
        spooler_of(address)


def test_other_addresses_are_no_queues() -> None:
    assert not is_queue("tcp://127.0.0.1:9100")
    with pytest.raises(SettingsError):
        spooler_of("tcp://127.0.0.1:9100")
    with pytest.raises(SettingsError):
        endpoint("cups:a4", {"CUPS_SERVER": "a b"})


def test_names_of_jobs_are_short_and_plain() -> None:
    assert job_name("p1/1/label/1") == "p1/1/label/1"
    assert len(job_name("\u5305" * 10)) == 64
    assert job_name("x" * 300) != job_name("x" * 301)
    assert document_of("p1/1/cn22/1") == "cn22"
    assert document_of("odd") == ""


# --- answers ----------------------------------------------------------------------------------


def described(*more: Attribute) -> Group:
    return Group(Tag.PRINTER, (number("printer-state", 3, Tag.ENUM), *more))


def test_sizes_by_collections_ranges_and_names() -> None:
    sides = (number("x-dimension", 21000), number("y-dimension", 29700))
    ranges = (
        Attribute("x-dimension", (Value(Tag.RANGE, Range(1000, 21600)),)),
        number("y-dimension", 5000),
    )
    odd = (Value(Tag.COLLECTION, (number("x-dimension", 1),)), Value(Tag.INTEGER, 3))
    both = collection("media-size-supported", *sides).values + collection("x", *ranges).values
    facts = queue_facts(described(Attribute("media-size-supported", (*both, *odd))))
    assert facts.sizes == (
        PaperSize((21000, 29700), (21000, 29700)),
        PaperSize((1000, 5000), (21600, 5000)),
    )
    named = text(
        Tag.KEYWORD,
        "media-supported",
        "iso_a4_210x297mm",
        "na_letter_8.5x11in",
        "custom_min_10x10mm",
        "custom_max_216x1000mm",
        "auto",
    )
    assert queue_facts(described(named)).sizes == (
        PaperSize((21000, 29700), (21000, 29700)),
        PaperSize((21590, 27940), (21590, 27940)),
        PaperSize((1000, 1000), (21600, 100000)),
    )


def test_texts_with_a_language_and_values_of_another_kind() -> None:
    maker = Attribute(
        "printer-make-and-model", (Value(Tag.TEXT_LANGUAGE, Localised("en", "Maker X")),)
    )
    odd = Attribute("printer-is-accepting-jobs", (Value(Tag.INTEGER, 0),))
    facts = queue_facts(described(maker, odd))
    assert facts.model == "Maker X"
    assert facts.accepting
    assert not queue_facts(described(flag("printer-is-accepting-jobs", on=False))).accepting


def test_a_row_of_the_list() -> None:
    row = queue_row(
        described(
            text(Tag.NAME, "printer-name", "zebra"),
            text(Tag.TEXT, "printer-make-and-model", "Local Raw Printer"),
            text(Tag.TEXT, "printer-device-id", "MFG:Zebra;CMD:ZPL;MDL:GK420d;"),
            text(Tag.TEXT, "cups-version", "2.4.2"),
        )
    )
    assert (row["address"], row["model"], row["kind"]) == ("cups:zebra", "zpl", "queue")


@pytest.mark.parametrize(
    ("code", "cause", "waits"),
    [
        (0x0406, "printer.queue_missing", True),
        (0x0403, "printer.queue_denied", True),
        (0x040A, "printer.queue_format", False),
        (0x0506, "printer.queue_rejects", True),
        (0x0400, "printer.queue_error", False),
        (0x0500, "printer.queue_error", True),
    ],
)
def test_refusals(code: int, cause: str, *, waits: bool) -> None:
    told = Group(Tag.OPERATION, (text(Tag.TEXT, "status-message", "because"),))
    with pytest.raises(QueueRefused) as refused:
        check(Message(code, 1, (told,)))
    assert (refused.value.cause, refused.value.waits) == (cause, waits)
    assert "because" in refused.value.detail


def test_a_job_called_completed_that_was_not_handed_on() -> None:
    row = (
        number("job-id", 7),
        number("job-state", 9, Tag.ENUM),
        text(Tag.TEXT, "job-printer-state-message", "Unable to add document to print job."),
    )
    job = spool_job(Group(Tag.JOB, row))
    assert (job.number, job.state, job.given_up) == (7, JobState.DONE, True)
    assert not spool_job(Group(Tag.JOB, row[:2])).given_up


# --- servers that are none --------------------------------------------------------------------


def served(answer: bytes) -> Endpoint:
    """A server that answers one request so."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = server.accept()
        with server, line, contextlib.suppress(OSError):
            line.recv(65536)
            line.sendall(answer)
            line.shutdown(socket.SHUT_WR)
            while line.recv(65536):
                pass

    threading.Thread(target=serve, daemon=True).start()
    port = int(server.getsockname()[1])
    return Endpoint("127.0.0.1", port, "/", f"ipp://127.0.0.1:{port}/")


def http(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (http("401 Unauthorized", b""), "printer.queue_denied"),
        (http("404 Not Found", b""), "printer.queue_missing"),
        (http("426 Upgrade Required", b""), "printer.queue_tls"),
        (http("500 No", b""), "printer.queue_error"),
        (http("200 OK", b"<html>"), "printer.queue_garbled"),
        (b"SSH-2.0-OpenSSH\r\n", "printer.queue_garbled"),
        (b"", "port.lost"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", "printer.queue_garbled"),
    ],
)
def test_what_answers_there_is_no_queue(answer: bytes, cause: str) -> None:
    place = served(answer)
    with pytest.raises((QueueRefused, QueueUnreachable)) as failed:
        exchange(place, Requests(place.uri, "me").printer(), WireTiming(1.0, 2.0))
    assert getattr(failed.value, "cause", "") == cause


# --- over TLS ---------------------------------------------------------------------------------


def certificate(folder: Path) -> Path:
    """Key and certificate of 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "printer.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(secret + made.public_bytes(pem))
    return path


def served_over_tls(pem: Path, answer: bytes) -> str:
    """The address of a queue behind TLS."""
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(pem)
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = server.accept()
        with (
            server,
            contextlib.suppress(OSError),
            trust.wrap_socket(line, server_side=True) as safe,
        ):
            safe.recv(65536)
            safe.sendall(answer)
            while safe.recv(65536):
                pass

    threading.Thread(target=serve, daemon=True).start()
    return f"ipps://127.0.0.1:{server.getsockname()[1]}/ipp/print"


def test_a_queue_behind_tls_is_asked_when_its_certificate_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = certificate(tmp_path)
    place = endpoint(served_over_tls(pem, http("200 OK", encode(Message(0, 1)))))
    assert place.uri.startswith("ipps://127.0.0.1:")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    answer = exchange(place, Requests(place.uri, "me").printer(), WireTiming(2.0, 5.0))
    assert answer.code == 0


def test_nothing_is_sent_to_a_printer_whose_certificate_nobody_knows(tmp_path: Path) -> None:
    place = endpoint(served_over_tls(certificate(tmp_path), b""))
    with pytest.raises(QueueUnreachable) as failed:
        exchange(place, Requests(place.uri, "me").printer(), WireTiming(2.0, 5.0))
    assert (failed.value.cause, failed.value.sent) == ("printer.queue_untrusted", Sent.NOTHING)


def test_a_printer_without_tls_is_not_spoken_to_in_the_clear() -> None:
    place = endpoint(served(http("200 OK", b"")).uri.replace("ipp:", "ipps:"))
    with pytest.raises(QueueUnreachable) as failed:
        exchange(place, Requests(place.uri, "me").printer(), WireTiming(2.0, 5.0))
    assert failed.value.sent is Sent.NOTHING


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 "],
)
def test_an_answer_that_never_ends_is_none(head: bytes) -> None:
    """A byte now and then is no silence; the thread of the printer must come back all the same."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        line, _ = server.accept()
        with server, line, contextlib.suppress(OSError):
            line.sendall(head)
            while not over.wait(0.02):
                line.sendall(b"1")

    threading.Thread(target=drip, daemon=True).start()
    place = Endpoint("127.0.0.1", server.getsockname()[1], "/", "ipp://127.0.0.1/")
    with pytest.raises(QueueUnreachable) as failed:
        exchange(place, Requests(place.uri, "me").printer(), WireTiming(1.0, 2.0, whole_s=0.3))
    over.set()
    assert (failed.value.cause, failed.value.sent) == ("port.unreachable", Sent.WHOLE)


def test_a_job_that_was_taken_without_a_number_has_left() -> None:
    """Its name will find it."""
    spooler = IppSpooler(served(http("200 OK", encode(Message(0, 1)))))
    facts = QueueFacts(QueueState.IDLE, raw_format="application/octet-stream")
    with pytest.raises(QueueUnreachable) as failed:
        spooler.submit(Submission("a", "zpl", b"^XA^XZ"), facts)
    assert failed.value.sent is Sent.WHOLE


def test_an_answer_without_a_printer_is_no_working_queue() -> None:
    assert IppSpooler(served(http("200 OK", encode(Message(0, 1))))).facts().trouble


def test_a_machine_without_cups_has_no_queues(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "none"))
    assert list_queues() == []


def test_the_document_comes_behind_its_attributes() -> None:
    made = Requests("ipp://h/", "me").print_job(
        "a", "application/pdf", b"%PDF" * 9, Paper((10, 20))
    )
    raw = encode(made)
    assert raw.endswith(b"\x03" + b"%PDF" * 9)


def test_a_tray_is_told_only_to_a_queue_that_has_it() -> None:
    job = Submission("a", "pdf", b"%PDF", tray="tray-2")
    assert tray_of(job, QueueFacts(QueueState.IDLE, sources=("auto", "tray-2"))) == "tray-2"
    assert tray_of(job, QueueFacts(QueueState.IDLE, sources=("auto",))) == ""
    assert tray_of(job, QueueFacts(QueueState.IDLE)) == ""
    assert tray_of(Submission("a", "pdf", b"%PDF"), QueueFacts(QueueState.IDLE)) == ""


@pytest.mark.parametrize(
    ("paper", "told"),
    [
        (Paper(), (False, False)),
        (Paper((1, 2)), (True, False)),
        (Paper(None, "tray-2"), (False, True)),
    ],
)
def test_size_and_tray_stand_beside_one_another(paper: Paper, told: tuple[bool, bool]) -> None:
    raw = encode(Requests("ipp://h/", "me").print_job("a", "application/pdf", b"%PDF", paper))
    assert (b"media-size" in raw, b"media-source" in raw) == told
    assert (b"media-col" in raw) is any(told)
