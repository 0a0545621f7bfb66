"""The design's tables as they stand in design/UI_DESIGN.md "Tokens"; no Qt, no decisions.

Sizes are pixels of the profile's own screen; colours are `#RRGGBB`.
"""

from __future__ import annotations

from types import MappingProxyType

from msgspec import Struct


class State(Struct, frozen=True):
    """The four colours of a state: area, text on it, pale area, text on pale and on surface."""

    fill: str
    on: str
    tint: str
    ink: str


class Palette(Struct, frozen=True):
    """All colours of a mode; ``*_foot`` is the lower strip of a refusal or hold plate."""

    name: str
    canvas: str
    surface: str
    sunken: str
    raised: str
    line: str
    edge: str
    ink: str
    ink2: str
    ink3: str
    now: State
    ok: State
    warn: State
    stop: State
    hold: State
    stop_foot: str
    hold_foot: str
    picture: str
    kraft: tuple[str, str, str, str] = ("#D9B582", "#C69C64", "#AD824B", "#8E6736")

    def state(self, tone: str) -> State:
        """The colours of now, ok, warn, stop or hold; ``KeyError`` for another word."""
        return {
            "now": self.now,
            "ok": self.ok,
            "warn": self.warn,
            "stop": self.stop,
            "hold": self.hold,
        }[tone]


LIGHT = Palette(
    name="light",
    canvas="#F2F1ED",
    surface="#FFFFFF",
    sunken="#E7E6E1",
    raised="#FFFFFF",
    line="#D6D5CF",
    edge="#87867F",
    ink="#14171C",
    ink2="#3F464F",
    ink3="#5A616B",
    now=State("#0B35B5", "#FFFFFF", "#E6EBFB", "#0B35B5"),
    ok=State("#00614A", "#FFFFFF", "#DCF1E8", "#005742"),
    warn=State("#FFC02E", "#1C1400", "#FFF0C7", "#5C3D00"),
    stop=State("#A9140C", "#FFFFFF", "#FCE4DF", "#9A120B"),
    hold=State("#14171C", "#FFFFFF", "#DEDDD7", "#14171C"),
    stop_foot="#7B0E09",
    hold_foot="#23272E",
    picture="#F1EEE6",
)
DARK = Palette(
    name="dark",
    canvas="#0D1116",
    surface="#161C23",
    sunken="#0A0D11",
    raised="#1F2731",
    line="#2B3540",
    edge="#71808F",
    ink="#F3F6F8",
    ink2="#BEC8D2",
    ink3="#97A4B1",
    now=State("#8FB8FF", "#06173A", "#16263F", "#A9C8FF"),
    ok=State("#4FDDA2", "#00281C", "#0F3029", "#5CE6AE"),
    warn=State("#FFC94A", "#1C1400", "#352A10", "#FFD56F"),
    stop=State("#9E1410", "#FFFFFF", "#3B1714", "#FF8E7D"),
    hold=State("#F1F0EA", "#14171C", "#30363D", "#F1F0EA"),
    stop_foot="#750E0B",
    hold_foot="#DEDDD5",
    picture="#E4E0D6",
)
PALETTES = MappingProxyType({"light": LIGHT, "dark": DARK})


class TypeRole(Struct, frozen=True):
    """A text size: pixels on the wide and the small screen, its usual and its strong weight.

    ``grows``: the person's text size applies. ``track``: letter spacing in em for Latin and
    Cyrillic. ``lead``: line height in em for Latin and Cyrillic, then for Chinese.
    """

    wide: int
    small: int
    weight: int
    strong: int
    grows: bool = False
    track: float = 0.0
    lead: tuple[float, float] = (1.35, 1.35)


_HEAD_LEAD = (1.12, 1.2)
TYPE = MappingProxyType(
    {
        "count": TypeRole(300, 190, 800, 800, track=-0.02, lead=(1.0, 1.0)),
        "count4": TypeRole(260, 165, 800, 800, track=-0.02, lead=(1.0, 1.0)),
        "alarm": TypeRole(104, 76, 800, 800, track=-0.012, lead=_HEAD_LEAD),
        "num": TypeRole(96, 64, 700, 700, track=-0.02, lead=(1.0, 1.0)),
        "price": TypeRole(52, 40, 700, 700, track=-0.02, lead=(1.0, 1.0)),
        "head": TypeRole(60, 56, 700, 700, track=-0.012, lead=_HEAD_LEAD),
        "title": TypeRole(36, 30, 600, 700, track=-0.006, lead=(1.2, 1.25)),
        "body": TypeRole(26, 28, 400, 600, grows=True),
        "label": TypeRole(22, 20, 400, 600, grows=True, lead=(1.2, 1.25)),
        "fine": TypeRole(20, 18, 400, 600, grows=True, lead=(1.2, 1.25)),
    }
)
TEXT_PERCENTS = (90, 100, 115, 130)


class Metrics(Struct, frozen=True):
    """Regions and targets of a profile in its pixels; ``module`` is a command code's dot."""

    top: int
    rail: int
    foot: int
    margin: int
    gutter: int
    touch: int
    gap: int
    row: int
    module: int
    px_per_mm: float


WIDE = Metrics(84, 60, 172, 32, 24, 76, 29, 104, 5, 3.61)
SMALL = Metrics(68, 46, 116, 22, 16, 80, 32, 104, 4, 3.96)
STAGE_WIDEST = 2200  # above 1920 the stage grows to this, then the margins do

SPACE = (4, 8, 12, 16, 24, 32, 48, 64)
RADIUS = MappingProxyType({"key": 6, "chip": 8, "card": 14, "hero": 20, "fault": 3})
HAIRLINE = 1.5
CURRENT_LINE = 3.0

MOTION_MS = MappingProxyType(
    {"verdict": 120, "line": 120, "rail": 160, "plate": 90, "padlock": 120, "ring_turn": 1200}
)
