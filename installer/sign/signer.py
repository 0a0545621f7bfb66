"""Detached OpenPGP signatures: by a key of the keyring, or by a throw-away test key."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

TEST_KEY = "packstation-test-key.asc"
_TEST_USER = "packstation TEST KEY, worthless <test@localhost>"


def sign(files: Sequence[Path], key: str | None) -> list[Path]:
    """`FILE.asc` beside each file, and the public key beside them; returns what was written."""
    if key is not None:
        return _signatures(files, ["gpg", "--batch"], key)
    with tempfile.TemporaryDirectory(prefix="gnupg") as home:
        gpg = ["gpg", "--batch", "--quiet", "--homedir", home]
        make = ["--pinentry-mode", "loopback", "--passphrase", "", "--quick-generate-key"]
        _call([*gpg, *make, _TEST_USER, "ed25519", "sign", "7d"])
        made = _signatures(files, gpg, _TEST_USER)
        public = files[0].parent / TEST_KEY
        public.write_bytes(_call([*gpg, "--armor", "--export", _TEST_USER]))
        _call(["gpgconf", "--homedir", home, "--kill", "all"])
    return [*made, public]


def verify(file: Path, public_key: Path) -> bool:
    """Whether `FILE.asc` is that key's signature of the file's bytes."""
    with tempfile.TemporaryDirectory(prefix="gnupg") as home:
        ring = Path(home) / "key.gpg"
        ring.write_bytes(
            _call(["gpg", "--batch", "--homedir", home, "--dearmor", "-o", "-", str(public_key)])
        )
        command = ["gpgv", "--quiet", "--keyring", str(ring), f"{file}.asc", str(file)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _signatures(files: Sequence[Path], gpg: list[str], key: str) -> list[Path]:
    made = []
    for file in files:
        signature = file.with_name(f"{file.name}.asc")
        options = ["--yes", "--armor", "--local-user", key, "--output", str(signature)]
        _call([*gpg, *options, "--detach-sign", str(file)])
        made.append(signature)
    return made


def _call(command: list[str]) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout
