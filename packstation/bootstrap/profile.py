"""A bench's devices as the server keeps them, and as a new PC's settings take them over."""

from __future__ import annotations

from collections.abc import Mapping

from packstation.domain.bench_profile import Profile
from packstation.settings import Settings
from packstation.settings.sections import DeviceSection, PrintSection


def profile_of(settings: Settings) -> Profile:
    """The rows of the settings' lists; what is empty is left out."""
    return Profile(
        devices=tuple(_plain(_device(row)) for row in settings.devices),
        prints=tuple(_plain(_print(row)) for row in settings.prints),
    )


def changes_of(profile: Profile) -> dict[str, object]:
    """What ``settings.saving.save`` takes."""
    return {"DEVICES": list(profile.devices), "PRINT": list(profile.prints)}


def _device(row: DeviceSection) -> Mapping[str, object]:
    return {
        "kind": row.kind,
        "model": row.model,
        "address": row.address,
        "id": row.id,
        "options": dict(row.options),
    }


def _print(row: PrintSection) -> Mapping[str, object]:
    return {
        "document": row.document,
        "printer": row.printer,
        "stock": row.stock,
        "language": row.language,
        "backup": None if row.backup is None else list(row.backup),
    }


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if value not in (None, "", {})}
