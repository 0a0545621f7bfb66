"""Requests to Ozon's Seller API: JSON with Client-Id and Api-Key, errors as {code, message}."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from packstation.carriers.adapters import ozon_words as words
from packstation.carriers.adapters import parts
from packstation.carriers.adapters.wire import Sent, Wire
from packstation.carriers.label_files import Checked, checked
from packstation.domain.carriers import LabelWanted, refused
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused

Patiently = Callable[[Callable[[], Sent], str], Sent]


class Api:
    """``patiently`` asks again while they are busy (``Online.patiently``)."""

    def __init__(self, wire: Wire, client_id: str, api_key: str, patiently: Patiently) -> None:
        self.wire, self._patiently = wire, patiently
        self._headers = {"Client-Id": client_id, "Api-Key": api_key}

    def send(self, key: str, path: str, body: object) -> Sent:
        """One request, once."""
        headers = {**self._headers, "Content-Type": "application/json"}
        return self.wire.send(key, "POST", path, headers=headers, content=parts.as_body(body))

    def ask(self, key: str, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        """The answer to what may be asked twice.

        Raises:
            LabelRefused: they say no.
            LabelOutcomeUnknown: no answer, or none that can be understood.
        """
        return self.decided(key, self._patiently(lambda: self.send(key, path, body), key))

    def look(self, key: str, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        """As ``ask``, of a sale: a refused question settles nothing; None: there is none."""
        answer = self._patiently(lambda: self.send(key, path, body), key)
        if self._none(answer):
            return None
        try:
            return self.decided(key, answer)
        except LabelRefused as exc:
            cause = f"{exc.fields['reason']}: {exc.fields['detail']}"
            raise LabelOutcomeUnknown(label_key=key, cause=cause) from exc

    def file(self, key: str, path: str, body: object) -> Checked:
        """A PDF that is answered as such; fault ``missing``: not ready yet.

        Raises:
            LabelRefused: the account may not.
            LabelOutcomeUnknown: no answer.
        """
        answer = self._patiently(lambda: self.send(key, path, body), key)
        if answer.ok:
            return checked(answer.body)
        told = answer.json()
        if isinstance(told, dict) and not answer.unsure and answer.status not in parts.DENIED:
            return Checked(fault="missing", detail=words.refusal_of(told)[1])
        self.decided(key, answer)
        raise parts.odd(key, answer)

    def label(self, key: str, url: str, hosts: frozenset[str], wanted: LabelWanted) -> Checked:
        """A label by its address; see ``parts.fetched``."""
        return parts.fetched(self.wire, key, url, hosts, wanted)

    @staticmethod
    def _none(answer: Sent) -> bool:
        """Whether it says that there is nothing of the kind; a page of HTML never does."""
        return answer.status == parts.NOT_FOUND and isinstance(answer.json(), dict)

    @staticmethod
    def decided(key: str, answer: Sent) -> Any:  # noqa: ANN401 - JSON
        """The object of an answer that says "done".

        Raises:
            LabelRefused: they say no.
            LabelOutcomeUnknown: neither yes nor no.
        """
        told = answer.json()
        if answer.unsure or answer.busy or (answer.ok and not isinstance(told, dict)):
            raise parts.odd(key, answer)
        if answer.ok:
            return told
        reason, said = words.refusal_of(told)
        if answer.status in parts.DENIED:
            reason = "credentials"
        raise refused(key, reason, said or f"HTTP {answer.status}")
