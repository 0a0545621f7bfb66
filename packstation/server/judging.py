"""Plain records judged by their shape: the good ones, and where the bad ones are wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from packstation.domain.records import Decoded, Problem, halves, shown

T = TypeVar("T")


def judged(
    raws: Iterable[object], shape: type[T], *, strict: bool = True, secret: bool = False
) -> Decoded[T]:
    """``strict=False`` reads "2" as a number too; values of ``secret`` records are not shown."""
    good, bad = [], []
    for place, raw in enumerate(raws):
        half = next(halves(raw), None)
        if half is not None:
            value = "this" if secret else shown(half[1])
            bad.append(Problem(record=place, path=half[0], value=value, allowed="whole characters"))
            continue
        try:
            good.append((place, msgspec.convert(raw, shape, strict=strict)))
        except msgspec.ValidationError as exc:
            words, _, path = str(exc).partition(" - at `$")
            value = "this" if secret else shown(raw)
            allowed = words.removeprefix("Expected ").replace("`", "")
            bad.append(Problem(record=place, path=path.strip(".`"), value=value, allowed=allowed))
    return Decoded(tuple(good), tuple(bad))
