"""Calls of karrio's own interface; plain dictionaries in and out, amounts as texts.

One gateway for each account is kept, so that a token is asked for once. Only the account's own
connector is loaded: karrio's registry would load them all (120 MB instead of 50), and anything
in a folder ``plugins`` below the working directory. Standard library only: runs in the worker.
"""

from __future__ import annotations

import importlib
import json
from typing import Any, Final

from packstation.carriers.live import contained
from packstation.carriers.live.outgoing import Outgoing

# Carrier -> the hosts that its connector may speak to, as named in karrio 2026.1.32.
HOSTS: Final[dict[str, tuple[str, ...]]] = {
    "ups": ("onlinetools.ups.com", "wwwcie.ups.com"),
    "fedex": (
        "apis.fedex.com",
        "apis-sandbox.fedex.com",
        "documentapi.prod.fedex.com",
        "documentapitest.prod.fedex.com",
    ),
    "dhl_express": ("xmlpi-ea.dhl.com", "xmlpitest-ea.dhl.com"),
    "usps": ("apis.usps.com", "apis-tem.usps.com"),
    "canadapost": ("soa-gw.canadapost.ca", "ct.soa-gw.canadapost.ca"),
}
# Verb -> class of karrio's interface and its method.
VERBS: Final = {
    "rate": ("Rating", "fetch"),
    "buy": ("Shipment", "create"),
    "void": ("Shipment", "cancel"),
    "track": ("Tracking", "fetch"),
}
# Fields of an answer that are money; a float's shortest text is what the carrier wrote.
_AMOUNTS: Final = frozenset({"total_charge", "amount", "cost"})

Plain = dict[str, Any]


class Sdk:
    """karrio, loaded when it is first asked for something."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self._gateways: dict[str, Any] = {}

    def call(self, verb: str, carrier: str, settings: Plain, payload: Plain) -> Plain:
        """What karrio answers: ``result`` (None, a dictionary or a list) and ``messages``.

        Raises:
            ImportError: karrio or this carrier's connector is not installed.
            Uncontained: it cannot be held (``contained.take_in``).
        """
        gateway = self._gateway(carrier, settings)
        interface = contained.take_in("karrio.api.interface", self._outgoing)
        group, method = VERBS[verb]
        asked = getattr(getattr(interface, group), method)(payload).from_(gateway)
        contained.check()
        result, messages = asked.parse()
        return {"result": _plain(result), "messages": [_plain(each) for each in messages]}

    def capabilities(self, carrier: str, settings: Plain) -> list[str]:
        """What the connector offers, in karrio's words (``shipping``, ``rating`` ...)."""
        return sorted(self._gateway(carrier, settings).capabilities)

    def forget(self) -> None:
        """Drop gateways and their tokens: one of them was not accepted any more."""
        self._gateways.clear()

    def _gateway(self, carrier: str, settings: Plain) -> Any:  # noqa: ANN401 - karrio has no types here
        """The account's gateway, made as karrio's own factory does but without its registry."""
        name = f"{carrier} {json.dumps(settings, sort_keys=True)}"
        if name in self._gateways:
            return self._gateways[name]
        plugin = contained.take_in(f"karrio.plugins.{carrier}", self._outgoing)
        api = contained.take_in("karrio.api.gateway", self._outgoing)
        lib = importlib.import_module("karrio.lib")
        utils = importlib.import_module("karrio.core.utils")
        hooks = importlib.import_module("karrio.api.hooks")
        parts: Any = plugin.METADATA
        held = lib.to_object(parts.Settings, settings)
        held.cache, held.tracer = utils.Cache(), utils.Tracer()
        held.system_config = utils.SystemConfig()
        self._gateways[name] = api.Gateway(
            tracer=held.tracer,
            is_hub=False,
            settings=held,
            mapper=parts.Mapper(held),
            proxy=parts.Proxy(held),
            hooks=hooks.Hooks(held),
        )
        return self._gateways[name]


def version() -> str:
    """The version of karrio; "" where it is not installed."""
    from importlib import metadata

    try:
        return metadata.version("karrio")
    except metadata.PackageNotFoundError:
        return ""


def _plain(value: Any, name: str = "") -> Any:  # noqa: ANN401 - whatever karrio answers
    """JSON of karrio's objects; amounts as texts, other odd things as theirs."""
    if hasattr(type(value), "__attrs_attrs__"):
        names = [each.name for each in type(value).__attrs_attrs__]
        return {each: _plain(getattr(value, each), each) for each in names}
    if isinstance(value, dict):
        return {str(key): _plain(each, str(key)) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, name) for each in value]
    if name in _AMOUNTS and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
