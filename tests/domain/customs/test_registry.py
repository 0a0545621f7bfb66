from __future__ import annotations

from packstation.domain.customs import registry


def test_a_name_stands_in_one_table_only() -> None:
    tables = (registry.OF_ORDER, registry.OF_LINE, registry.OF_PARCEL, registry.OPERATORS)
    for scope in tables:
        names = [name for table in scope for name in table]
        assert sorted(names) == sorted({*names})
