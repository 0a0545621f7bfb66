"""Weights that learn: what a unit and a packed carton weigh, how sure that is, what it proves.

Pure. Whole micrograms outside, floats only inside one update. docs/weights.md tells the model.
"""

from packstation.domain.learning.band import Band as Band
from packstation.domain.learning.band import Power as Power
from packstation.domain.learning.band import expected as expected
from packstation.domain.learning.band import gain as gain
from packstation.domain.learning.band import power as power
from packstation.domain.learning.drift import Drift as Drift
from packstation.domain.learning.drift import leaning as leaning
from packstation.domain.learning.explaining import Explanation as Explanation
from packstation.domain.learning.explaining import explain as explain
from packstation.domain.learning.learn import Learned as Learned
from packstation.domain.learning.learn import settled as settled
from packstation.domain.learning.learn import update as update
from packstation.domain.learning.limit import Limit as Limit
from packstation.domain.learning.limit import judged as judged
from packstation.domain.learning.units import Part as Part
from packstation.domain.learning.units import UnitWeight as UnitWeight
from packstation.domain.learning.units import carton_key as carton_key
from packstation.domain.learning.units import carton_prior as carton_prior
from packstation.domain.learning.units import measured as measured
from packstation.domain.learning.units import unit_prior as unit_prior
