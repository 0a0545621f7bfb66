"""The rule pack of the program is the one that its publisher signed."""

from __future__ import annotations

from packstation.customs.packs import installed_signer, publishers


def test_the_rule_pack_is_as_its_publisher_signed_it() -> None:
    assert installed_signer() in publishers()  # else: python -m setup.customs_pack
