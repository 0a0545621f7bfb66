"""A server's own certificates: one CA for the benches of a company, one leaf for this server.

Benches pin the CA, never the leaf (reference/server.md section 4), so that the leaf, 90 days of
life, is made anew without anybody noticing. A folder holds

* ``ca.pem``: the CA's certificate, which benches get when they join; nothing in it is secret;
* ``ca.key``: its key, sealed by the vault (AES-256-GCM), a copy of the folder signs nothing;
* ``server.pem``: the leaf and its key in one file (mode 0600), replaced as a whole.
"""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import os
import re
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec import Struct

from packstation.domain.errors import SettingsError
from packstation.server.vault import Locked, Vault

FOLDER: Final = "tls"
CA: Final = "ca.pem"
CA_KEY: Final = "ca.key"
SERVER: Final = "server.pem"
CA_LIFE: Final = timedelta(days=3653)
LIFE: Final = timedelta(days=90)
RENEWED_BEFORE: Final = timedelta(days=30)
_SLACK: Final = timedelta(hours=1)  # a bench's clock may be late
_PLACE: Final = "server ca"
_HOST: Final = re.compile(
    r"(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)


class Issued(Struct, frozen=True):
    """What a folder holds: whom the leaf is for, until when, the CA's SHA-256 (hex)."""

    folder: Path
    names: tuple[str, ...]
    until: datetime
    fingerprint: str

    @property
    def ca(self) -> Path:
        """The certificate that benches trust."""
        return self.folder / CA

    @property
    def server(self) -> Path:
        """The leaf with its key."""
        return self.folder / SERVER


def issue(folder: Path, vault: Vault, names: tuple[str, ...], now: datetime) -> Issued:
    """A leaf for ``names`` (DNS names and addresses) by the folder's CA, made at the first need.

    Raises:
        SettingsError: a name that is none; a folder that cannot be written; a CA whose key does
            not open, or that has run out.
    """
    alternatives = [_alternative(name) for name in names]
    if not alternatives:
        raise SettingsError(name="--name", value="", allowed="packs.example, 192.0.2.7")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ca, ca_key = _authority(folder, vault, now)
        key = ec.generate_private_key(ec.SECP256R1())
        until = min(now + LIFE, ca.not_valid_after_utc)
        leaf = (
            _begun(f"packstation server {names[0]}"[:64], ca.subject, key, now, until)
            .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()),
                critical=False,
            )
            .sign(ca_key, hashes.SHA256())
        )
        _put(folder / SERVER, _pem(leaf) + _key_pem(key))
        return issued(folder)
    except OSError as exc:
        raise SettingsError(name="--tls", value=str(folder), allowed=str(exc)) from exc


def issued(folder: Path) -> Issued:
    """What the folder holds.

    Raises:
        SettingsError: it holds no certificates of ours.
    """
    try:
        ca = x509.load_pem_x509_certificate((folder / CA).read_bytes())
        leaf = x509.load_pem_x509_certificate((folder / SERVER).read_bytes())
        held = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound) as exc:
        raise SettingsError(
            name="--tls", value=str(folder), allowed=f"packstation server ca --name HOST ({exc})"
        ) from exc
    names = tuple(str(name.value) for name in held)
    fingerprint = ca.fingerprint(hashes.SHA256()).hex()
    return Issued(folder, names, leaf.not_valid_after_utc, fingerprint)


def renewed(folder: Path, vault: Vault, now: datetime) -> bool:
    """Make the leaf anew, for the same names, when it ends within 30 days; whether it was.

    Raises:
        SettingsError: as ``issue``.
    """
    held = issued(folder)
    if held.until - now > RENEWED_BEFORE:
        return False
    issue(folder, vault, held.names, now)
    return True


def _authority(
    folder: Path, vault: Vault, now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    if not (folder / CA_KEY).exists():
        return _founded(folder, vault, now)
    try:
        held = vault.open(_PLACE, (folder / CA_KEY).read_text("ascii").strip())
        key = serialization.load_der_private_key(base64.b64decode(held["key"]), None)
        ca = x509.load_pem_x509_certificate((folder / CA).read_bytes())
    except (Locked, KeyError, ValueError) as exc:
        raise SettingsError(
            name="PACKSTATION_VAULT_KEY_FILE",
            value=str(folder / CA_KEY),
            allowed="the key that this CA was sealed with",
        ) from exc
    if ca.not_valid_after_utc <= now or not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SettingsError(
            name="--tls", value=str(folder / CA), allowed=f"a CA valid after {now:%Y-%m-%d}"
        )
    return ca, key


def _founded(
    folder: Path, vault: Vault, now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A new CA; its key is on disk before its certificate, so a kill leaves none or a whole one."""
    key = ec.generate_private_key(ec.SECP384R1())
    name = _name(f"packstation CA {now:%Y-%m-%d}")
    ca = (
        _begun(name, name, key, now, now + CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(key, hashes.SHA384())
    )
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    sealed = vault.seal(_PLACE, {"key": base64.b64encode(der).decode()})
    _put(folder / CA, _pem(ca), mode=0o644)
    _put(folder / CA_KEY, sealed.encode() + b"\n")
    return ca, key


def _begun(
    subject: str | x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject) if isinstance(subject, str) else subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - _SLACK)
        .not_valid_after(until.astimezone(UTC))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative(name: str) -> x509.GeneralName:
    """A DNS name or an address as a certificate carries it."""
    with contextlib.suppress(ValueError):
        return x509.IPAddress(ipaddress.ip_address(name.strip("[]")))
    with contextlib.suppress(UnicodeError):
        ascii_name = name.encode("idna").decode("ascii")
        if _HOST.fullmatch(ascii_name):
            return x509.DNSName(ascii_name)
    raise SettingsError(name="--name", value=name, allowed="packs.example, 192.0.2.7")


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _put(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write the file so that a reader sees the old one or the new one, whole."""
    handle, name = tempfile.mkstemp(".new", path.stem, path.parent)
    torn = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        torn.chmod(mode)
        torn.replace(path)
    finally:
        torn.unlink(missing_ok=True)
