from __future__ import annotations

import json
from pathlib import Path

from packstation.domain.countries import EU


def test_the_rule_pack_knows_the_same_members(repository: Path) -> None:
    groups = json.loads((repository / "resources/customs/groups.json").read_text("utf-8"))
    assert set(groups["EU"]) == EU
