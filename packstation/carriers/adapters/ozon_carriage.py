"""The hand-over to Ozon: a carriage with our postings, approved; its act and labels of its bags.

A carriage is made once for a manifest. One whose answer got lost is found among those of its
delivery method that nobody approved yet (Ozon has one of them at a time). All that is packed falls
into a new carriage, so its postings are set to those of the list before it is approved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from packstation.carriers.adapters import ozon_words as words
from packstation.carriers.adapters import parts
from packstation.carriers.adapters.ozon_api import Api
from packstation.carriers.adapters.ozon_book import Book, Carriage
from packstation.domain.carriers import LabelFile, ManifestAsked, Manifested, refused
from packstation.domain.errors import LabelOutcomeUnknown

LOOKS: Final = 4
_PAUSE_S: Final = 2.0
_NEW: Final = "new"
_MOST_LISTED: Final = 100
CONTAINERS: Final = "container labels"

Pause = Callable[[float], None]


def handed(api: Api, book: Book, asked: ManifestAsked, method: str, pause: Pause) -> Manifested:
    """As ``CarrierGateway.manifest``; ``method`` is the service's delivery method.

    Raises:
        LabelRefused: none of the parcels is ours, or Ozon says no.
        LabelOutcomeUnknown: no answer, or the act is not ready: the same key gets it later.
    """
    known = {one: entry.number for one in asked.waybills if (entry := book.of_waybill(one))}
    if not known:
        raise refused(asked.key, "invalid", "waybills: none was shipped by this account")
    carriage = book.carriage(asked.key) or _begun(api, book, asked, method)
    id = words.as_number(carriage.id)  # noqa: A001 - theirs
    told = api.ask(asked.key, "/v1/carriage/get", {"carriage_id": id})
    if parts.text(told, "carriage_id") != carriage.id:
        raise LabelOutcomeUnknown(label_key=asked.key, cause="answer: another carriage")
    if parts.text(told, "status") == _NEW:
        carriage = replace(carriage, missing=_loaded(api, asked, carriage, known))
        book.keep_carriage(asked.key, carriage)
        body = {"carriage_id": id, "containers_count": max(asked.containers, 1)}
        api.ask(asked.key, "/v1/carriage/approve", body)
    act = _paper(api, asked.key, "/v2/posting/fbs/act/get-pdf", carriage.id, pause)
    papers: tuple[tuple[str, LabelFile], ...] = ()
    if asked.containers:
        path = "/v2/posting/fbs/act/get-container-labels"
        papers = ((CONTAINERS, _paper(api, asked.key, path, carriage.id, pause)),)
    return Manifested(ref=carriage.id, file=act, missing=carriage.missing, papers=papers)


def _begun(api: Api, book: Book, asked: ManifestAsked, method: str) -> Carriage:
    """One that a lost answer left behind, else a new one."""
    listed = api.ask(asked.key, "/v2/carriage/delivery/list", {"limit": _MOST_LISTED})
    left = (one for one in words.open_carriages(listed, method) if not book.has_carriage(one))
    found = next(left, "")
    if not found:
        body = {"delivery_method_id": words.as_number(method)}
        day = {"departure_date": f"{asked.day}T00:00:00Z"} if asked.day else {}
        told = api.ask(asked.key, "/v1/carriage/create", body | day)
        found = parts.text(told, "carriage_id")
    if not found:
        raise LabelOutcomeUnknown(label_key=asked.key, cause="answer: no carriage")
    carriage = Carriage(id=found)
    book.keep_carriage(asked.key, carriage)
    return carriage


def _loaded(
    api: Api, asked: ManifestAsked, carriage: Carriage, known: dict[str, str]
) -> tuple[str, ...]:
    """Set what it carries; answers the waybills that it did not take."""
    body = {
        "carriage_id": words.as_number(carriage.id),
        "posting_numbers": list(known.values()),
    }
    told = api.ask(asked.key, "/v1/carriage/set-postings", body)
    taken = {
        parts.text(row, "posting_number")
        for row in parts.rows(told, "result")
        if row.get("result") is True
    }
    if not taken:
        raise refused(asked.key, "invalid", "carriage: none of the postings was taken")
    return tuple(one for one in asked.waybills if known.get(one) not in taken)


def _paper(api: Api, key: str, path: str, carriage: str, pause: Pause) -> LabelFile:
    """A paper of the carriage; it is made while we wait."""
    for _ in range(LOOKS):
        found = api.file(key, path, {"id": words.as_number(carriage)})
        if found.file is not None and not found.fault:
            return found.file
        if found.fault != "missing":
            raise LabelOutcomeUnknown(label_key=key, cause=f"{found.fault} {found.detail}")
        pause(_PAUSE_S)
    raise LabelOutcomeUnknown(label_key=key, cause=f"not ready: {found.detail}")
