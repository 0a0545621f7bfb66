"""A described carrier at work. What it answers is believed where it has the shape of an answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from time import monotonic, sleep
from typing import Any, Final
from urllib.parse import quote as quoted
from urllib.parse import urlencode, urlsplit

import msgspec
from msgspec.structs import replace

from packstation.carriers.adapters.online import Busy, Duplicate, Online
from packstation.carriers.adapters.rest import reading, templates
from packstation.carriers.adapters.rest.paths import at, holds, text
from packstation.carriers.adapters.rest.shapes import Description, Operation
from packstation.carriers.adapters.wire import Sent, Wire
from packstation.carriers.label_files import Checked, checked, from_base64
from packstation.domain.carriers import (
    Bought,
    BuyRequest,
    Capabilities,
    LabelFile,
    LabelWanted,
    ManifestAsked,
    Manifested,
    TrackEvent,
    not_offered,
    refused,
)
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.shipments import Shipment

Values = Mapping[str, Any]
_TOKEN_S: Final = 300.0
_UNAUTHORISED: Final = 401
_DENIED: Final = frozenset({401, 403})


class RestCarrier(Online):
    """One account at a carrier; ``secrets`` by the names that its description lists.

    ``base_url`` replaces the description's (a test system's), ``ca``: PEM file to trust besides.
    """

    def __init__(
        self,
        description: Description,
        secrets: Mapping[str, str],
        *,
        base_url: str = "",
        ca: str = "",
        pause: Callable[[float], None] = sleep,
    ) -> None:
        super().__init__(pause)
        self._about = description
        self._secrets = {f"secret.{name}": secrets.get(name, "") for name in description.secrets}
        self._wire = Wire(base_url or description.base_url, timeout_s=description.timeout_s, ca=ca)
        self._lock = threading.Lock()
        self._token, self._token_until = "", 0.0
        has = description.operations
        self.capabilities = Capabilities(
            rate=has.quote is not None,
            label=has.label is not None or "label" in has.find.answer,
            void=has.void is not None,
            track=has.track is not None,
            manifest=has.manifest is not None,
            late_numbers=has.find.pending is not None,
            media=description.label.media,
            settle_s=description.settle_s,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._wire.close()

    # --- buying ---------------------------------------------------------------------------

    def sell(self, request: BuyRequest) -> Bought:
        """See ``Online.sell``."""
        key, one = request.key, self._about.operations.buy
        theirs = self._about.services.get(request.service)
        if theirs is None:
            known = ", ".join(sorted(self._about.services))
            raise refused(key, "service", f"service: {request.service!r}; known: {known}")
        values = templates.values_of(request, theirs)
        answer = self._ask(key, one, values)
        if answer.busy:
            raise Busy(answer.pause_s())
        document = self._settled(key, answer, one)
        return self._bought(key, one, document, document, request.wanted)

    def find(self, key: str) -> Bought | None:
        return self._found(key, LabelWanted())

    def _found(self, key: str, wanted: LabelWanted) -> Bought | None:
        one = self._about.operations.find
        answer = self.patiently(lambda: self._ask(key, one, templates.of_key(key)), key)
        document = answer.json()
        if isinstance(document, dict | list) and holds(one.none, answer.status, document):
            return None
        document = self._settled(key, answer, one, asking=True)
        if not one.list:
            return self._bought(key, one, document, document, wanted)
        entries = at(document, one.list)
        if not isinstance(entries, list):
            raise self._odd(key, answer, f"{one.list}: a list")
        ours = [entry for entry in entries if text(entry, one.key) == key]
        return self._bought(key, one, document, ours[-1], wanted) if ours else None

    def _bought(
        self, key: str, one: Operation, whole: object, entry: object, wanted: LabelWanted
    ) -> Bought:
        """What an answer says was sold.

        Raises:
            LabelOutcomeUnknown: it has neither number nor id, or the number is none.
        """
        pending = holds(one.pending, 0, entry) or holds(one.pending, 0, whole)
        found = reading.sale(one.answer, entry)
        if not (found.waybill or found.ref or pending):
            raise LabelOutcomeUnknown(label_key=key, cause="answer: neither number nor id")
        if found.waybill and not reading.is_number(found.waybill):
            raise LabelOutcomeUnknown(label_key=key, cause=f"number: {found.waybill[:40]!r}")
        if pending or not found.waybill:
            return replace(found, state="pending")
        if "label" not in one.answer or found.voided:
            return found
        file = self._file(key, at(entry, one.answer["label"]), wanted)
        if file.file is None:
            return replace(found, state="pending", fault=file.fault)
        return replace(found, label=file.file, fault=file.fault)

    # --- labels, voids --------------------------------------------------------------------

    def label(self, key: str, wanted: LabelWanted) -> LabelFile | None:
        one = self._about.operations.label
        if one is None:
            found = self._found(key, wanted)
            if found is None:
                raise refused(key, "never_bought")
            return found.label
        answer = self.patiently(lambda: self._ask(key, one, self._of_sale(key, one)), key)
        if self._about.label.encoding == "body" and answer.ok:
            return self._usable(key, checked(answer.body, wanted))
        document = self._settled(key, answer, one, asking=True)
        value = at(document, one.answer["label"])
        if holds(one.pending, answer.status, document) or value in (None, ""):
            return None
        return self._usable(key, self._file(key, value, wanted))

    def void(self, key: str) -> None:
        one = self._about.operations.void
        if one is None:
            not_offered("void", key)
        answer = self.patiently(lambda: self._ask(key, one, self._of_sale(key, one)), key)
        self._settled(key, answer, one)

    def _of_sale(self, key: str, one: Operation) -> Values:
        """What a template may say of a sale; the carrier's own id and number where it asks."""
        values = templates.of_key(key)
        used = f"{one.path}{one.query}{one.body}"
        if "{ref" not in used and "{waybill" not in used:
            return values
        sold = self.find(key)
        if sold is None:
            raise refused(key, "never_bought")
        return {**values, "ref": sold.ref, "waybill": sold.waybill}

    @staticmethod
    def _usable(key: str, found: Checked) -> LabelFile:
        if found.file is None or (found.fault and not found.stays):
            raise LabelOutcomeUnknown(label_key=key, cause=found.detail, fault=found.fault)
        return found.file

    def _file(self, key: str, value: object, wanted: LabelWanted) -> Checked:
        form = self._about.label
        if form.encoding == "base64":
            return from_base64(value, wanted)
        plain = value if isinstance(value, str) else ""
        if form.encoding == "text" or not plain:
            return checked(plain.encode(), wanted)
        parts = urlsplit(plain)
        local = urlsplit(self._wire.base_url)
        allowed = {*form.hosts, local.netloc}
        if parts.scheme not in {"https", local.scheme} or parts.netloc not in allowed:
            return Checked(fault="unknown", detail=f"label: {plain[:60]!r}; of {sorted(allowed)}")
        return checked(self._wire.send(key, "GET", plain).body, wanted)

    # --- prices, ways, hand-over ----------------------------------------------------------

    def quote(self, shipment: Shipment) -> tuple[Quoted | RefusedService, ...]:
        one = self._about.operations.quote
        if one is None:
            not_offered("rate")
        answer = self.patiently(lambda: self._ask("", one, reading.shipment_values(shipment)))
        document = self._settled("", answer, one, asking=True)
        ours = {theirs: name for name, theirs in self._about.services.items()}
        return reading.prices(one, document, self._about.carrier, ours, shipment)

    def track(self, waybills: tuple[str, ...]) -> tuple[TrackEvent, ...]:
        one = self._about.operations.track
        if one is None:
            not_offered("track")
        values = {**templates.of_key(""), "waybills": ",".join(waybills)}
        answer = self.patiently(lambda: self._ask("", one, values))
        document = self._settled("", answer, one, asking=True)
        return reading.events(one, document, self._about.statuses, frozenset(waybills))

    def manifest(self, asked: ManifestAsked) -> Manifested:
        one = self._about.operations.manifest
        if one is None:
            not_offered("manifest", asked.key)
        service = self._about.services.get(asked.service, asked.service)
        values = {
            **templates.of_key(asked.key),
            "waybills": asked.waybills,
            "day": asked.day,
            "service": service,
        }
        answer = self.patiently(lambda: self._ask(asked.key, one, values), asked.key)
        document = self._settled(asked.key, answer, one)
        ref = text(document, one.answer["ref"])
        if not ref:
            raise self._odd(asked.key, answer, f"{one.answer['ref']}: an id")
        missing = at(document, one.answer["missing"]) if "missing" in one.answer else ()
        file = at(document, one.answer["label"]) if "label" in one.answer else None
        return Manifested(
            ref=ref,
            file=self._file(asked.key, file, LabelWanted()).file if file else None,
            missing=tuple(each for each in missing if isinstance(each, str))
            if isinstance(missing, list)
            else (),
        )

    # --- requests -------------------------------------------------------------------------

    def _ask(self, key: str, one: Operation, values: Values) -> Sent:
        """Send; where the token has run out, once more with a new one."""
        answer = self._send(key, one, values)
        if answer.status == _UNAUTHORISED and self._about.operations.token and self._token:
            self._token = ""
            answer = self._send(key, one, values)
        return answer

    def _send(self, key: str, one: Operation, values: Values) -> Sent:
        known = {**self._secrets, **values}
        if one is not self._about.operations.token and self._about.operations.token:
            known["token"] = self._fresh(key)
        safe = {name: _in_path(value) for name, value in known.items()}
        named = {**self._about.headers, **one.headers}
        asked = {**self._about.query, **one.query}
        headers = {name: templates.filled_text(part, known, key) for name, part in named.items()}
        query = {name: templates.filled_text(part, known, key) for name, part in asked.items()}
        content = b""
        if one.body is not None:
            body = templates.filled(one.body, known, key)
            form = urlencode({name: str(part) for name, part in body.items()}) if one.form else ""
            content = form.encode() if one.form else msgspec.json.encode(body)
            kind = "application/x-www-form-urlencoded" if one.form else "application/json"
            headers = {"Content-Type": kind, **headers}
        return self._wire.send(
            key,
            one.method,
            templates.filled_text(one.path, safe, key),
            headers=headers,
            query=query,
            content=content,
        )

    def _fresh(self, key: str) -> str:
        """A token that holds, asked for where there is none."""
        with self._lock:
            if self._token and monotonic() < self._token_until:
                return self._token
            one = self._about.operations.token
            assert one is not None  # noqa: S101 - asked only where there is one
            answer = self.patiently(lambda: self._send(key, one, templates.of_key(key)), key)
            document = self._settled(key, answer, one)
            token = text(document, one.answer["token"])
            if not token:
                raise refused(key, "credentials", "no token")
            said = text(document, one.answer.get("seconds", ""))
            seconds = min(float(said), 86_400.0) if said.isdecimal() else _TOKEN_S
            self._token, self._token_until = token, monotonic() + seconds * 0.9
            return token

    def _settled(
        self, key: str, answer: Sent, one: Operation, *, asking: bool = False
    ) -> dict[str, Any] | list[Any]:
        """The document of an answer that says "done".

        ``asking``: it is about a question, so that a refusal of it settles nothing of the sale.

        Raises:
            LabelRefused: the carrier says no.
            Duplicate: it says that it has the key.
            LabelOutcomeUnknown: it says nothing that can be understood.
        """
        document = answer.json()
        failed = holds(one.failed, answer.status, document)
        if answer.unsure or answer.busy:
            raise self._odd(key, answer, "an answer")
        if not answer.ok or failed:
            no = self._refusal(key, answer, document)
            reason = no.fields["reason"]
            if reason == "duplicate" and one is self._about.operations.buy:
                raise Duplicate
            if asking and reason != "never_bought":
                cause = f"{reason}: {no.fields['detail']}"
                raise LabelOutcomeUnknown(label_key=key, cause=cause) from no
            raise no
        if not isinstance(document, dict | list):
            raise self._odd(key, answer, "JSON")
        return document

    def _refusal(self, key: str, answer: Sent, document: object) -> LabelRefused:
        words = " ".join(filter(None, (text(document, path) for path in self._about.details)))
        words = words or f"HTTP {answer.status}"
        for row in self._about.refusals:
            if holds(row, answer.status, document):
                return refused(key, row.reason, words)
        return refused(key, "credentials" if answer.status in _DENIED else "carrier", words)

    @staticmethod
    def _odd(key: str, answer: Sent, wanted: str) -> LabelOutcomeUnknown:
        start = answer.body[:60].decode("utf-8", "replace")
        return LabelOutcomeUnknown(
            label_key=key, cause=f"HTTP {answer.status}: {start!r}; wanted: {wanted}"
        )


def _in_path(value: object) -> object:
    return quoted(value, safe="") if isinstance(value, str) else value
