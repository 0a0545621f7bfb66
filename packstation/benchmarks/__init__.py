"""The project's figures, each beside a reference measured in the same run."""

from typing import Final

NAMES: Final = ("scan", "label", "start", "lookup", "weights", "verify", "papers", "quote")
# Measured only when asked for: some minutes to a quarter of an hour each.
LONG: Final = (
    *("carton", "film", "kills", "decode", "camera", "devices", "matrix", "mutants"),
    *("buying", "ingest", "powercut", "sync"),
)
# Those that draw from seeds of which other ones may be asked for.
SEEDED: Final = ("weights",)
