"""Credentials of carriers at rest: sealed with a key that does not lie in the database.

AES-256-GCM, a nonce of its own for each, bound to its place (site and carrier), so that a copy of
the database tells nothing and a row moved to another place does not open. The key is a file of
32 bytes in base64: ``PACKSTATION_VAULT_KEY_FILE``, else ``vault.key`` beside the database.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from packstation.domain.errors import SettingsError

NAME: Final = "vault.key"
_BYTES: Final = 32
_NONCE: Final = 12


class Locked(Exception):
    """What was sealed does not open: another key, another place, or it was changed."""


class Vault:
    """Seals and opens; the key shows in no text of it."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._mac = hashlib.sha256(b"packstation/blind-marks/" + key).digest()

    def seal(self, place: str, words: Mapping[str, str]) -> str:
        """The words as one line of base64."""
        nonce = secrets.token_bytes(_NONCE)
        plain = msgspec.json.encode(dict(words))
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, plain, place.encode())).decode()

    def mac(self, text: str) -> str:
        """The keyed hash of a text, hex: the same for the same text, and of no use without us."""
        return hmac.new(self._mac, text.encode(), hashlib.sha256).hexdigest()

    def open(self, place: str, sealed: str) -> dict[str, str]:
        """The words again.

        Raises:
            Locked: it does not open.
        """
        try:
            raw = base64.b64decode(sealed, validate=True)
            plain = self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], place.encode())
            return msgspec.json.decode(plain, type=dict[str, str])
        except (InvalidTag, ValueError, msgspec.DecodeError) as exc:
            raise Locked(place) from exc


def vault_of(file: Path | None) -> Vault:
    """The vault of a key file, which is made at the first need; None: of this process alone.

    Raises:
        SettingsError: the file cannot be read or made, or holds no key.
    """
    if file is None:
        return Vault(secrets.token_bytes(_BYTES))
    try:
        return Vault(_key(file) if file.exists() else _made(file))
    except (OSError, ValueError, binascii.Error) as exc:
        raise SettingsError(
            name="PACKSTATION_VAULT_KEY_FILE", value=str(file), allowed="32 bytes in base64"
        ) from exc


def _key(file: Path) -> bytes:
    key = base64.b64decode(file.read_text("ascii").strip(), validate=True)
    if len(key) != _BYTES:
        raise ValueError(f"{len(key)} bytes")
    return key


def _made(file: Path) -> bytes:
    """A new key, on disk before anything is sealed with it; of two makers the first counts."""
    key = secrets.token_bytes(_BYTES)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _key(file)
    with os.fdopen(handle, "wb") as out:
        out.write(base64.b64encode(key) + b"\n")
        out.flush()
        os.fsync(out.fileno())
    return key
