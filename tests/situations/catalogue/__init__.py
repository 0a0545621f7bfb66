"""All situations, in the order of the issue's parts."""

from __future__ import annotations

from tests.situations.catalogue.scanning import SCANNING

SITUATIONS = (*SCANNING,)
