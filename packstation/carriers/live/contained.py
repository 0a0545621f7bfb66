"""What importing karrio does to its process, undone (reference/carriers.md 1.3 and 1.6).

Measured with karrio 2026.1.32: the import replaces ssl's default context by one that checks
nothing, makes Pillow take truncated pictures, opens addresses without a timeout, sends labels
to a converter on the web over plain http, writes single labels anew with its own PDF maker, and
logs requests. Standard library only: this runs in the worker.
"""

from __future__ import annotations

import importlib
import ssl
import sys
from types import ModuleType
from typing import Any, Final

from packstation.carriers.live.outgoing import Outgoing

HELPERS: Final = "karrio.core.utils.helpers"
_UTILS: Final = "karrio.core.utils"  # where karrio.lib looks its helpers up


class Uncontained(RuntimeError):
    """karrio is not as it was measured: it cannot be held, so it is not used."""


def take_in(module: str, outgoing: Outgoing) -> ModuleType:
    """Import ``module`` of karrio; afterwards the process is as careful as it was before.

    Raises:
        ImportError: karrio or this part of it is not installed.
        Uncontained: a place that must be replaced is not there, or certificates would not be
            checked.
    """
    before = ssl._create_default_https_context  # noqa: SLF001 - there is no other name for it
    try:
        helpers = importlib.import_module(HELPERS)
        imported = importlib.import_module(module)
    finally:
        ssl._create_default_https_context = before  # noqa: SLF001 - as above
    for name in ("_urlopen_with_span", "urlopen"):
        _put(helpers, name, outgoing.open)
    for name, instead in _INSTEAD.items():
        for holder in (helpers, sys.modules[_UTILS]):
            _put(holder, name, instead(getattr(holder, name, None)))
    _quiet()
    check()
    return imported


def check() -> None:
    """Certificates are asked for and names compared, as Python does by itself.

    Raises:
        Uncontained: they are not.
    """
    makes: Any = ssl._create_default_https_context  # noqa: SLF001 - as above
    context = makes()
    if context.verify_mode is not ssl.CERT_REQUIRED or not context.check_hostname:
        raise Uncontained("certificates are not checked in this process")


def _put(holder: ModuleType, name: str, value: object) -> None:
    if not hasattr(holder, name):
        raise Uncontained(f"{holder.__name__} has no {name}")
    setattr(holder, name, value)


def _quiet() -> None:
    """No log of requests (they hold addresses), no half pictures."""
    logs: Any = sys.modules.get("loguru")
    if logs is not None:
        logs.logger.remove()
    pictures: Any = sys.modules.get("PIL.ImageFile")
    if pictures is not None:
        pictures.LOAD_TRUNCATED_IMAGES = False


def _no_conversion(_before: object) -> object:
    """Labels are kept as they came; a converter on the web would read the recipient."""

    def refuse(*_args: object, **_options: object) -> str:
        raise Uncontained("labels are not converted")

    return refuse


def _as_it_came(_before: object) -> object:
    """A picture stays the picture that the carrier drew."""

    def same(image_str: str, *_args: object, **_options: object) -> str:
        return image_str

    return same


def _one_is_left_alone(before: Any) -> object:  # noqa: ANN401 - karrio's own function
    """One file is no bundle; several are put together as karrio does."""

    def bundle(base64_strings: list[str], format: str = "PDF") -> str:  # noqa: A002 - its name
        if len(base64_strings) == 1:
            return base64_strings[0]
        return str(before(base64_strings, format))

    return bundle


_INSTEAD: Final = {
    "zpl_to_pdf": _no_conversion,
    "image_to_pdf": _as_it_came,
    "bundle_base64": _one_is_left_alone,
}
