"""Who published a rule pack: Ed25519 (RFC 8032) over its RFC 8785 form.

Fractions have no exact form there, so they are written as text, and beside the document stands
where each of them is: 1.5 and "1.5" are signed as different things. Packs up to the version
`LAST_IN_FIRST_FORM` may bear a signature of the first form, which did not tell them apart.

A pack from elsewhere is one file, ``{"pack": {...}, "signature": "base64", "key": "base64"}``;
``key`` is the signer's public key and only says which of the trusted ones to try. The pack of the
installation lies in parts, with ``signature.json`` and the trusted keys ``publishers.json`` beside.
The private key is never in the repository (`setup.customs_pack`).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from packstation.domain.canonical import dumps
from packstation.domain.errors import InputInvalid

# Signed before fractions were told from text.
LAST_IN_FIRST_FORM: Final = "2026-11-22"


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
    forms = _forms(document)
    signer = next((one for one in trusted for form in forms if _signed(form, signature, one)), None)
    if signer is None:
        told = "content that was changed" if key else "signed by nobody trusted, or changed"
        raise PackRefused("changed", told, "the content that was signed")
    version = str(document.get("version"))
    if version < newest:
        raise PackRefused("older", version, f"{newest} or newer")
    return signer


def signed_form(document: Mapping[str, Any]) -> bytes:
    """The bytes that are signed; places of fractions in the order of sorted keys.

    Raises:
        ValueError: a number beyond 53 bits or no JSON number at all, or no text.
    """
    places = [list(place) for place in _fractions(document, ())]
    return dumps({"document": _plain(document), "fractions": places})


def first_form(document: Mapping[str, Any]) -> bytes:
    """The bytes that were signed up to `LAST_IN_FIRST_FORM`. Raises as `signed_form`."""
    return dumps(_plain(document))


def _forms(document: Mapping[str, Any]) -> tuple[bytes, ...]:
    """What a signature may be of; the version is signed itself, so none is made older."""
    makers = [signed_form]
    if str(document.get("version")) <= LAST_IN_FIRST_FORM:
        makers.append(first_form)
    try:
        return tuple(make(document) for make in makers)
    except (ValueError, RecursionError):  # what has no canonical form was never signed
        return ()


def _fractions(value: Any, place: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        for name in sorted(value):
            yield from _fractions(value[name], (*place, name))
    elif isinstance(value, list | tuple):
        for at, one in enumerate(value):
            yield from _fractions(one, (*place, at))
    elif isinstance(value, Decimal | float):
        yield place


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
