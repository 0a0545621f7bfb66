"""Carriers that keep an order under our key and make its label by and by.

A subclass says how an order is placed, found and read and where its label lies; what follows
from that is the same for all of them: a sale whose number or label is not there yet is pending,
and a question that is refused settles nothing of the sale.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from packstation.carriers.adapters import parts
from packstation.carriers.adapters.online import Busy, Duplicate, Online
from packstation.carriers.adapters.wire import Sent, Wire
from packstation.carriers.label_files import Checked
from packstation.domain.carriers import Bought, BuyRequest, LabelFile, LabelWanted, refused
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused, RateUnavailable


class Keyed(Online):
    """See the module; ``name`` is what this account is called in quotes."""

    def __init__(self, name: str, wire: Wire, pause: Callable[[float], None]) -> None:
        super().__init__(pause)
        self._name, self._wire = name, wire

    def close(self) -> None:
        """Let go of the connections."""
        self._wire.close()

    # --- what a carrier says of itself ----------------------------------------------------

    def placed(self, request: BuyRequest) -> Sent:
        """The answer to an order, asked for once.

        Raises:
            LabelRefused: it cannot be asked for.
            LabelOutcomeUnknown: no answer.
        """
        raise NotImplementedError

    def told(self, key: str, answer: Sent) -> Any:  # noqa: ANN401 - JSON
        """What stands in an answer that says "done".

        Raises:
            LabelRefused: the carrier says no.
            LabelOutcomeUnknown: it says nothing that can be understood.
        """
        raise NotImplementedError

    def held(self, key: str) -> Any:  # noqa: ANN401 - JSON
        """The order of a key; None where there is none.

        Raises:
            LabelOutcomeUnknown: no answer, or another's order.
        """
        raise NotImplementedError

    def sale(self, key: str, order: Any) -> Bought:  # noqa: ANN401 - JSON
        """The sale without its label; ``waybill`` is "" while there is no number.

        Raises:
            LabelOutcomeUnknown: this is not our order.
        """
        raise NotImplementedError

    def printed(self, key: str, order: Any, wanted: LabelWanted) -> Checked:  # noqa: ANN401 - JSON
        """The label of an order that has a number.

        Raises:
            LabelRefused, LabelOutcomeUnknown: it is not to be had now.
        """
        raise NotImplementedError

    def no_such(self, no: LabelRefused) -> bool:
        """Whether a refusal says that there is no such order."""
        said = str(no.fields["detail"]).lower()
        return any(word in said for word in parts.NO_SUCH)

    # --- what follows ---------------------------------------------------------------------

    def sell(self, request: BuyRequest) -> Bought:
        """See ``Online.sell``."""
        answer = self.placed(request)
        if answer.busy:
            raise Busy(answer.pause_s())
        try:
            order = self.told(request.key, answer)
        except LabelRefused as exc:
            if exc.fields["reason"] == "duplicate":
                raise Duplicate from exc
            raise
        return self.whole(request.key, order, request.wanted)

    def find(self, key: str) -> Bought | None:
        order = self.held(key)
        return None if order is None else self.whole(key, order, LabelWanted())

    def sold(self, key: str) -> Any:  # noqa: ANN401 - JSON
        """The order of a key.

        Raises:
            LabelRefused: ``never_bought``.
            LabelOutcomeUnknown: as ``held``.
        """
        order = self.held(key)
        if order is None:
            raise refused(key, "never_bought")
        return order

    def whole(self, key: str, order: object, wanted: LabelWanted) -> Bought:
        """The sale with its label; what is not there yet leaves it pending."""
        sale = self.sale(key, order)
        if sale.voided:
            return sale
        if not sale.waybill:
            return replace(sale, state="pending")
        try:
            found = self.printed(key, order, wanted)
        except (LabelOutcomeUnknown, LabelRefused):
            return replace(sale, state="pending")
        if found.file is None:
            fault = "" if found.fault == "missing" else found.fault
            return replace(sale, state="pending", fault=fault)
        return replace(sale, label=found.file, fault=found.fault)

    def label(self, key: str, wanted: LabelWanted) -> LabelFile | None:
        order = self.sold(key)
        if not self.sale(key, order).waybill:
            return None
        try:
            return parts.usable(key, self.printed(key, order, wanted))
        except LabelRefused as exc:
            raise unsettled(key, exc) from exc

    def stopped(self, key: str, ask: Callable[[], Sent], *, under_way: bool) -> None:
        """Ask for an order's end; a refusal of one that is ``under_way`` is ``tendered``.

        Raises:
            LabelRefused: the carrier says no.
            LabelOutcomeUnknown: no answer.
        """
        answer = self.patiently(ask, key)
        try:
            self.told(key, answer)
        except LabelRefused as exc:
            if under_way:
                raise refused(key, "tendered", str(exc.fields["detail"])) from exc
            raise

    def question(self, ask: Callable[[], Sent]) -> Any:  # noqa: ANN401 - JSON
        """What is answered to a question about no sale; None where they know of nothing.

        Raises:
            RateUnavailable: no answer.
        """
        try:
            return self.told("", self.patiently(ask))
        except LabelRefused as exc:
            if self.no_such(exc):
                return None
            raise RateUnavailable(carrier=self._name, reason=str(exc)) from exc
        except LabelOutcomeUnknown as exc:
            raise RateUnavailable(carrier=self._name, reason=str(exc)) from exc


def unsettled(key: str, no: LabelRefused) -> LabelOutcomeUnknown:
    """A refused question settles nothing of the sale."""
    cause = f"{no.fields['reason']}: {no.fields['detail']}"
    return LabelOutcomeUnknown(label_key=key, cause=cause)
