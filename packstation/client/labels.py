"""Labels of services that exist online only: bought by the server, by key, at most once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

import msgspec

from packstation.client.wire import TOTAL_S, Answer, Who, Wire
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused, ServerUnreachable
from packstation.domain.psp import Checkpoint, LabelAnswer, LabelRequest
from packstation.first_use import shaped

_CHECK_S: Final = 2.0  # a packer waits no longer for a label


class ServerLabels:
    """``station.ports.LabelSource`` over ``/v1/labels``; blocking, for the background pool.

    No answer, a 5xx or a pending one is ``LabelOutcomeUnknown``: ask by key, never buy again.
    """

    def __init__(self, wire: Wire, who: Who) -> None:
        """Speak as ``who`` through a wire of its own."""
        self._wire = wire
        self._who = who

    def issue(self, key: str, request: Mapping[str, object]) -> tuple[str, str]:
        """Buy by key; ``request`` has the fields of ``psp.LabelRequest``.

        Raises:
            LabelRefused: nothing was bought; field ``reason``.
            LabelOutcomeUnknown: nobody knows.
        """
        asked = _request(key, request)
        answer = self._send(key, "POST", "/v1/labels", asked)
        return _issued(key, answer)

    def find(self, key: str) -> tuple[str, str] | None:
        """What the key bought; None for nothing, be it never asked for or refused.

        Raises:
            LabelOutcomeUnknown: still nobody knows.
        """
        answer = self._send(key, "GET", _path(key))
        if answer.status in {404, 409} and answer.conflict().code in {"never_bought", "refused"}:
            return None
        return _issued(key, answer)

    def void(self, key: str) -> None:
        """Take it back.

        Raises:
            LabelRefused: the carrier keeps it alive; field ``reason``.
            LabelOutcomeUnknown: nobody knows; ask again.
        """
        answer = self._send(key, "POST", f"{_path(key)}/void")
        if answer.status != 200:
            _raise(key, answer)

    def checkpoint(self, order: str, fence: int, rev: int) -> str:
        """Why no label may be made of an order now; "" where it may, or the server cannot say.

        Raises:
            ServerUnreachable: no answer within two seconds.
        """
        target = f"/v1/orders/{quote(order, safe='')}/checkpoint"
        asked = Checkpoint(rev=rev, fence=fence)
        answer = self._wire.send("POST", target, self._who, asked, wait_s=_CHECK_S - TOTAL_S)
        conflict = answer.conflict()
        return conflict.reason if answer.status == 409 and conflict.code == "changed" else ""

    def file(self, sha256: str) -> bytes:
        """A file of this site by its hash.

        Raises:
            ServerUnreachable: no answer, or another than the file.
        """
        answer = self._wire.send("GET", f"/v1/blobs/{quote(sha256, safe='')}", self._who)
        if answer.status != 200:
            raise ServerUnreachable(cause=f"label file: {answer.status}")
        return answer.content

    def _send(self, key: str, method: str, target: str, body: object = None) -> Answer:
        try:
            return self._wire.send(method, target, self._who, body)
        except ServerUnreachable as exc:
            raise LabelOutcomeUnknown(label_key=key, **exc.fields) from exc

    def close(self) -> None:
        """End a call under way and close the connections."""
        self._wire.abort()
        self._wire.close()


def _request(key: str, request: Mapping[str, object]) -> LabelRequest:
    try:
        return shaped({**request, "key": key}, LabelRequest)
    except msgspec.ValidationError as exc:
        raise LabelRefused(label_key=key, reason="invalid", detail=str(exc)) from exc


def _path(key: str) -> str:
    parcel, _, attempt = key.rpartition("/")
    return f"/v1/labels/{quote(parcel, safe='')}/{quote(attempt, safe='')}"


def _issued(key: str, answer: Answer) -> tuple[str, str]:
    if answer.status != 200:
        _raise(key, answer)
    try:
        label = answer.read(LabelAnswer)
    except ServerUnreachable as exc:
        raise LabelOutcomeUnknown(label_key=key, **exc.fields) from exc
    if label.status != "issued" or not label.waybill:
        raise LabelRefused(label_key=key, reason=label.status)
    return label.waybill, label.blob


def _raise(key: str, answer: Answer) -> None:
    """A 4xx was decided before anything was bought; all else is not known."""
    if 400 <= answer.status < 500 and answer.status not in {408, 425, 429}:
        conflict = answer.conflict()
        reason = conflict.reason or conflict.code or str(answer.status)
        raise LabelRefused(label_key=key, reason=reason, detail=conflict.detail)
    raise LabelOutcomeUnknown(label_key=key, cause=str(answer.status))
