"""The stage of every state, made when first shown so that start-up reads only what it needs."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import cast

from packstation.station.views import Screen
from packstation.ui.stage import StageScreen
from packstation.ui.theme import Theme
from packstation.ui.words import Speaker

_SCREENS = MappingProxyType(
    {
        Screen.ENROL: ("first_start", "EnrolScreen"),
        Screen.FIND_DEVICES: ("first_start", "FindDevicesScreen"),
        Screen.TEST_CARD: ("first_start", "TestCardScreen"),
        Screen.SIGN_IN: ("sign_in", "SignInScreen"),
        Screen.QUEUE: ("queue", "QueueScreen"),
        Screen.SCANNING: ("scanning", "ScanningScreen"),
        Screen.CARTONING: ("cartoning", "CartoningScreen"),
        Screen.WEIGHING: ("weighing", "WeighingScreen"),
        Screen.MEASURING: ("measuring", "MeasuringScreen"),
        Screen.RATING: ("rating", "RatingScreen"),
        Screen.PRINTING: ("rating", "PrintingScreen"),
        Screen.CONFIRMING: ("confirming", "ConfirmingScreen"),
        Screen.COMPLETED: ("completed", "CompletedScreen"),
        Screen.PARKED: ("parked", "ParkedScreen"),
        Screen.DEVICES: ("devices", "DevicesScreen"),
        Screen.CAMERA: ("camera", "CameraScreen"),
        Screen.HELP: ("help", "HelpScreen"),
        Screen.MY_SETTINGS: ("my_settings", "MySettingsScreen"),
        Screen.GOODS_LABELS: ("goods_labels", "GoodsLabelsScreen"),
        Screen.HANDOVER: ("handover", "HandoverScreen"),
        Screen.CONSIGNMENT: ("handover", "HandoverScreen"),
        Screen.DEVICE: ("device", "DeviceScreen"),
        Screen.ADD_DEVICE: ("device", "AddDeviceScreen"),
        Screen.EDIT_DEVICE: ("device", "EditDeviceScreen"),
        Screen.ROWS: ("rows", "RowsScreen"),
        Screen.FAST: ("fast", "FastScreen"),
        Screen.TRAINING: ("training", "TrainingScreen"),
    }
)
_OVERLAYS = MappingProxyType(
    {
        "refusal": ("alerts", "RefusalScreen"),
        "hold": ("held", "HoldScreen"),
        "stop": ("held", "StopScreen"),
    }
)


def make_screen(screen: Screen, theme: Theme, speaker: Speaker) -> StageScreen:
    """The stage of a state."""
    return _make(_SCREENS[screen], theme, speaker)


def make_overlay(kind: str, theme: Theme, speaker: Speaker) -> StageScreen:
    """What covers all below the top bar: ``kind`` of an alert, refusal, hold or stop."""
    return _make(_OVERLAYS[kind], theme, speaker)


def _make(place: tuple[str, str], theme: Theme, speaker: Speaker) -> StageScreen:
    module = import_module(f"packstation.ui.screens.{place[0]}")
    return cast("StageScreen", getattr(module, place[1])(theme, speaker))
