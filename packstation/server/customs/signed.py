"""A signed rule pack as it is uploaded: whose signature it bears, and what it says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from packstation.customs.packs import pack_of
from packstation.customs.signing import PackRefused
from packstation.domain.customs.pack import Pack
from packstation.server.problems import Problem

MOST: Final = 8 * 1024 * 1024
_UNSIGNED: Final = (
    "the signature is not of a publisher that is known here, or the pack was changed after it: "
    "ask the publisher for the file again, or enter its key in PACKSTATION_CUSTOMS_KEYS"
)


class Opened(Struct, frozen=True):
    """A pack whose signature is good; ``body`` is the signed document as it came."""

    pack: Pack
    signer: str
    body: str


# (document, signature as base64, trusted keys as base64) -> the key that signed it; raises.
Verify = Callable[[Mapping[str, Any], str, Sequence[str]], str]


def opened(content: bytes, keys: Sequence[str], verify: Verify) -> Opened:
    """A pack out of an uploaded file: ``{"pack": {...}, "signature": "base64"}``.

    Raises:
        Problem: 422 ``signature`` it is signed by nobody that this server trusts; ``invalid`` it
            is no such file; 413 it is too large.
        InputInvalid: what was signed is no rule pack.
    """
    if len(content) > MOST:
        raise Problem(413, "too_large", limit=MOST)
    try:
        envelope = json.loads(content, parse_float=Decimal)
        document, signature = envelope["pack"], str(envelope["signature"])
    except (ValueError, LookupError, TypeError, RecursionError) as exc:
        raise Problem(422, "invalid", "a signed rule pack is allowed") from exc
    if not isinstance(document, dict):
        raise Problem(422, "invalid", "a signed rule pack is allowed")
    try:
        signer = verify(document, signature, keys)
        # Benches pull it as JSON numbers: what is no longer signed there is refused here.
        verify(json.loads(content)["pack"], signature, keys)
    except (PackRefused, ValueError, TypeError) as exc:
        raise Problem(422, "signature", _UNSIGNED) from exc
    return Opened(pack_of(document), signer, content.decode("utf-8-sig"))
