"""Facts of customs: what was checked of a parcel's papers, and what a person confirmed of them."""

from __future__ import annotations

from packstation.domain.packing.facts import Fact


class PapersChecked(Fact, frozen=True, kw_only=True):
    """The rules of ``pack`` looked at a parcel at a ``moment`` (order, label, close).

    ``digest`` is the SHA-256 of the data that was looked at; ``ok``: nothing stops it. ``rules``,
    ``skus`` and ``refs`` (paths of fields, never values) are of what stops it, ``blocks`` how
    much of that no supervisor may release; ``overrides`` are "RULE field" of what one may, and
    ``warned`` the rules that only warn. ``order`` is the SHA-256 of the order and of what its goods
    declare, whatever lies in the boxes: what a supervisor releases is released of that.
    """

    parcel: str
    moment: str
    pack: str
    digest: str
    ok: bool
    rules: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    blocks: int = 0
    overrides: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    order: str = ""

    @property
    def releasable(self) -> bool:
        """Whether a supervisor's word is all that is missing."""
        return bool(self.overrides) and not self.blocks


class PaperConfirmed(Fact, frozen=True, kw_only=True):
    """A person stuck a printed paper on, or put its ``copies`` into the pouch.

    ``by``: scan (its code was read) or person (a key).
    """

    document: str
    copies: int = 1
    by: str = "person"
    scanner: str = ""
