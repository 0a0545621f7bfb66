"""``config --explain``: a setting for people and as a document; for lists what may stand there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from packstation.domain.escapes import escaped

if TYPE_CHECKING:
    from packstation.devices.options import Option
    from packstation.i18n import Catalogue
    from packstation.settings import DeviceSection, Explained, Settings

_DEVICES: Final = "DEVICES"


def document_of(one: Explained, found: Settings, words: Catalogue) -> dict[str, Any]:
    """As JSON; ``options`` by kind for DEVICES."""
    document = {
        "key": one.name,
        "value": one.value,
        "source": one.source,
        "locked": one.locked,
        "about": one.about,
        "shadowed": [{"source": source, "value": value} for source, value in one.shadowed],
        "unknown": [
            {"name": name.name, "source": name.source, "nearest": name.nearest}
            for name in found.unknown
        ],
    }
    return document | ({"options": _options(words)} if one.name == _DEVICES else {})


def lines_of(one: Explained, found: Settings, words: Catalogue) -> Iterator[str]:
    """For people."""
    locked = ", managed by your organisation" if one.locked else ""
    many = isinstance(one.value, list)
    shown = len(one.value) if isinstance(one.value, list) else repr(one.value)
    yield f"{one.name}{':' if many else ' ='} {shown} ({one.source}{locked})"
    yield one.about
    if one.name == _DEVICES:
        yield from _rows(found.devices, words)
    elif isinstance(one.value, list):
        yield from (f"  {_pairs(row)}" for row in one.value if isinstance(row, Mapping))
    hidden = one.shadowed
    yield from (f"  hidden by it: {value!r} ({source})" for source, value in hidden)
    for name in found.unknown:
        key = "option.unknown.near" if name.nearest else "option.unknown"
        args = {"name": escaped(name.name), "source": name.source, "nearest": name.nearest}
        yield words.say(key, **args)
    if one.name == _DEVICES:
        yield from table_lines(words)


def _rows(devices: Sequence[DeviceSection], words: Catalogue) -> Iterator[str]:
    if not devices:
        yield f"  {words.say('option.none')}"
    for number, row in enumerate(devices, start=1):
        named = f"  id = {row.id}" if row.id else ""
        yield escaped(f"  {number}  {row.kind:11} {row.model:15} {row.address}{named}")
        yield from (escaped(f"       {name} = {value!r}") for name, value in row.options.items())


def _pairs(row: Mapping[str, object]) -> str:
    return ", ".join(f"{escaped(name)} = {value!r}" for name, value in row.items())


def _options(words: Catalogue) -> dict[str, list[dict[str, object]]]:
    from packstation.devices.options import OPTIONS

    return {
        kind: [
            {
                "name": option.name,
                "type": option.shape.type,
                "allowed": option.shape.allowed,
                "models": list(option.models),
                "about": words.say(option.about),
            }
            for option in options
        ]
        for kind, options in OPTIONS.items()
    }


def table_lines(words: Catalogue) -> Iterator[str]:
    """One option a line; kinds with the same ones together, what every kind has at the end."""
    from packstation.devices.options import EVERY, MODELS, OPTIONS

    groups: dict[tuple[Option, ...], list[str]] = {}
    for kind, options in OPTIONS.items():
        own = tuple(option for option in options if option not in EVERY)
        groups.setdefault(own, []).append(kind)
    yield from ("", words.say("option.heading"))
    for own, kinds in groups.items():
        models = MODELS[kinds[0]]
        yield from ("", f"{', '.join(kinds)}: {', '.join(models)}")
        yield from (_line(option, models, words) for option in own)
    yield from ("", words.say("option.every"))
    yield from (_line(option, (), words) for option in EVERY)


def _line(option: Option, models: Sequence[str], words: Catalogue) -> str:
    shape = option.shape
    taken = f"{words.say(f'option.type.{shape.type}')}: {shape.allowed}"
    return f"  {option.name:17} {taken:44} {words.say(option.about)}{_of(option, models, words)}"


def _of(option: Option, models: Sequence[str], words: Catalogue) -> str:
    """Which models read it, where not all do, in the shorter way."""
    others = [model for model in models if not option.of(model)]
    if not others:
        return ""
    if len(others) < len(option.models):
        return f" ({words.say('option.not', models=', '.join(others))})"
    return f" ({words.say('option.only', models=', '.join(option.models))})"
