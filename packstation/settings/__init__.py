"""Settings: one frozen section per concern, and where each value comes from.

Sources, the first that has a value wins (reference/installers.md section 5): machine policy
(locked), command line and environment (``PACKSTATION_<KEY>``), the server's station profile,
the installer's file, the user's file, the default. Keys are the installer's parameters, the
same everywhere. Files are TOML, policies and the profile JSON.
"""

from packstation.settings.keys import HIDDEN, KEYS, Key, SettingInvalid
from packstation.settings.loading import load
from packstation.settings.saving import save
from packstation.settings.sections import (
    CustomsSection,
    DeviceSection,
    Explained,
    PrintSection,
    ServerSection,
    Settings,
    StationSection,
    SyncSection,
    Unknown,
    UpdateSection,
)
from packstation.settings.sources import Places

__all__ = [
    "HIDDEN",
    "KEYS",
    "CustomsSection",
    "DeviceSection",
    "Explained",
    "Key",
    "Places",
    "PrintSection",
    "ServerSection",
    "SettingInvalid",
    "Settings",
    "StationSection",
    "SyncSection",
    "Unknown",
    "UpdateSection",
    "load",
    "save",
]
