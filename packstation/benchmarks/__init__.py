"""The project's figures, each beside a reference measured in the same run."""

from typing import Final

NAMES: Final = ("scan", "start", "lookup")
