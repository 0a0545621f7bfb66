"""All situations, in the order of the issue's parts."""

from __future__ import annotations

from tests.situations.catalogue.abroad import ABROAD
from tests.situations.catalogue.boxes import BOXES
from tests.situations.catalogue.cartons import CARTONS
from tests.situations.catalogue.customs import CUSTOMS
from tests.situations.catalogue.extras import EXTRAS
from tests.situations.catalogue.flows import FLOWS
from tests.situations.catalogue.kits import KITS
from tests.situations.catalogue.market import MARKET
from tests.situations.catalogue.papers import PAPERS
from tests.situations.catalogue.scanning import SCANNING
from tests.situations.catalogue.stops import STOPS
from tests.situations.catalogue.units import UNITS
from tests.situations.catalogue.weights import WEIGHTS

SITUATIONS = (
    *SCANNING,
    *KITS,
    *UNITS,
    *MARKET,
    *FLOWS,
    *CARTONS,
    *STOPS,
    *CUSTOMS,
    *ABROAD,
    *PAPERS,
    *BOXES,
    *WEIGHTS,
    *EXTRAS,
)
