"""PINs are kept as argon2id hashes (reference/server.md section 4)."""

from __future__ import annotations


def check_pin(known: str, typed: str) -> bool:
    """Whether ``typed`` is the PIN of the hash ``known``; takes tens of milliseconds by design."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(known, typed)
    except (VerificationError, InvalidHashError):
        return False
