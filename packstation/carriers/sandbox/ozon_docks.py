"""The scripted Ozon's dock: carriages of packed postings, approved; acts, labels of containers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct, field

from packstation.carriers.sandbox.dialect import Answer, as_json
from packstation.carriers.sandbox.files import pdf

Json = dict[str, Any]
_FIRST: Final = 5_000_000_000


class Carriage(Struct, kw_only=True):
    """A carriage of postings; approved it has an act."""

    method: str
    status: str = "new"
    postings: list[str] = field(default_factory=list)
    containers: int = 0


class Docks:
    """``packed`` says the waybill of a posting that can be handed over."""

    def __init__(self, packed: Callable[[str], str], *, slow: int = 1) -> None:
        self._packed, self.slow = packed, slow
        self.carriages: dict[str, Carriage] = {}
        self._looks = 0

    def answer(self, path: str, sent: Json) -> Answer | None:
        """What a request comes to; None: it is none of a dock's."""
        answers = {
            "v2/carriage/delivery/list": self._listed,
            "v1/carriage/create": self._created,
            "v1/carriage/get": self._shown,
            "v1/carriage/set-postings": self._set,
            "v1/carriage/approve": self._approved,
            "v2/posting/fbs/act/get-container-labels": self._labels,
        }
        found = answers.get(path)
        return found(sent) if found else None

    def waybills(self, id: str) -> tuple[str, ...]:  # noqa: A002 - theirs
        """What a carriage carries."""
        carriage = self.carriages.get(id)
        return tuple(map(self._packed, carriage.postings)) if carriage else ()

    def act(self) -> Answer:
        """Its act, as soon as it is made."""
        self._looks += 1
        if self._looks <= self.slow:
            return as_json({"code": 5, "message": "act is not ready", "details": []}, 404)
        return Answer(body=pdf("ACT", 210, 297), media="application/pdf")

    def _listed(self, _sent: Json) -> Answer:
        rows = [
            {
                "delivery_method_id": int(one.method),
                "carriages": [{"id": int(id), "status": one.status}],
            }
            for id, one in self.carriages.items()  # noqa: A001 - theirs
        ]
        return as_json({"methods": rows, "has_next": False})

    def _created(self, sent: Json) -> Answer:
        method = str(sent["delivery_method_id"])
        if any(one.status == "new" and one.method == method for one in self.carriages.values()):
            told = {"code": 9, "message": "there_are_incomplete_carriages", "details": []}
            return as_json(told, 400)
        made = str(_FIRST + len(self.carriages))
        self.carriages[made] = Carriage(method=method)
        return as_json({"carriage_id": int(made)})

    def _shown(self, sent: Json) -> Answer:
        one = self.carriages[str(sent["carriage_id"])]
        return as_json({"carriage_id": int(sent["carriage_id"]), "status": one.status})

    def _set(self, sent: Json) -> Answer:
        asked = list(sent["posting_numbers"])
        one = self.carriages[str(sent["carriage_id"])]
        one.postings = [number for number in asked if self._packed(number)]
        rows = [
            {"posting_number": number, "result": number in one.postings, "error": ""}
            for number in asked
        ]
        return as_json({"result": rows})

    def _approved(self, sent: Json) -> Answer:
        one = self.carriages[str(sent["carriage_id"])]
        one.status, one.containers = "formed", int(sent["containers_count"])
        return as_json({})

    def _labels(self, sent: Json) -> Answer:
        one = self.carriages[str(sent["id"])]
        words = f"CONTAINERS {one.containers}"
        return Answer(body=pdf(words, 75, 120), media="application/pdf")
