"""What speaks on a line whose frames the model of its row does not understand."""

from __future__ import annotations

from typing import Final

# Enough for a few frames of any model.
_KEPT: Final = 512


class Misread:
    """Keeps what came last, to be read by all models once one cannot read it."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._raw = b""

    def heard(self, data: bytes) -> None:
        """Bytes as they came."""
        self._raw = (self._raw + data)[-_KEPT:]

    def spoken(self) -> str:
        """The models that read it, best first; "" where none does, or the row's own does too."""
        from packstation.devices.recognise import Capture, recognise

        found = recognise([Capture((self._raw,))])
        names = tuple(dict.fromkeys(one.model for one in found.candidates))
        return "" if self._model in names else ", ".join(names)
