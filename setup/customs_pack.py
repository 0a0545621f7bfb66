"""Assembles, lints and signs the rule pack: `python -m setup.customs_pack [--out FILE]`.

PACKSTATION_PUBLISHER_KEY names the file of the publisher's private key (PEM), outside of the
checkout. Where there is none a new pair is made: the private part goes to that file, the public
one takes the place of the old in `resources/customs/publishers.json`. ``--out`` writes the whole
signed pack as one file too, as servers take it. docs/customs-unverified.md is written with it.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from packstation.customs.examples import read_examples
from packstation.customs.lint import lint
from packstation.customs.packs import PUBLISHERS, SIGNATURE, document_of, pack_of
from packstation.customs.signing import sign
from setup import customs_unverified

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "customs"
VARIABLE = "PACKSTATION_PUBLISHER_KEY"


def main(argv: list[str]) -> int:
    """0 where the pack has no fault and is signed."""
    named = os.environ.get(VARIABLE)
    if not named:
        return _refuse(f"{VARIABLE} names no file")
    path = Path(named).resolve()
    if path.is_relative_to(ROOT):
        return _refuse(f"{path} lies in the checkout: a private key never does")
    document = document_of(FOLDER)
    pack = pack_of(document)
    faults = lint(pack, datetime.now(UTC).date(), read_examples(FOLDER / "examples"))
    if faults:
        return _refuse("\n".join(map(str, faults)))
    seal = sign(document, key_at(path))
    _publish(seal["key"])
    _write(FOLDER / SIGNATURE, {"version": pack.version, **seal})
    customs_unverified.write(FOLDER, ROOT)
    if argv[:1] == ["--out"]:
        _write(Path(argv[1]), {"pack": document, **seal})
    print(f"  {pack.version}: {len(pack.rules)} rules, {len(pack.figures)} figures, signed")
    return 0


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 1


def key_at(path: Path) -> Ed25519PrivateKey:
    """The private key of a file, made where there is none; only its owner may read it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path}: an Ed25519 key is wanted")
    return key


def _publish(key: str) -> None:
    _write(FOLDER / PUBLISHERS, {"keys": [{"name": "packstation", "key": key}]})


def _write(path: Path, document: dict[str, Any]) -> None:
    """Fractions stay numbers: a row that reads one takes no text for it."""
    data = msgspec.json.Encoder(decimal_format="number").encode(document)
    path.write_bytes(msgspec.json.format(data, indent=1) + b"\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
