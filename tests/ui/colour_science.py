"""Contrast and colour distance, for the tests over the tokens.

Contrast: WCAG 2.1 "relative luminance". Distance: CIE 1976 L*a*b*, D65. Colour-blind eyes:
Machado, Oliveira, Fernandes 2009, "A physiologically-based model for simulation of color vision
deficiency", table for severity 1.0, on linear RGB.
"""

from __future__ import annotations

from math import dist

Rgb = tuple[float, float, float]
_MACHADO = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)


def _linear(text: str) -> Rgb:
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _open(red), _open(green), _open(blue)


def _open(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _times(matrix: tuple[Rgb, Rgb, Rgb], color: Rgb) -> Rgb:
    first, second, third = (sum(a * b for a, b in zip(row, color, strict=True)) for row in matrix)
    return first, second, third


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG, 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(text: str) -> float:
    return _times(_TO_XYZ, _linear(text))[1]


def seen_by(eyes: str, text: str) -> Rgb:
    """A colour as normal, protan, deutan or tritan eyes see it, in linear RGB."""
    red, green, blue = _times(_MACHADO[eyes], _linear(text))
    return _clip(red), _clip(green), _clip(blue)


def _clip(part: float) -> float:
    return min(1.0, max(0.0, part))


def distance(one: Rgb, other: Rgb) -> float:
    """CIE76."""
    return dist(_lab(one), _lab(other))


def _lab(color: Rgb) -> Rgb:
    x, y, z = (
        _root(part / white) for part, white in zip(_times(_TO_XYZ, color), _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(part: float) -> float:
    return part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
