"""The settings there are: one table, from which documents for administrators are made too."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

Values = Mapping[str, object]

POLICY, COMMAND, ENVIRONMENT = "policy", "command line", "environment"
PROFILE, INSTALLER, USER, DEFAULT = "server profile", "installer", "user settings", "default"
HIDDEN: Final = "(hidden)"


class SettingInvalid(Exception):
    """A value that cannot be used; ``key`` names the message, ``fields`` what it needs.

    A sibling of the domain, this module does not know its tree of errors: bootstrap makes a
    ``SettingsError`` of it.
    """

    def __init__(
        self, name: str, value: object, allowed: str, source: str, near: str | None = None
    ) -> None:
        """Name the setting, what it was, what is allowed, and where it stood.

        ``near`` is given where the name itself is no setting's: the nearest, or "".
        """
        self.key = "error.setting.locked" if source == POLICY and not allowed else "error.setting"
        self.fields = {"name": name, "value": value, "allowed": allowed, "source": source}
        if near is not None:
            self.key = "error.setting.unknown.near" if near else "error.setting.unknown"
            self.fields |= {"nearest": near} if near else {}
        super().__init__(f"{name} = {value!r} ({source}): {allowed}")


# --- shapes of values -----------------------------------------------------------------------


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 500 or not (value.isprintable() or not value):
        raise ValueError("text of one line, at most 500 characters")
    return value.strip()


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    try:
        return known[str(value).strip().lower()]
    except KeyError:
        raise ValueError("true or false") from None


def _one_of(*allowed: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in allowed:
            raise ValueError(", ".join(allowed))
        return str(value)

    return check


def _url(value: object) -> str:
    text = _text(value)
    if text and not text.startswith(("https://", "http://")):
        raise ValueError("https://host[:port][/path]")
    return text.rstrip("/")


def _folder(value: object) -> str:
    text = _text(value)
    if text and not Path(text).is_absolute():
        raise ValueError("an absolute path")
    return text


def _id(value: object) -> str:
    text = _text(value)
    if len(text) > 64 or not set(text) <= _ID_CHARACTERS:
        raise ValueError("at most 64 letters, digits, dots, dashes and underscores")
    return text


def _hours(value: object) -> int:
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or int(text) > 168:
        raise ValueError("whole hours from 0 to 168")
    return int(text)


def _public_keys(value: object) -> str:
    """Raw Ed25519 public keys in base64, with blanks between them; each once."""
    keys = _text(value).split()
    try:
        sizes = {len(base64.b64decode(key, validate=True)) for key in keys}
    except ValueError:
        sizes = {0}
    if sizes - {KEY_BYTES}:
        raise ValueError("public keys in base64 (32 bytes each), separated by blanks")
    return " ".join(dict.fromkeys(keys))


# RFC 8032, 5.1.5: a public key of Ed25519.
KEY_BYTES: Final = 32
_ID_CHARACTERS: Final = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_"
)


class Key(Struct, frozen=True):
    """A setting: its name everywhere, how a value is read, its default."""

    name: str
    read: Callable[[object], Any]
    default: object
    about: str
    hidden: bool = False


KEYS: Final = (
    Key("STATION_ID", _id, "", "the bench's id; made at the first start where it is empty"),
    Key("STATION_NAME", _text, "", "what people call the bench"),
    Key("SITE", _id, "", "the site's code"),
    Key("DATADIR", _folder, "", "where databases, keys and spools lie"),
    Key("LANG", _one_of("en", "zh_Hans", "ru"), "en", "language before anyone signs in"),
    Key("KIOSK", _flag, default=False, about="full screen, no way out"),
    Key("AUTOSTART", _flag, default=False, about="start with the machine"),
    Key("LAUNCH", _flag, default=False, about="start after installation"),
    Key("SERVER_URL", _url, "", "the central server; empty: the bench works by itself"),
    Key("CA_FILE", _folder, "", "a certificate (PEM) that is trusted besides the machine's"),
    Key("PROXY", _url, "", "HTTP proxy; empty: as the environment says"),
    Key("ENROLL_TOKEN", _text, "", "one-time token of the first contact", hidden=True),
    Key("ENROLL_FILE", _folder, "", "file that holds the one-time token"),
    Key("OFFLINE_CLAIM", _one_of("partition", "optimistic", "deny"), "partition", "offline policy"),
    Key("OFFLINE_HOURS", _hours, 8, "how long a bench packs on without its server"),
    Key("CUSTOMS_KEYS", _public_keys, "", "whose customs rule packs are taken besides the maker's"),
    Key("UPDATE_MODE", _one_of("auto", "notify", "off"), "auto", "how updates come"),
    Key("UPDATE_RING", _id, "stable", "which updates come"),
    Key("UPDATE_URL", _url, "", "where updates come from"),
    Key("PINNED_VERSION", _id, "", "the one version that may run"),
)
# Lists of tables, not merged over sources: name -> what it is.
LISTS: Final[Mapping[str, str]] = {
    "DEVICES": "the devices of the bench, one table each",
    "PRINT": "which document goes onto which stock on which printer; empty: by kind of printer",
}


def nearest(name: str, names: Iterable[str]) -> str:
    """The name that was meant, most likely; "" where none is near."""
    known = {one.lower(): one for one in names}
    found = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else ""


BY_NAME: Final = {key.name: key for key in KEYS}


def read_value(key: Key, value: object, source: str) -> object:
    """A value as the program uses it.

    Raises:
        SettingInvalid: it cannot be used.
    """
    try:
        return key.read(value)
    except ValueError as exc:
        shown = HIDDEN if key.hidden else value
        raise SettingInvalid(key.name, shown, str(exc), source) from None
