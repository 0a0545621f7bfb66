"""A mail is handed over once; what went wrong is told apart by what may have arrived."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from packstation.domain.errors import SettingsError
from packstation.server.smtp import NotSent, Smtp, send, smtp_of
from tests.server.mailserver import MailServer

TEXT = b"Subject: x\r\n\r\n.\r\n..two\r\nend\r\n"
TO = "wolf@broker.test"


def certificate(folder: Path) -> Path:
    """Key and certificate of 127.0.0.1 in one file."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "post.test")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(private, hashes.SHA256())
    )
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = folder / "post.pem"
    file.write_bytes(
        private.private_bytes(serialization.Encoding.PEM, form, plain)
        + built.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def post() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


def settings(post: MailServer, **more: object) -> Smtp:
    told = {"host": "127.0.0.1", "port": post.port, "sender": "pack@site.test", "timeout_s": 5.0}
    return Smtp(url="https://pack.test", **{"security": "none", **told, **more})  # type: ignore[arg-type]


def test_content_arrives_as_it_was_dots_and_all(post: MailServer) -> None:
    begun: list[int] = []
    said = send(settings(post), TEXT, TO, lambda: begun.append(len(post.kept)))
    assert said.startswith("250")
    assert begun == [0]
    assert post.raw == [TEXT]
    assert post.kept[0][0] == TO


@pytest.mark.parametrize(
    ("verb", "reply", "later", "why"),
    [
        ("MAIL", "451 4.3.0 busy", True, "451 4.3.0 busy"),
        ("RCPT", "550 5.1.1 no such user", False, "550 5.1.1 no such user"),
        ("RCPT", "", True, "no_connection"),
        ("DATA", "452 4.2.2 full", True, "452 4.2.2 full"),
        ("DATA", "250 what", True, "250 what"),
        ("END", "554 5.6.0 never", False, "554 5.6.0 never"),
        ("END", "451 4.3.0 not now", True, "451 4.3.0 not now"),
    ],
)
def test_what_surely_did_not_arrive(
    post: MailServer, verb: str, reply: str, *, later: bool, why: str
) -> None:
    post.script[verb] = [reply]
    with pytest.raises(NotSent) as told:
        send(settings(post), TEXT, TO, lambda: None)
    assert (told.value.why, told.value.later, told.value.unsure) == (why, later, False)
    assert post.kept == []


def test_silence_after_the_content_is_no_answer(post: MailServer) -> None:
    post.script["END"] = [""]
    with pytest.raises(NotSent) as told:
        send(settings(post), TEXT, TO, lambda: None)
    assert (told.value.unsure, told.value.later) == (True, False)


def test_a_reply_cannot_bring_lines_of_its_own(post: MailServer) -> None:
    post.script["RCPT"] = ["550 a\x07b\x1b[31m" + "x" * 300]
    with pytest.raises(NotSent) as told:
        send(settings(post), TEXT, TO, lambda: None)
    assert len(told.value.why) <= 200
    assert told.value.why.isprintable()


def test_a_message_larger_than_the_server_takes_is_not_begun(post: MailServer) -> None:
    post.size = 10
    with pytest.raises(NotSent) as told:
        send(settings(post), TEXT, TO, lambda: None)
    assert told.value.limit == 10
    assert not any("MAIL" in said for said in post.asked)


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        smtp = Smtp(
            host="127.0.0.1",
            port=free.getsockname()[1],
            sender="a@b.test",
            url="x",
            security="none",
        )
        with pytest.raises(NotSent) as told:
            send(smtp, TEXT, TO, lambda: None)
    assert (told.value.why, told.value.later) == ("no_connection", True)


def test_name_and_password_go_behind_encryption_only(tmp_path: Path) -> None:
    pem = certificate(tmp_path)
    post = MailServer(pem, user="pack")
    try:
        smtp = settings(post, security="starttls", ca=str(pem), user="pack", password="right")
        send(smtp, TEXT, TO, lambda: None)
        assert len(post.kept) == 1
        clear = [said for said in post.asked if said.startswith("clear")]
        assert [said.split()[1] for said in clear] == ["ehlo", "STARTTLS"]
        wrong = settings(post, security="starttls", ca=str(pem), user="pack", password="wrong")
        with pytest.raises(NotSent) as told:
            send(wrong, TEXT, TO, lambda: None)
        assert (told.value.why, told.value.later) == ("login", True)
        with pytest.raises(NotSent) as told:
            send(settings(post, security="starttls", user="pack"), TEXT, TO, lambda: None)
        assert told.value.why == "certificate"
        assert len(post.kept) == 1
    finally:
        post.stop()


def test_a_server_without_encryption_gets_nothing(post: MailServer) -> None:
    with pytest.raises(NotSent) as told:
        send(settings(post, security="starttls", user="x", password="y"), TEXT, TO, lambda: None)
    assert (told.value.why, told.value.later) == ("starttls", True)
    assert not any("AUTH" in said for said in post.asked)


# --- settings --------------------------------------------------------------------------------

GOOD = {
    "PACKSTATION_SMTP": "smtp://pack%40site@mail.site.test",
    "PACKSTATION_SMTP_FROM": "pack@site.test",
    "PACKSTATION_URL": "https://pack.site.test/",
}


def test_settings_of_the_environment(tmp_path: Path) -> None:
    assert smtp_of({}) is None
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    found = smtp_of({**GOOD, "PACKSTATION_SMTP_PASSWORD_FILE": str(file)})
    assert found
    assert (found.host, found.port, found.security) == ("mail.site.test", 587, "starttls")
    assert (found.user, found.password) == ("pack@site", "from a file")
    assert found.url == "https://pack.site.test"
    assert "file" not in repr(found)
    tls = smtp_of({**GOOD, "PACKSTATION_SMTP": "smtps://mail.site.test:4650"})
    assert tls
    assert (tls.port, tls.security, tls.password) == (4650, "tls", "")
    near = smtp_of({**GOOD, "PACKSTATION_SMTP": "smtp://localhost:25"})
    assert near
    assert (near.port, near.security) == (25, "none")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PACKSTATION_SMTP", "mail.site.test"),
        ("PACKSTATION_SMTP", "http://mail.site.test"),
        ("PACKSTATION_SMTP", "smtp://pack:secret@mail.site.test"),
        ("PACKSTATION_SMTP_FROM", "pack"),
        ("PACKSTATION_SMTP_FROM", "a@b.test\nBcc: x@y.test"),
        ("PACKSTATION_URL", ""),
        ("PACKSTATION_URL", "javascript:x"),
        ("PACKSTATION_SMTP_MOST", "ten"),
        ("PACKSTATION_SMTP_PASSWORD_FILE", "/nowhere/at/all"),
    ],
)
def test_a_wrong_setting_is_named_without_its_secret(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as told:
        smtp_of({**GOOD, name: value})
    assert told.value.fields["name"] == name
    assert "secret" not in str(told.value)
