"""What a weight outside its band is explained by, where only one thing fits."""

from __future__ import annotations

from packstation.domain.learning.explaining import Explanation
from packstation.station.viewing import weighing
from packstation.station.views import Words


def test_an_explanation_without_a_second_says_only_what_it_leaves() -> None:
    alone = Explanation(kind="missing", sku="MUG-GRN", leaves_g=4)
    assert weighing._after((alone,)) == Words("weigh.leaves", (("g", 4),))
    assert weighing._after(()) is None
