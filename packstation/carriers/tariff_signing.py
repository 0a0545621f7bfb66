"""A tariff as its site's server publishes it: signed, so that no bench prices by another.

Ed25519 (RFC 8032) by the server's own key over the RFC 8785 form of the document. Amounts and
measures are texts there, so that what is signed is what was written. The site is signed too: a
tariff of one site is none of another's.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from packstation.carriers.tariff_text import plain
from packstation.domain.canonical import dumps
from packstation.domain.errors import InputInvalid
from packstation.domain.records import decode_one
from packstation.domain.tariffs import Tariff

# Kind of the rows that benches pull.
ROW: Final = "tariff"
SCHEMA: Final = "packstation.published-tariff/1"


def document(tariff: Tariff, site: str, at: str) -> dict[str, Any]:
    """What is signed; ``at`` is when it was published."""
    return {"schema": SCHEMA, "site": site, "at": at, "tariff": plain(tariff)}


def sign(signed: Mapping[str, Any], private: Ed25519PrivateKey) -> str:
    """The signature, base64."""
    return base64.b64encode(private.sign(dumps(signed))).decode()


def opened(body: Mapping[str, object], site: str, key: str) -> Tariff:
    """The tariff of a row ``{"document": {...}, "signature": "base64"}``.

    Raises:
        InputInvalid: ``key`` (base64, raw Ed25519) did not sign it, it is another site's, or what
            was signed is no tariff that this program knows.
    """
    signed, signature = body.get("document"), str(body.get("signature") or "")
    if not isinstance(signed, Mapping) or not _signed(signed, signature, key):
        raise InputInvalid(path="signature", value=signature[:12], allowed="that of our server")
    if (signed.get("schema"), signed.get("site")) != (SCHEMA, site):
        value = f"{signed.get('schema')} {signed.get('site')}"
        raise InputInvalid(path="document", value=value, allowed=f"{SCHEMA} {site}")
    return decode_one(signed.get("tariff"), Tariff)


def _signed(signed: Mapping[str, object], signature: str, key: str) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), dumps(signed))
    except (InvalidSignature, binascii.Error, ValueError, RecursionError):
        return False
    return True
