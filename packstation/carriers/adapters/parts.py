"""What adapters of single carriers share: fields that are clean, tokens, files by address, words.

Nothing here sends anything that sells, and nothing here is a carrier's own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from packstation.carriers.adapters.wire import Sent, Wire
from packstation.carriers.label_files import Checked, checked
from packstation.domain.carriers import BuyRequest, LabelFile, LabelWanted, TrackEvent, refused
from packstation.domain.errors import LabelOutcomeUnknown
from packstation.domain.orders import Address

Words = tuple[tuple[str, str], ...]
DENIED: Final = frozenset({401, 403})
NOT_FOUND: Final = 404
# A token is asked for anew before it runs out, and at the latest after a day.
_TOKEN_SHARE: Final = 0.9
_TOKEN_S: Final = 300.0
_TOKEN_MOST_S: Final = 86_400.0
# Words of refusals at Chinese carriers, whose codes are published nowhere: the reason.
CHINESE: Final[Words] = (
    ("已存在", "duplicate"),
    ("重复", "duplicate"),
    ("already exist", "duplicate"),
    ("duplicate", "duplicate"),
    ("签名", "credentials"),
    ("token", "credentials"),
    ("appid", "credentials"),
    ("unauthorized", "credentials"),
    ("余额", "limit"),
    ("欠费", "limit"),
    ("balance", "limit"),
    ("重量", "weight"),
    ("weight", "weight"),
    ("尺寸", "size"),
    ("周长", "size"),
    ("size", "size"),
    ("申报价值", "value"),
    ("declared value", "value"),
    ("申报", "documents"),
    ("海关编码", "documents"),
    ("declaration", "documents"),
    ("税号", "documents"),
    ("敏感", "goods"),
    ("带电", "goods"),
    ("battery", "goods"),
    ("邮编", "address"),
    ("地址", "address"),
    ("收件人", "address"),
    ("receiver", "address"),
    ("address", "address"),
    ("postal", "address"),
    ("国家", "address"),
    ("country", "address"),
    ("产品", "service"),
    ("运输方式", "service"),
    ("product", "service"),
)
# ... and those of a question about something that there is not.
NO_SUCH: Final = ("不存在", "未找到", "无数据", "not exist", "not found", "no data")
# Decimals go out as JSON numbers, digit by digit.
_NUMBERS: Final = msgspec.json.Encoder(decimal_format="number")


def as_body(document: object) -> bytes:
    """JSON as it is sent; the bytes that are signed are the bytes that go out."""
    return _NUMBERS.encode(document)


# --- what is sent ------------------------------------------------------------------------------


def filled(key: str, fields: Mapping[str, str], reason: str = "address") -> dict[str, str]:
    """The fields that have a text.

    Raises:
        LabelRefused: ``reason``: one of them has a control character.
    """
    for name, text in fields.items():
        if any(ord(char) < ord(" ") or ord(char) == 0x7F for char in text):
            raise refused(key, reason, f"{name}: control characters")
    return {name: text for name, text in fields.items() if text}


def who(key: str, address: Address) -> str:
    """Name, else company.

    Raises:
        LabelRefused: ``address``: neither.
    """
    name = address.name.strip() or address.company.strip()
    if not name:
        raise refused(key, "address", "name: missing")
    return name


def grams(request: BuyRequest) -> int:
    """The gross weight.

    Raises:
        LabelRefused: ``weight``: none.
    """
    if request.gross_g <= 0:
        raise refused(request.key, "weight", f"gross_g: {request.gross_g}; above 0 is allowed")
    return request.gross_g


def centimetres(side_mm: int) -> Decimal:
    """To the tenth, exactly."""
    return Decimal(side_mm) / 10


def at_most(key: str, name: str, text: str, most: int, reason: str = "address") -> str:
    """The text; nothing is cut in two.

    Raises:
        LabelRefused: ``reason``: longer than ``most`` characters.
    """
    if len(text) > most:
        raise refused(key, reason, f"{name}: {len(text)} characters; at most {most}")
    return text


def only(request: BuyRequest, known: Iterable[str]) -> None:
    """Refuse options that a carrier does not have.

    Raises:
        LabelRefused: ``option``: the first that is not ``known``.
    """
    allowed = sorted(known)
    for name in request.options:
        if name not in allowed:
            raise refused(request.key, "option", f"option: {name!r}; known: {allowed}")


# --- what comes back ---------------------------------------------------------------------------


def text(document: object, *path: str) -> str:
    """A string or whole number under names; "" for all else."""
    value = under(document, *path)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def under(document: object, *path: str) -> Any:  # noqa: ANN401 - JSON
    """What lies under names; None where nothing does."""
    value = document
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def rows(document: object, *path: str) -> list[dict[str, Any]]:
    """The objects of a list under names; what is none is left out."""
    value = under(document, *path)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def reason_of(words: Words, said: str) -> str:
    """The reason of the first word that stands in what a carrier said; "" for none."""
    lower = said.lower()
    return next((reason for word, reason in words if word in lower), "")


def odd(key: str, answer: Sent) -> LabelOutcomeUnknown:
    """An answer that says nothing about what was done."""
    start = answer.body[:60].decode("utf-8", "replace")
    return LabelOutcomeUnknown(label_key=key, cause=f"HTTP {answer.status}: {start!r}")


def moment(said: str, zone: str = "") -> datetime | None:
    """An instant; without an offset, or one in ``zone`` (``+8``), nobody knows which."""
    try:
        at = datetime.fromisoformat(said)
        hours = int(zone) if zone else 0
    except ValueError:
        return None
    if at.tzinfo is not None:
        return at
    if not zone or abs(hours) > 14:
        return None
    return datetime.fromisoformat(f"{at.isoformat()}{'+' if hours >= 0 else '-'}{abs(hours):02}:00")


def oldest_first(events: Iterable[TrackEvent]) -> tuple[TrackEvent, ...]:
    """By moment; those without one stand first."""
    never = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(events, key=lambda event: event.at or never))


# --- files -------------------------------------------------------------------------------------


def fetched(
    wire: Wire,
    key: str,
    url: str,
    hosts: frozenset[str],
    wanted: LabelWanted,
    headers: Mapping[str, str] | None = None,
) -> Checked:
    """A label by its address: of ``hosts`` and below them over https, or of the carrier's own.

    ``headers`` go to the carrier's own address only, never to a store of files.

    Raises:
        LabelOutcomeUnknown: no answer.
    """
    parts, own = urlsplit(url), urlsplit(wire.base_url)
    host = parts.hostname or ""
    home = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
    listed = any(host == one or host.endswith(f".{one}") for one in hosts)
    if not home and not (parts.scheme == "https" and listed):
        return Checked(fault="unknown", detail=f"label: {url[:60]!r}; of {sorted(hosts)}")
    answer = wire.send(key, "GET", url, headers=headers if home else None)
    if answer.status == NOT_FOUND:
        return Checked(fault="missing", detail="not there yet")
    if not answer.ok:
        raise odd(key, answer)
    return checked(answer.body, wanted)


def usable(key: str, found: Checked) -> LabelFile | None:
    """The file of a look for it; None: not there yet.

    Raises:
        LabelOutcomeUnknown: what came is no label; asking again may cure it.
    """
    if found.fault == "missing":
        return None
    if found.file is None or (found.fault and not found.stays):
        raise LabelOutcomeUnknown(label_key=key, cause=f"label: {found.fault} {found.detail}")
    return found.file


# --- tokens ------------------------------------------------------------------------------------


class Tokens:
    """A token that holds; ``ask`` gets (token, seconds) for the purchase whose key it is told."""

    def __init__(self, ask: Callable[[str], tuple[str, str]]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0

    def fresh(self, key: str) -> str:
        """The token; asked for where there is none, or none that holds.

        Raises:
            LabelRefused: ``credentials``: there is none to be had.
            LabelOutcomeUnknown: no answer; nothing was bought.
        """
        with self._lock:
            if self._token and monotonic() < self._until:
                return self._token
            token, said = self._ask(key)
            if not token:
                raise refused(key, "credentials", "no token")
            digits = said.isascii() and said.isdecimal()
            seconds = min(float(said[:9]), _TOKEN_MOST_S) if digits else _TOKEN_S
            self._token, self._until = token, monotonic() + seconds * _TOKEN_SHARE
            return token

    def carried(self, key: str, send: Callable[[str], Sent]) -> Sent:
        """Send with the token; where it has run out, once more with a new one.

        Raises:
            LabelRefused, LabelOutcomeUnknown: as ``fresh``, and as ``send``.
        """
        token = self.fresh(key)
        answer = send(token)
        if answer.status not in DENIED:
            return answer
        self.drop(token)
        return send(self.fresh(key))

    def drop(self, token: str) -> None:
        """It does not hold any more."""
        with self._lock:
            if self._token == token:
                self._token = ""
