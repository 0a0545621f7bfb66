"""Who published a rule pack: Ed25519 (RFC 8032) over its RFC 8785 form, fractions as text.

A pack from elsewhere is one file, ``{"pack": {...}, "signature": "base64", "key": "base64"}``;
``key`` is the signer's public key and only says which of the trusted ones to try. The pack of the
installation lies in parts, with ``signature.json`` and the trusted keys ``publishers.json`` beside.
The private key is never in the repository (`setup.customs_pack`).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from packstation.domain.canonical import dumps
from packstation.domain.errors import InputInvalid


class PackRefused(InputInvalid):
    """A pack that nobody may use; ``cause``: unsigned, unknown_key, changed, older."""

    def __init__(self, cause: str, value: object, allowed: str) -> None:
        """Name what is wrong."""
        super().__init__(path=f"signature ({cause})", value=value, allowed=allowed)
        self.cause = cause


def sign(document: Mapping[str, Any], private: Ed25519PrivateKey) -> dict[str, str]:
    """Signature and public key of a pack's document, both base64."""
    public = private.public_key().public_bytes_raw()
    signature = private.sign(signed_form(document))
    return {"signature": _text(signature), "key": _text(public)}


def verify(
    document: Mapping[str, Any],
    signature: str,
    trusted: Sequence[str],
    *,
    key: str = "",
    newest: str = "",
) -> str:
    """The trusted key (base64) that signed ``document``.

    ``key`` is the one that the file names; ``newest`` the version in force, older ones are refused.

    Raises:
        PackRefused: ``cause`` unsigned, unknown_key (by nobody trusted), changed (content is not
            what was signed), older.
    """
    if not signature:
        raise PackRefused("unsigned", "no signature", "a pack signed by its publisher")
    if key and key not in trusted:
        raise PackRefused("unknown_key", key, "a publisher that is trusted here")
    form = signed_form(document)
    signer = next((one for one in trusted if _signed(form, signature, one)), None)
    if signer is None:
        told = "content that was changed" if key else "signed by nobody trusted, or changed"
        raise PackRefused("changed", told, "the content that was signed")
    version = str(document.get("version"))
    if version < newest:
        raise PackRefused("older", version, f"{newest} or newer")
    return signer


def signed_form(document: Mapping[str, Any]) -> bytes:
    """The bytes that are signed."""
    return dumps(_plain(document))


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal | float) else value


def _signed(form: bytes, signature: str, key: str) -> bool:
    try:
        raw = base64.b64decode(key, validate=True)
        Ed25519PublicKey.from_public_bytes(raw).verify(
            base64.b64decode(signature, validate=True), form
        )
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
