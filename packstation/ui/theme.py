"""From tables to Qt: which profile a screen gets, its fonts, colours and the one style sheet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette

from packstation.ui import tokens
from packstation.ui.tokens import Metrics, Palette, State

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

FAMILIES = ("Noto Sans", "Noto Sans SC")
MONO_FAMILIES = ("JetBrains Mono", "Noto Sans SC")


class Profile(Struct, frozen=True):
    """How a screen is used: ``wide`` or ``small`` tables, times ``scale``.

    ``tight`` (a screen at 200 %): the rail shows numbers only, the right column becomes a strip
    of pictures, the foot keeps the weight and four commands.
    """

    name: str
    scale: float = 1.0
    tight: bool = False

    @property
    def metrics(self) -> Metrics:
        """The unscaled table."""
        return tokens.WIDE if self.name == "wide" else tokens.SMALL


def choose_profile(width: int, height: int, dots_per_inch: float = 0.0) -> Profile:
    """The profile of a screen of logical pixels ``width`` x ``height``.

    ``dots_per_inch`` is the physical density in logical pixels (0 where the monitor does not
    say). A denser screen with room to spare is scaled so that a millimetre stays one.
    """
    wide = width >= 1800 and height >= 1000
    table, base_width, base_height = (
        (tokens.WIDE, 1920, 1080) if wide else (tokens.SMALL, 1366, 768)
    )
    room = min(width / base_width, height / base_height)
    density = dots_per_inch / 25.4 / table.px_per_mm
    tight = width < 1200
    # Two lines of a head and a giant need this much height; below it everything shrinks alike.
    least = max(0.75, min(1.0, height / base_height)) if tight else 1.0
    scale = max(least, min(room, density))
    return Profile("wide" if wide else "small", int(scale * 8) / 8, tight=tight)


WIDE: Final = Profile("wide")


@dataclass(frozen=True)
class Theme:
    """Everything a painter asks for. ``hand``: right or left; ``language`` sets tracking.

    ``text_scale`` is the person's text size (0.9 to 1.3) and applies to body, label and fine.
    """

    mode: str = "light"
    profile: Profile = WIDE
    text_scale: float = 1.0
    hand: str = "right"
    language: str = "en"
    motion: bool = True
    _fonts: dict[tuple[str, int, bool], QFont] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _colours: dict[str, QColor] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def palette(self) -> Palette:
        """The colours of the mode."""
        return tokens.PALETTES[self.mode]

    @cached_property
    def paper(self) -> Theme:
        """The same theme in light: cards on a refusal or hold plate are paper in both modes."""
        return self if self.mode == "light" else replace(self, mode="light")

    @cached_property
    def inverse(self) -> Theme:
        """The other mode, for what stands on a hold plate itself."""
        return replace(self, mode="dark" if self.mode == "light" else "light")

    @cached_property
    def metrics(self) -> Metrics:
        """Regions and targets in pixels, scaled."""
        table, px = self.profile.metrics, self.px
        return Metrics(
            top=px(table.top),
            rail=px(table.rail),
            foot=px(table.foot),
            margin=px(table.margin),
            gutter=px(table.gutter),
            touch=px(table.touch),
            gap=px(table.gap),
            row=px(table.row),
            module=max(table.module, px(table.module)),
            px_per_mm=table.px_per_mm * self.profile.scale,
        )

    @property
    def small(self) -> bool:
        """Whether the small tables are used."""
        return self.profile.name == "small"

    @property
    def mirrored(self) -> bool:
        """Whether stage columns and foot stand the other way round."""
        return self.hand == "left"

    def px(self, length: float) -> int:
        """A length of the design in pixels of this screen."""
        return round(length * self.profile.scale)

    def pick(self, wide: float, small: float) -> int:
        """A length that the profiles have different figures for, scaled."""
        return self.px(small if self.small else wide)

    def radius(self, role: str) -> int:
        """Corner radius of key, chip, card, hero or fault."""
        return self.px(tokens.RADIUS[role])

    def space(self, step: int) -> int:
        """A step of the spacing scale: 4, 8, 12, 16, 24, 32, 48 or 64; `ValueError` else."""
        if step not in tokens.SPACE:
            raise ValueError(step)
        return self.px(step)

    def size(self, role: str) -> int:
        """Pixel size of a type role."""
        entry = tokens.TYPE[role]
        grown = self.text_scale if entry.grows else 1.0
        return round((entry.small if self.small else entry.wide) * grown * self.profile.scale)

    def font(self, role: str, *, strong: bool = False, mono: bool = False) -> QFont:
        """The font of a type role; ``strong`` takes its heavier weight."""
        entry = tokens.TYPE[role]
        return self.font_px(
            role, self.size(role), entry.strong if strong else entry.weight, mono=mono
        )

    def font_px(self, role: str, pixels: int, weight: int, *, mono: bool = False) -> QFont:
        """A font of another size or weight with the tracking of ``role``."""
        key = (role, pixels * 1000 + weight, mono)
        if key not in self._fonts:
            font = QFont()
            font.setFamilies(list(MONO_FAMILIES if mono else FAMILIES))
            font.setPixelSize(max(1, pixels))
            font.setWeight(QFont.Weight(weight))
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            track = 0.0 if mono or self.language.startswith("zh") else tokens.TYPE[role].track
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, track * pixels)
            self._fonts[key] = font
        return self._fonts[key]

    def line_height(self, role: str) -> float:
        """Distance of two lines of a role in pixels."""
        latin, chinese = tokens.TYPE[role].lead
        return self.size(role) * (chinese if self.language.startswith("zh") else latin)

    def metrics_of(self, role: str, *, strong: bool = False) -> QFontMetricsF:
        """Measures of a role's font."""
        return QFontMetricsF(self.font(role, strong=strong))

    def state(self, tone: str) -> State:
        """Colours of now, ok, warn, stop or hold as hex text."""
        return self.palette.state(tone)

    def color(self, name: str) -> QColor:
        """A colour by name (``ink2``, ``ok.fill``, ``now.tint``); a copy, free to change."""
        if name not in self._colours:
            tone, _, part = name.partition(".")
            text = getattr(self.palette.state(tone), part) if part else getattr(self.palette, name)
            self._colours[name] = QColor(text)
        return QColor(self._colours[name])

    def apply(self, app: QApplication) -> None:
        """Sets the application's font, palette and style sheet."""
        app.setFont(self.font("body"))
        app.setPalette(_qpalette(self))
        app.setStyleSheet(style_sheet(self))


def _qpalette(theme: Theme) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: "canvas",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "sunken",
        QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.WindowText: "ink",
        QPalette.ColorRole.Text: "ink",
        QPalette.ColorRole.ButtonText: "ink",
        QPalette.ColorRole.PlaceholderText: "ink3",
        QPalette.ColorRole.Highlight: "now.fill",
        QPalette.ColorRole.HighlightedText: "now.on",
    }
    made = QPalette()
    for role, name in roles.items():
        made.setColor(role, theme.color(name))
    return made


# One template; `role` is a dynamic property set through `set_role`.
_SHEET = """
QLabel {{ background: transparent; color: {p.ink}; }}
QLabel[role="second"] {{ color: {p.ink2}; }}
QLabel[role="off"] {{ color: {p.ink3}; }}
QLabel[role="eyebrow"] {{ color: {p.now.ink}; }}
QLabel[role="ok"] {{ color: {p.ok.ink}; }}
QLabel[role="warn"] {{ color: {p.warn.ink}; }}
QLabel[role="stop"] {{ color: {p.stop.ink}; }}
QFrame[role="card"] {{ background: {p.surface}; border: {hair}px solid {p.line};
  border-radius: {card}px; }}
QFrame[role="hero"] {{ background: {p.surface}; border: {hair}px solid {p.line};
  border-radius: {hero}px; }}
QFrame[role="current"] {{ background: {p.now.tint}; border: {bold}px solid {p.now.fill};
  border-radius: {card}px; }}
QFrame[role="fault"] {{ background: {p.surface}; border: {bold}px solid {p.stop.fill};
  border-radius: {card}px; }}
QFrame[role="sunken"] {{ background: {p.sunken}; border: none; border-radius: {chip}px; }}
QFrame[role^="chip"] {{ background: {p.sunken}; border: none; border-radius: {chip}px; }}
QFrame[role="chip-now"] {{ background: {p.now.tint}; }}
QFrame[role="chip-ok"] {{ background: {p.ok.tint}; }}
QFrame[role="chip-warn"] {{ background: {p.warn.tint}; }}
QFrame[role="chip-stop"] {{ background: {p.stop.tint}; }}
QPushButton {{ background: {p.surface}; color: {p.ink}; border: {bold}px solid {p.edge};
  border-radius: {card}px; min-height: {touch}px; padding: 0 {pad}px; font-weight: 600; }}
QPushButton[role="primary"] {{ background: {p.now.fill}; color: {p.now.on};
  border-color: {p.now.fill}; }}
QPushButton:disabled {{ color: {p.ink3}; border-color: {p.line}; }}
QLineEdit {{ background: {p.surface}; color: {p.ink}; border: {bold}px solid {p.edge};
  border-radius: {chip}px; padding: 0 {pad}px; min-height: {touch}px;
  selection-background-color: {p.now.fill}; selection-color: {p.now.on}; }}
QLineEdit[role="low"] {{ min-height: 0; padding: 0 8px; }}
QLineEdit:focus {{ border-color: {p.now.fill}; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
"""


def style_sheet(theme: Theme) -> str:
    """The application's style sheet."""
    return _SHEET.format(
        p=theme.palette,
        hair=tokens.HAIRLINE,
        bold=round(tokens.CURRENT_LINE),
        card=theme.radius("card"),
        hero=theme.radius("hero"),
        chip=theme.radius("chip"),
        touch=theme.metrics.touch - 2 * round(tokens.CURRENT_LINE),
        pad=theme.space(24),
    )


def set_role(widget: QWidget, role: str) -> None:
    """Gives a widget another role and has the style sheet looked up again."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
