"""The page of carriers: labels in trouble, accounts, what people did; a form for an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from fastapi import Request, Response
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse

from packstation.domain.carriers import REASONS
from packstation.server import accounts
from packstation.server.customs.showing import Place, form_of, here, read, show, word, words_of
from packstation.server.problems import Problem
from packstation.server.purchases import acts, settling, standing, trouble
from packstation.server.roles import ADMINS, MASTERS
from packstation.server.routing import Route
from packstation.server.words import Words

_FIELD: Final = "secret."  # before the name of a credential in the form
_MOST: Final = 300_000
# Refusals that the page tells in words of its own, beside the purchase.
_TOLD: Final = frozenset(
    "not_waiting busy too_soon carrier_says waybill_taken reason waybill never_bought"
    " unknown_carrier vault".split()
)


class Told(Struct, frozen=True, kw_only=True):
    """What came of a form: which words, of which key or account."""

    what: str
    key: str = ""
    carrier: str = ""
    waybill: str = ""
    reason: str = ""
    words: str = ""
    good: bool = False


async def page(request: Request, site: str = "") -> Response:
    """Labels in trouble, accounts, the last acts."""
    return await _shown(request, await here(request, site))


async def _shown(
    request: Request, place: Place, status: int = 200, told: Told | None = None
) -> Response:
    now = place.server.clock.now()
    found = await read(place, lambda one: trouble.listed(one, place.code, now))
    held = await read(place, lambda one: standing.listed(one, place.code))
    done = await read(place, lambda one: acts.latest(one, place.code))
    counts = {kind: sum(one.kind == kind for one in found.purchases) for kind in trouble.KINDS}
    return show(
        request,
        place,
        "carriers/page.html",
        here="carriers",
        status=status,
        found=found,
        counts=counts,
        accounts=held.accounts,
        acts=done,
        told=told,
        may=place.caller.visit is not None and place.caller.role in MASTERS,
        admin=_admin(place),
        kinds=tuple(accounts.KINDS),
        t=_Says(words_of(request, place)),
    )


def _admin(place: Place) -> bool:
    return place.caller.visit is not None and place.caller.role in ADMINS


async def act(request: Request, site: str = "") -> Response:
    """Ask a carrier again, settle by hand, or try an account."""
    place = await here(request, site)
    form = await form_of(request)
    doing = _ACTS.get(word(form, "act", 20))
    if doing is None:
        raise Problem(422, "invalid", f"act: allowed: {', '.join(_ACTS)}")
    key = word(form, "key", 200)
    try:
        told = await run_in_threadpool(doing, place, form)
    except Problem as problem:
        if problem.code not in _TOLD:
            raise
        waybill = str(problem.members.get("waybill", ""))
        told = Told(what=problem.code, key=key, carrier=word(form, "carrier", 64), waybill=waybill)
        return await _shown(request, place, problem.status, told)
    return await _shown(request, place, told=told)


def _ask(place: Place, form: FormData) -> Told:
    came = settling.ask(place.server, place.caller, place.code, word(form, "key", 200))
    return _came(came)


def _settle(place: Place, form: FormData) -> Told:
    sold = word(form, "sold", 10)
    if sold not in {"yes", "no"}:
        raise Problem(422, "reason")
    given = settling.Settled(
        key=word(form, "key", 200),
        sold=sold == "yes",
        waybill=word(form, "waybill", 64) if sold == "yes" else "",
        reason=word(form, "reason", 1000),
    )
    return _came(settling.settle(place.server, place.caller, place.code, given))


def _came(came: settling.Came) -> Told:
    return Told(
        what=came.status,
        key=came.key,
        waybill=came.waybill,
        reason=came.reason,
        good=came.status in {"issued", "voided"},
    )


def _attempt(place: Place, form: FormData) -> Told:
    carrier = word(form, "carrier", 64)
    tried = standing.attempt(place.server, place.caller, place.code, carrier)
    return Told(
        what=f"tried.{tried.came}",
        carrier=carrier,
        reason=tried.reason,
        words=tried.words,
        good=tried.came == standing.FINE,
    )


_ACTS: Final[dict[str, Callable[[Place, FormData], Told]]] = {
    "ask": _ask,
    "settle": _settle,
    "attempt": _attempt,
}


class _Says:
    """Reasons and acts in the reader's words."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def reason(self, reason: str) -> str:
        """Why a carrier said no; one that we have no word for, as it is."""
        known = reason if reason in REASONS else ""
        return self._words.say(f"carriers.reason.{known}") if known else reason

    def fault(self, words: str) -> str:
        """What was wrong with a label's file, or the carrier's own words."""
        return self._words.named("carriers.fault", words)

    def last(self, last: standing.Last) -> str:
        """What was heard last."""
        told = self._words.say(f"carriers.last.{last.came}")
        why = self.reason(last.reason) if last.reason else self.fault(last.words)
        return f"{told}: {why}" if why else told

    def came(self, came: str) -> str:
        """What followed an act: a state, a reason, a trial's end, an adapter's kind."""
        state, _, reason = came.partition(" ")
        told = self._words.named("carriers.last", state)
        if told == state and state in REASONS:
            told = self.reason(state)
        return f"{told}: {self.reason(reason)}" if reason else told


# --- an account --------------------------------------------------------------------------------


async def account_page(
    request: Request, site: str = "", carrier: str = "", kind: str = ""
) -> Response:
    """The form: empty for a new one of a kind, or one that there is."""
    place = await here(request, site)
    held = await _held(place, carrier)
    before = await read(place, lambda one: accounts.kept(one, place.code, carrier))
    given = before or accounts.AccountGiven(kind=kind)
    if given.kind not in accounts.KINDS:
        raise Problem(404, "unknown_kind")
    names = held.secrets if held else _names(given)
    said = {"carrier": carrier, "kind": given.kind, "base_url": given.base_url, "description": ""}
    return _form(request, place, said, names, held=held)


async def _held(place: Place, carrier: str) -> accounts.Account | None:
    found = await read(place, lambda one: accounts.listed(one, place.code).carriers)
    return next((one for one in found if one.carrier == carrier), None)


def _names(given: accounts.AccountGiven) -> tuple[str, ...]:
    """Credentials that the kind wants; () where its description must be known first."""
    try:
        return accounts.named("any", given)
    except Problem:
        return ()


def _form(
    request: Request,
    place: Place,
    said: dict[str, str],
    names: tuple[str, ...],
    *,
    held: accounts.Account | None,
    wrong: str = "",
    status: int = 200,
) -> Response:
    return show(
        request,
        place,
        "carriers/account.html",
        here="carriers",
        status=status,
        said=said,
        names=names,
        held=held,
        wrong=wrong,
        admin=_admin(place),
        describes=said["kind"] in {"rest", "karrio", "cdek", "ozon"},
        moves=said["kind"] not in {"own", "karrio"},
    )


async def keep_account(request: Request, site: str = "") -> Response:
    """Keep it; a credential that is left empty stays, none is ever shown again."""
    place = await here(request, site)
    form = await form_of(request)
    said = {
        name: word(form, name, _MOST) for name in ("carrier", "kind", "base_url", "description")
    }
    held = await _held(place, said["carrier"])
    secrets = {
        name.removeprefix(_FIELD): value.strip()
        for name, value in form.items()
        if name.startswith(_FIELD) and isinstance(value, str) and value.strip()
    }
    names: tuple[str, ...] = held.secrets if held else ()
    try:
        before = await read(place, lambda one: accounts.kept(one, place.code, said["carrier"]))
        given = _given(said, before, secrets)
        names = accounts.named(said["carrier"], given)
        if held is None and not secrets and names:  # the names are known now: ask for the values
            asked = f"{_FIELD}{names[0]}" in form
            return _form(request, place, said, names, held=held, wrong="secrets" if asked else "")
        await run_in_threadpool(
            accounts.put, place.server, place.caller, place.code, said["carrier"], given
        )
    except Problem as problem:
        if problem.code not in {"invalid", "vault"}:
            raise
        wrong = problem.detail or problem.code
        return _form(request, place, said, names, held=held, wrong=wrong, status=problem.status)
    return _back(place)


def _given(
    said: dict[str, str], before: accounts.AccountGiven | None, secrets: dict[str, str]
) -> accounts.AccountGiven:
    """What the form says; an empty description is the one that there is.

    Raises:
        Problem: 422, the description is no JSON.
    """
    same = before is not None and before.kind == said["kind"]
    description: Any = before.description if before is not None and same else {}
    if said["description"]:
        try:
            description = msgspec.json.decode(said["description"])
        except msgspec.DecodeError as exc:
            raise Problem(422, "invalid", f"description: {exc}") from exc
    if not isinstance(description, dict):
        raise Problem(422, "invalid", "description: a JSON object")
    return accounts.AccountGiven(
        kind=said["kind"], base_url=said["base_url"], description=description, secrets=secrets
    )


async def shut(request: Request, site: str = "") -> Response:
    """Buy nothing new by an account, or buy again."""
    place = await here(request, site)
    form = await form_of(request)
    given = standing.Shutting(shut=word(form, "shut") == "1", reason=word(form, "reason", 300))
    carrier = word(form, "carrier", 64)
    await run_in_threadpool(standing.shut, place.server, place.caller, place.code, carrier, given)
    return _back(place)


def _back(place: Place) -> Response:
    return RedirectResponse(f"/carriers?{urlencode({'site': place.code})}", 303)


ROUTES: Final = (
    Route("GET", "/carriers", page),
    Route("POST", "/carriers", act),
    Route("GET", "/carriers/account", account_page),
    Route("POST", "/carriers/account", keep_account),
    Route("POST", "/carriers/shut", shut),
)
