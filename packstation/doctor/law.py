"""The customs rules of this program: whether they are there, as they were signed, and how old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from packstation.customs.packs import read_folder, signer_of
from packstation.customs.signing import PackRefused
from packstation.doctor.findings import Finding, State
from packstation.domain.errors import InputInvalid

# As rule R47 asks a supervisor from then on.
OLD_DAYS: Final = 90


def rules(folder: Path, today: date) -> Iterator[Finding]:
    """The rule pack in ``folder``."""
    try:
        pack = read_folder(folder)
        signer_of(folder)
    except PackRefused as exc:
        yield Finding("customs", State.FAIL, "customs.changed", {"why": str(exc.fields["value"])})
        return
    except InputInvalid as exc:
        fields = {"path": str(exc.fields["path"]), "why": str(exc.fields["value"])}
        yield Finding("customs", State.FAIL, "customs.refused", fields)
        return
    days = (today - pack.reviewed_on).days
    old = days > OLD_DAYS
    told: dict[str, str | int] = {
        "version": pack.version,
        "rules": len(pack.rules),
        "days": days,
    }
    key = "customs.old" if old else "customs.ok"
    yield Finding("customs", State.WARN if old else State.OK, key, told)
