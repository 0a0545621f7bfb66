"""One e-mail handed to one SMTP server (RFC 5321), step by step, so that what is known is known.

Until the server has asked for the content (354) nothing can have been delivered; after that only
its answer says so. Without that answer nobody knows, and the mail must not be sent again by itself.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from msgspec import Struct, field

from packstation.domain.errors import SettingsError
from packstation.server.loopback import loopback

TIMEOUT_S: Final = 30.0
MOST_BYTES: Final = 10 * 1024 * 1024
ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+"
)
_PORTS: Final = {"smtp": 587, "smtps": 465}
# Replies (RFC 5321 section 4.2): at the greeting, to DATA, to its end; trouble for now, for good.
_GREETING, _GO_ON, _TAKEN, _LATER, _NEVER = 220, 354, 250, 400, 500
_DOTS: Final = re.compile(rb"(?m)^\.")
Security = Literal["starttls", "tls", "none"]


class Smtp(Struct, frozen=True, kw_only=True):
    """Where mail goes out; ``url``: where people reach this server, for links.

    A message larger than ``most_bytes`` is not sent. ``ca``: PEM file of who signed the mail
    server's certificate, "" for the system's own. The password shows in no text of this value.
    """

    host: str
    port: int
    sender: str
    url: str
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    most_bytes: int = MOST_BYTES
    ca: str = ""
    timeout_s: float = field(default=TIMEOUT_S)

    def __repr__(self) -> str:
        return f"Smtp({self.host}:{self.port})"


class NotSent(Exception):
    """``later``: worth trying again; ``unsure``: it may have arrived; ``why`` in a word or two.

    ``limit``: the server takes no message of more bytes.
    """

    def __init__(
        self, why: str, *, later: bool = False, unsure: bool = False, limit: int = 0
    ) -> None:
        """Keep what is known."""
        self.why, self.later, self.unsure, self.limit = why, later, unsure, limit
        super().__init__(why)


# --- settings --------------------------------------------------------------------------------


def smtp_of(environment: Mapping[str, str]) -> Smtp | None:
    """The settings of an environment; None where it names no mail server.

    ``PACKSTATION_SMTP``: ``smtp://USER@HOST:587`` (STARTTLS is required) or ``smtps://...``;
    plain text on this machine only. Beside it ``..._PASSWORD`` or ``..._PASSWORD_FILE``,
    ``..._FROM``, ``..._MOST`` (bytes), ``..._CA``, and ``PACKSTATION_URL``.

    Raises:
        SettingsError: naming the variable.
    """
    given = environment.get("PACKSTATION_SMTP", "").strip()
    if not given:
        return None
    parts = urlsplit(given)
    if parts.scheme not in _PORTS or not parts.hostname or parts.password:
        raise _wrong("PACKSTATION_SMTP", parts.hostname or "", "smtp://USER@HOST:PORT, smtps://")
    sender = environment.get("PACKSTATION_SMTP_FROM", "").strip()
    if not ADDRESS.fullmatch(sender):
        raise _wrong("PACKSTATION_SMTP_FROM", sender, "NAME@HOST")
    url = environment.get("PACKSTATION_URL", "").strip().rstrip("/")
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise _wrong("PACKSTATION_URL", url, "https://HOST")
    most = environment.get("PACKSTATION_SMTP_MOST", str(MOST_BYTES))
    if not (most.isascii() and most.isdigit()):
        raise _wrong("PACKSTATION_SMTP_MOST", most, "bytes")
    return Smtp(
        host=parts.hostname,
        port=_port(parts.netloc) or _PORTS[parts.scheme],
        sender=sender,
        url=url,
        security=_security(parts.scheme, parts.hostname),
        user=unquote(parts.username or ""),
        password=_password(environment),
        most_bytes=int(most),
        ca=environment.get("PACKSTATION_SMTP_CA", ""),
    )


def _port(netloc: str) -> int:
    found = re.search(r":([0-9]{1,5})$", netloc)
    return int(found[1]) if found else 0


def _security(scheme: str, host: str) -> Security:
    if scheme == "smtps":
        return "tls"
    return "none" if loopback(host) else "starttls"


def _password(environment: Mapping[str, str]) -> str:
    name = environment.get("PACKSTATION_SMTP_PASSWORD_FILE", "")
    if not name:
        return environment.get("PACKSTATION_SMTP_PASSWORD", "")
    try:
        return Path(name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise _wrong("PACKSTATION_SMTP_PASSWORD_FILE", name, type(exc).__name__) from exc


def _wrong(name: str, value: str, allowed: str) -> SettingsError:
    return SettingsError("error.server.mail", name=name, value=value, allowed=allowed)


# --- one message -----------------------------------------------------------------------------


def send(smtp: Smtp, message: bytes, to: str, handing: Callable[[], None]) -> str:
    """Hand a message (CRLF, RFC 5322) over; answers what the server said when it took it.

    ``handing`` is called when the server has asked for the content, before a byte of it goes.

    Raises:
        NotSent: with what is known of it.
    """
    try:
        client = _connected(smtp)
    except (OSError, smtplib.SMTPException) as exc:
        raise _trouble(exc) from exc
    try:
        _envelope(client, smtp.sender, to, len(message))
    except (OSError, smtplib.SMTPException) as exc:
        client.close()
        raise _trouble(exc) from exc
    except NotSent:
        client.close()
        raise
    try:
        handing()
        return _content(client, message)
    finally:
        client.close()


def _connected(smtp: Smtp) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=smtp.ca or None)
    client: smtplib.SMTP = (
        smtplib.SMTP_SSL(timeout=smtp.timeout_s, context=context)
        if smtp.security == "tls"
        else smtplib.SMTP(timeout=smtp.timeout_s)
    )
    client._host = smtp.host  # type: ignore[attr-defined]  # noqa: SLF001 - the name TLS verifies
    try:
        _answered(client.connect(smtp.host, smtp.port), _GREETING)
        client.ehlo_or_helo_if_needed()
        if smtp.security == "starttls":
            client.starttls(context=context)
            client.ehlo()
        if smtp.user:
            client.login(smtp.user, smtp.password)
    except BaseException:  # whatever it was: the socket is ours
        client.close()
        raise
    return client


def _envelope(client: smtplib.SMTP, sender: str, to: str, size: int) -> None:
    told = client.esmtp_features.get("size", "").split(" ")[0]
    limit = int(told) if told.isdigit() else 0
    if limit and size > limit:
        raise NotSent("size", limit=limit)
    _answered(client.mail(sender, [f"size={size}"] if client.has_extn("size") else []), _TAKEN)
    _answered(client.rcpt(to), _TAKEN)
    _answered(client.docmd("DATA"), _GO_ON)


def _answered(answer: tuple[int, bytes], wanted: int) -> None:
    if answer[0] != wanted:
        raise smtplib.SMTPResponseException(*answer)


def _content(client: smtplib.SMTP, message: bytes) -> str:
    try:
        client.send(_DOTS.sub(b"..", message).removesuffix(b"\r\n") + b"\r\n.\r\n")
        code, said = client.getreply()
    except (OSError, smtplib.SMTPException) as exc:
        raise NotSent("no_answer", unsure=True) from exc
    if code != _TAKEN:
        raise _refused(code, said)
    return _shown(code, said)


def _trouble(exc: Exception) -> NotSent:
    """Before the content: nothing has arrived."""
    match exc:
        case smtplib.SMTPAuthenticationError():
            return NotSent("login", later=True)
        case smtplib.SMTPNotSupportedError():
            return NotSent("starttls", later=True)
        case ssl.SSLError():
            return NotSent("certificate", later=True)
        case smtplib.SMTPResponseException():
            said = exc.smtp_error
            return _refused(exc.smtp_code, said.encode() if isinstance(said, str) else said)
        case _:
            return NotSent("no_connection", later=True)


def _refused(code: int, said: bytes) -> NotSent:
    return NotSent(_shown(code, said), later=not _NEVER <= code < _NEVER + 100)


def _shown(code: int, said: bytes) -> str:
    words = "".join(char if char.isprintable() else " " for char in said.decode("ascii", "replace"))
    return f"{code} {words}"[:200].strip()
