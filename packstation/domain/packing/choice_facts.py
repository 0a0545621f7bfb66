"""The fact of a choice: what a service was expected to cost, and by which rates and rules."""

from __future__ import annotations

from packstation.domain.packing.facts import Fact
from packstation.domain.quantities import Money


class ServiceWeighed(Fact, frozen=True, kw_only=True):
    """How a service was judged when it was taken, right before ``ServiceSelected``.

    ``home`` is its price and ``expected`` that with all risks, in the currency that prices were
    compared in; ``parts`` are "code amount" and add up to ``expected`` but for its rounding.
    ``rates`` are ids of exchange rates; ``why`` the key of what the packer was told. ``best`` is
    what the rule would have taken, "carrier/service", where a person took another one. ``arrives``
    is the last day of the promise, ISO, "" where none is named.
    """

    carrier: str
    service: str
    home: Money
    expected: Money
    parts: tuple[str, ...] = ()
    rates: tuple[str, ...] = ()
    why: str = ""
    best: str = ""
    arrives: str = ""
    insured: bool = False
    ranked: int = 0
    offline: bool = False
