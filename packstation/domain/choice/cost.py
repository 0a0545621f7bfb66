"""What a service is expected to cost a shop: its price, and what may go wrong on its lane.

Price + P(late) * late + P(lost) * (value + reship) + P(exception) * handling, all in one currency,
exact (reference: carriers, section 5). Insurance is taken where it costs less than the loss that
it takes away.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from packstation.domain.choice.lanes import Chances

Code = Literal["price", "late", "handover", "loss", "exception", "insurance", "prefer"]
NOTHING = Fraction(0)


class Stakes(Struct, frozen=True, kw_only=True):
    """What is at stake for one parcel, in the home currency; nothing where it is not known.

    ``late`` and ``handover`` are charges for a missed promise and a missed hand-over.
    """

    late: Fraction = NOTHING
    handover: Fraction = NOTHING
    value: Fraction = NOTHING
    reship: Fraction = NOTHING
    exception: Fraction = NOTHING


class Cover(Struct, frozen=True):
    """Insurance for a parcel: its premium and the value up to which it pays, None for all."""

    premium: Fraction
    most: Fraction | None = None


class Part(Struct, frozen=True):
    """One part of an expected cost."""

    code: Code
    amount: Fraction


class Expected(Struct, frozen=True):
    """All parts, which add up to ``total``; ``insured`` where the premium is among them."""

    parts: tuple[Part, ...]
    insured: bool = False

    @property
    def total(self) -> Fraction:
        """Their sum."""
        return sum((part.amount for part in self.parts), NOTHING)

    def part(self, code: Code) -> Fraction:
        """One part, nothing where it is not there."""
        return next((part.amount for part in self.parts if part.code == code), NOTHING)

    @property
    def risk(self) -> Fraction:
        """What is not price, premium or preference."""
        risks = {"late", "handover", "loss", "exception"}
        return sum((part.amount for part in self.parts if part.code in risks), NOTHING)


class Outlook(Struct, frozen=True, kw_only=True):
    """What is known of one service and this parcel.

    ``late``: its own days end after the deadline, so that it is late for certain; ``missed``: it
    is collected after the hand-over was due; ``covered``: its price has insurance in it;
    ``covers``: what could be bought; ``worth``: what a rule takes off.
    """

    late: bool = False
    missed: bool = False
    covered: bool = False
    covers: Sequence[Cover] = ()
    worth: Fraction = NOTHING


def expected(price: Fraction, chances: Chances, stakes: Stakes, outlook: Outlook) -> Expected:
    """The expected cost of one service at a price."""
    covered = outlook.covered
    loss = chances.lost * ((NOTHING if covered else stakes.value) + stakes.reship)
    cover = None if covered else _best(outlook.covers, chances, stakes)
    if cover is not None:
        loss -= chances.lost * _paid(cover, stakes)
    parts = (
        Part("price", price),
        Part("late", stakes.late * (1 if outlook.late else chances.late)),
        Part("handover", stakes.handover if outlook.missed else NOTHING),
        Part("loss", loss),
        Part("exception", chances.exception * stakes.exception),
        Part("insurance", NOTHING if cover is None else cover.premium),
        Part("prefer", -outlook.worth),
    )
    return Expected(
        tuple(part for part in parts if part.amount or part.code == "price"), bool(cover)
    )


def _best(covers: Sequence[Cover], chances: Chances, stakes: Stakes) -> Cover | None:
    """The cover that saves most, if one saves anything."""

    def saves(cover: Cover) -> Fraction:
        return chances.lost * _paid(cover, stakes) - cover.premium

    best = max(covers, key=saves, default=None)
    return best if best is not None and saves(best) > 0 else None


def _paid(cover: Cover, stakes: Stakes) -> Fraction:
    return stakes.value if cover.most is None else min(stakes.value, cover.most)
