"""Rule packs from a folder or a file; one from elsewhere must bear a trusted signature.

A folder holds parts: ``head.json`` has version, reviewed_on and source; ``rules/*.json`` lists of
rules, in the order of their ids; ``figures*.json``, ``groups*.json``, ``lists*.json`` the parts of
those names, put together; ``tables/NAME.json`` the rows of a table. ``signature.json`` is the
publisher's (`signing`), ``publishers.json`` names those that are trusted.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec

from packstation.assets import resource
from packstation.customs.signing import PackRefused, verify
from packstation.domain.customs.pack import Pack
from packstation.domain.errors import InputInvalid
from packstation.first_use import shaped

SIGNATURE: Final = "signature.json"
PUBLISHERS: Final = "publishers.json"
LOG: Final = logging.getLogger(__name__)


def installed() -> Pack:
    """The pack of this program; one that was changed since it was signed is used and complained of.

    Who can change files of the program can change the program too, and a bench without rules
    cannot work at all: so the log says it, and ``make test`` and the doctor refuse it.
    """
    folder = resource("customs")
    try:
        installed_signer()
    except PackRefused as exc:
        LOG.warning("the rule pack of this program is not as its publisher signed it: %s", exc)
    return read_folder(folder)


def installed_signer() -> str:
    """The key that signed the pack of this program.

    Raises:
        PackRefused: it was changed, or signed by nobody trusted.
    """
    return signer_of(resource("customs"))


def signer_of(folder: Path) -> str:
    """The key that signed the pack in a folder; raises as `installed_signer`."""
    seal = _json(folder / SIGNATURE) if (folder / SIGNATURE).is_file() else {}
    signature, key = str(seal.get("signature", "")), str(seal.get("key", ""))
    return verify(document_of(folder), signature, publishers(), key=key)


def publishers() -> tuple[str, ...]:
    """Public keys (base64, raw Ed25519) of those whose packs are taken."""
    path = resource("customs") / PUBLISHERS
    rows = _json(path)["keys"] if path.is_file() else []
    return tuple(str(row["key"]) for row in rows)


def read_pack(path: Path, trusted: Sequence[str] | None = None, newest: str = "") -> Pack:
    """The pack of a folder of parts, or of one signed file ``{"pack", "signature", "key"}``.

    A folder is a publisher's own draft and needs no signature.

    Raises:
        InputInvalid: it is no JSON or of another shape; ``path`` names file or field.
        PackRefused: it is not signed by a publisher that is trusted, or older than ``newest``.
    """
    if path.is_dir():
        return read_folder(path)
    envelope = _json(path)
    document = envelope.get("pack") if isinstance(envelope, dict) else None
    if not isinstance(document, dict):
        raise PackRefused("unsigned", "no signed pack", 'a file {"pack", "signature", "key"}')
    signature, key = (str(envelope.get(name) or "") for name in ("signature", "key"))
    known = publishers() if trusted is None else trusted
    verify(document, signature, known, key=key, newest=newest)
    return pack_of(document)


def read_folder(folder: Path) -> Pack:
    """The pack of a folder.

    Raises:
        InputInvalid: a part is no JSON or of another shape; ``path`` names file or field.
    """
    return pack_of(document_of(folder))


def document_of(folder: Path) -> dict[str, Any]:
    """The parts of a folder put together into one document.

    Raises:
        InputInvalid: a part is no JSON; ``path`` names the file.
    """
    whole: dict[str, Any] = dict(_json(folder / "head.json"))
    rules = [rule for part in sorted((folder / "rules").glob("*.json")) for rule in _json(part)]
    whole["rules"] = sorted(rules, key=lambda rule: str(rule.get("id")))
    whole["figures"] = [row for part in sorted(folder.glob("figures*.json")) for row in _json(part)]
    for name in ("groups", "lists"):
        parts = [_json(part) for part in sorted(folder.glob(f"{name}*.json"))]
        whole[name] = {key: one for part in parts for key, one in part.items()}
    whole["tables"] = {
        part.stem: _json(part) for part in sorted((folder / "tables").glob("*.json"))
    }
    return whole


def pack_of(whole: Mapping[str, Any]) -> Pack:
    """A pack of its document.

    Raises:
        InputInvalid: with the path of the field.
    """
    try:
        return shaped(whole, Pack)
    except (msgspec.ValidationError, ValueError) as exc:
        raise InputInvalid(path="customs-pack", value=str(exc), allowed="customs-pack/1") from exc


def _json(path: Path) -> Any:  # noqa: ANN401 - a part of any shape
    try:
        return json.loads(path.read_text("utf-8"), parse_float=Decimal)
    except OSError as exc:
        why = str(exc.strerror)
    except (ValueError, RecursionError) as exc:
        why = str(exc)
    raise InputInvalid(file=str(path), path=path.name, value=why, allowed="JSON")
