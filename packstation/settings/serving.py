"""The settings of the central server: one table, and where each value comes from.

The first source that has a value wins (reference/installers.md section 5): machine policy
(``server.d/*.json`` beside the stations' ``policy.d``; nothing overrides it), command line,
environment (``PACKSTATION_<KEY>``), the machine's file (``server.toml``), the default. A
server has no profile pushed to it, and is no user's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from packstation.settings.keys import (
    BY_NAME,
    COMMAND,
    DEFAULT,
    ENVIRONMENT,
    HIDDEN,
    LISTS,
    POLICY,
    SettingInvalid,
    Values,
    nearest,
)
from packstation.settings.sources import Places, policies, toml, upper

FILE: Final = "server file"
PREFIX: Final = "PACKSTATION_"


class ServerKey(Struct, frozen=True):
    """A setting; ``secret``: its value is shown to nobody. An empty text is "not given"."""

    name: str
    about: str
    default: str = ""
    secret: bool = False


SERVER_KEYS: Final = (
    ServerKey("LISTEN", "where to answer, HOST:PORT", "127.0.0.1:8443"),
    ServerKey("DATABASE", "sqlite:///FILE or postgresql://...; else a file in the folder DATADIR"),
    ServerKey("TLS", "folder of certificates that `packstation server ca` made"),
    ServerKey("CERT_FILE", "TLS certificate chain (PEM)"),
    ServerKey("KEY_FILE", "its key (PEM)"),
    ServerKey("BACKUPS", "folder of verified copies"),
    ServerKey("VAULT_KEY_FILE", "key to carriers' credentials; else beside the database"),
    ServerKey("OUTGOING", "hosts and networks that requests may go to besides public ones"),
    ServerKey("GATE", "who judges marketplace data: none, sandbox or a URL"),
    ServerKey("GATE_TOKEN", "its bearer token", secret=True),
    ServerKey("TOKEN", "the first API token that a new server accepts", secret=True),
    ServerKey("CUSTOMS_KEYS", "keys whose customs rule packs are taken besides the publishers'"),
    ServerKey("KARRIO_PYTHON", "the Python that has karrio"),
    ServerKey("SMTP", "where mail to customs brokers goes out"),
    ServerKey("SMTP_FROM", "whose mail it is"),
    ServerKey("SMTP_PASSWORD", "the account's password", secret=True),
    ServerKey("SMTP_PASSWORD_FILE", "a file that holds it"),
    ServerKey("SMTP_CA", "certificate (PEM) to trust besides"),
    ServerKey("SMTP_MOST", "bytes of the largest mail"),
    ServerKey("URL", "how people reach the server, for links in mails"),
)
_NAMES: Final = tuple(key.name for key in SERVER_KEYS)
_PASSWORD: Final = re.compile(r"(?<=://)([^/@:]*):[^/@]*@")


class ServerGiven(Struct, frozen=True):
    """A value, where it stands, whether nothing else may override it."""

    key: ServerKey
    value: str
    source: str

    @property
    def locked(self) -> bool:
        """It is a policy."""
        return self.source == POLICY

    @property
    def shown(self) -> str:
        """The value as people may read it."""
        if self.key.secret and self.value:
            return HIDDEN
        return _PASSWORD.sub(r"\1:" + HIDDEN + "@", self.value)


def load_server(
    command_line: Values, environ: Mapping[str, str], places: Places | None = None
) -> dict[str, ServerGiven]:
    """Each setting by its name.

    Raises:
        SettingInvalid: a file that cannot be read, a value that is no text, a name that is none.
    """
    where = places or Places.here()
    machine = where.installer.parent
    named = {name: environ[PREFIX + name] for name in _NAMES if environ.get(PREFIX + name)}
    sources = (
        (POLICY, _known(policies(machine / "server.d"), POLICY)),
        (COMMAND, upper(command_line)),
        (ENVIRONMENT, named),
        (FILE, _known(toml(machine / "server.toml", FILE), FILE)),
    )
    found = {}
    for key in SERVER_KEYS:
        value, source = key.default, DEFAULT
        for name, values in sources:
            if values.get(key.name):
                value, source = _text(key.name, values[key.name], name), name
                break
        found[key.name] = ServerGiven(key, value, source)
    return found


def _known(values: Values, source: str) -> Values:
    """The same; a server that does not know a name in its file does not start by half of it.

    Names of stations are passed over: on Windows the registry has both.
    """
    for name in values:
        if name not in (*_NAMES, *BY_NAME, *LISTS):
            near = nearest(name, _NAMES)
            raise SettingInvalid(name, values[name], ", ".join(_NAMES), source, near)
    return values


def _text(name: str, value: object, source: str) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = " ".join(value)
    if not isinstance(value, str) or len(value) > 4000 or not value.isprintable():
        raise SettingInvalid(name, value, "text of one line", source)
    return value.strip()
