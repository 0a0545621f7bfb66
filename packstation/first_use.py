"""A type is met by one thread alone.

msgspec (0.22) builds what it has to know of a Struct when that is first decoded. Two threads that
do so at once for types that share a part crash the program, so that whatever may be the first to
decode a type asks here.
"""

from __future__ import annotations

from functools import lru_cache
from threading import RLock
from typing import Any, Final, TypeVar, overload

import msgspec

T = TypeVar("T")
_ALONE: Final = RLock()


@overload
def met(shape: type[T]) -> type[T]: ...
@overload
def met(shape: Any) -> Any: ...  # noqa: ANN401 - a union is no type
def met(shape: Any) -> Any:
    """``shape``, which from now on any thread may decode."""
    with _ALONE:
        _met(shape)
    return shape


@lru_cache(maxsize=1024)
def _met(shape: Any) -> None:  # noqa: ANN401 - as above
    msgspec.json.Decoder(shape)


@overload
def shaped(raw: Any, shape: type[T], *, strict: bool = True) -> T: ...  # noqa: ANN401
@overload
def shaped(raw: Any, shape: Any, *, strict: bool = True) -> Any: ...  # noqa: ANN401
def shaped(raw: Any, shape: Any, *, strict: bool = True) -> Any:
    """As `msgspec.convert`, from any thread.

    Raises:
        msgspec.ValidationError: ``raw`` has another shape.
    """
    return msgspec.convert(raw, met(shape), strict=strict)
