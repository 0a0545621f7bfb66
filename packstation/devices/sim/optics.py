"""What goes wrong between a code and a camera's picture: blur, light, noise, wrinkles, distance.

Each is a pure function of a grey picture, a strength from 0 (hardly seen) to 1 (hardly read) and
seeded chance; `DEGRADATIONS` names them all. The simulated camera and the benchmark share them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from packstation.devices.camera.pixels import opencv

if TYPE_CHECKING:
    import numpy as np

    from packstation.devices.camera.pixels import Pixels

Degrade = Callable[["Pixels", float, "np.random.Generator"], "Pixels"]


def _pixels(values: Any) -> Pixels:  # noqa: ANN401 - a picture of any number type
    import numpy as np

    clipped: Pixels = np.clip(values, 0, 255).astype(np.uint8)
    return clipped


def blur(image: Pixels, strength: float, _: np.random.Generator) -> Pixels:
    """Out of focus: a Gaussian of 0.8 to 2.2 pixels."""
    return _pixels(opencv().GaussianBlur(image, (0, 0), 0.8 + 1.4 * strength))


def motion(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """A hand that moves: a streak of 2 to 8 pixels in any direction."""
    import numpy as np

    cv = opencv()
    long = 2 + 6 * strength
    angle = chance.uniform(0, np.pi)
    kernel = np.zeros((15, 15), np.float32)
    reach = np.array([np.cos(angle), np.sin(angle)]) * long / 2
    start, end = (np.array([7, 7]) - reach) * 16, (np.array([7, 7]) + reach) * 16
    ends = [tuple(round(v) for v in point) for point in (start, end)]
    cv.line(kernel, ends[0], ends[1], 1.0, 1, cv.LINE_AA, 4)
    return _pixels(cv.filter2D(image, -1, kernel / kernel.sum()))


def noise(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """A dim sensor: deviations of 10 to 45 grey levels."""
    return _pixels(image + chance.normal(0, 10 + 35 * strength, image.shape))


def specks(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """Dust and bad pixels: 1 to 9 % black or white ones."""
    wrong = chance.random(image.shape)
    share = (0.01 + 0.08 * strength) / 2
    spotted = image.copy()
    spotted[wrong < share] = 0
    spotted[wrong > 1 - share] = 255
    return spotted


def faint(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """Pale print on dull paper: 30 to 6 % of the contrast is left, with the sensor's noise."""
    left = 0.30 - 0.24 * strength
    return _pixels(110 + (image - 128.0) * left + chance.normal(0, 2, image.shape))


def uneven(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """Light from one side: it falls to 45 to 5 % across the picture."""
    import numpy as np

    high, wide = image.shape
    down, across = np.mgrid[0:high, 0:wide]
    angle = chance.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * (across / wide - 0.5) + np.sin(angle) * (down / high - 0.5)
    least = 0.45 - 0.4 * strength
    return _pixels(image * (least + (1 - least) * (0.5 + slope / 1.42)))


def shadow(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """A hard shadow with its edge across the code."""
    import numpy as np

    high, wide = image.shape
    down, across = np.mgrid[0:high, 0:wide]
    angle, offset = chance.uniform(0, 2 * np.pi), chance.uniform(-0.1, 0.1)
    side = np.cos(angle) * (across / wide - 0.5) + np.sin(angle) * (down / high - 0.5) > offset
    return _pixels(np.where(side, image, image * (0.5 - 0.38 * strength)))


def glare(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """A lamp in shiny film: a spot of light near the code that washes it out."""
    import numpy as np

    high, wide = image.shape
    down, across = np.mgrid[0:high, 0:wide]
    x, y = wide * chance.uniform(0.35, 0.65), high * chance.uniform(0.4, 0.6)
    far = ((across - x) / (wide * 0.10)) ** 2 + ((down - y) / (high * 0.08)) ** 2
    return _pixels(image + (90 + 170 * strength) * np.exp(-far))


def wrinkled(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """Wrinkled wrap: thin bright creases at any angle."""
    import numpy as np

    cv = opencv()
    high, wide = image.shape
    layer = np.zeros((high, wide), np.float32)
    for _ in range(int(6 + 18 * strength)):
        ends = chance.uniform(0.2, 0.8, 4) * (wide, high, wide, high)
        points = [int(v) for v in ends]
        cv.line(layer, tuple(points[:2]), tuple(points[2:]), float(chance.uniform(60, 200)), 1)
    return _pixels(image + cv.GaussianBlur(layer, (0, 0), 0.8))


def crumpled(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """A label on a soft bag: waves of 1 to 5 pixels."""
    import numpy as np

    high, wide = image.shape
    down, across = np.mgrid[0:high, 0:wide].astype(np.float32)
    deep = 1 + 4 * strength
    one, two = chance.uniform(0, 6.3, 2)
    x = across + deep * np.sin(down / 23 + one) + deep / 2 * np.sin(across / 31 + two)
    y = down + deep * np.sin(across / 41 + two)
    cv = opencv()
    return _pixels(
        cv.remap(
            image,
            x.astype(np.float32),
            y.astype(np.float32),
            cv.INTER_LINEAR,
            None,
            cv.BORDER_REPLICATE,
        )
    )


def rounded(image: Pixels, strength: float, _: np.random.Generator) -> Pixels:
    """A label round a bottle: its sides run away from the camera."""
    import numpy as np

    high, wide = image.shape
    down, across = np.mgrid[0:high, 0:wide].astype(np.float32)
    most = 0.7 + 0.7 * strength
    middle = wide / 2
    share = np.clip((across - middle) / (wide * 0.3), -1.2, 1.2)
    bent = np.sin(np.clip(share, -1, 1) * most) / np.sin(most)
    # Where the eye sees position s, the label shows its angle: arcsin widens towards the sides.
    seen = np.arcsin(np.clip(share * np.sin(most), -0.999, 0.999)) / most
    x = middle + np.where(np.abs(share) < 1, seen, bent) * wide * 0.3
    return _pixels(
        opencv().remap(
            image,
            x.astype(np.float32),
            down,
            opencv().INTER_LINEAR,
            None,
            opencv().BORDER_REPLICATE,
        )
    )


def perspective(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """Seen aslant: one side 10 to 45 % shorter."""
    import numpy as np

    cv = opencv()
    high, wide = image.shape
    short = 0.05 + 0.18 * strength
    flip = chance.random() < 0.5
    left, right = (short, 0.0) if flip else (0.0, short)
    was = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    now = np.array(
        [[wide * short, high * left], [wide * (1 - short), high * right],
         [wide * (1 - short), high * (1 - right)], [wide * short, high * (1 - left)]], np.float32,
    )  # fmt: skip
    there = cv.getPerspectiveTransform(was, now)
    return _pixels(cv.warpPerspective(image, there, (wide, high), borderMode=cv.BORDER_REPLICATE))


def tilted(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """Laid down askew: 5 to 45 degrees either way."""
    cv = opencv()
    high, wide = image.shape
    degrees = (5 + 40 * strength) * (1 if chance.random() < 0.5 else -1)
    there = cv.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    return _pixels(cv.warpAffine(image, there, (wide, high), borderMode=cv.BORDER_REPLICATE))


def inverted(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """Light print on dark goods, fainter with strength."""
    return faint(_pixels(255 - image.astype(int)), strength * 0.6, chance)


def squeezed(image: Pixels, strength: float, _: np.random.Generator) -> Pixels:
    """A camera that saves bandwidth: JPEG of quality 35 to 5."""
    cv = opencv()
    quality = int(35 - 30 * strength)
    _, data = cv.imencode(".jpg", image, [cv.IMWRITE_JPEG_QUALITY, quality])
    return _pixels(cv.imdecode(data, cv.IMREAD_GRAYSCALE))


def covered(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """Tape or a finger over part of it: a strip across, up to half as high as bars are."""
    high, wide = image.shape
    part = image.copy()
    deep = int(high * (0.02 + 0.05 * strength))
    top = high // 2 + int(chance.uniform(-0.06, 0.06) * high) - deep // 2
    left = int(wide * chance.uniform(0.0, 0.6))
    part[top : top + deep, left : left + wide // 2] = 96
    return part


def far(image: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """Too far away: shrunk to 80 to 45 % of the pixels, with the lens's softness and noise."""
    import numpy as np

    cv = opencv()
    factor = 0.80 - 0.35 * strength
    small = cv.resize(image, None, fx=factor, fy=factor, interpolation=cv.INTER_AREA)
    high, wide = image.shape
    down, across = (high - small.shape[0]) // 2, (wide - small.shape[1]) // 2
    rest = (high - small.shape[0] - down, wide - small.shape[1] - across)
    sheet = np.pad(small, ((down, rest[0]), (across, rest[1])), mode="edge")
    return noise(sheet, -0.15, chance) if strength >= 0 else sheet


def spread(image: Pixels, strength: float, _: np.random.Generator) -> Pixels:
    """Ink that ran: dark grows by 0.3 to 1.3 pixels."""
    cv = opencv()
    grown = cv.erode(image, cv.getStructuringElement(cv.MORPH_ELLIPSE, (3, 3)))
    share = 0.3 + 0.6 * strength
    return _pixels(image * (1 - share) + grown * share)


DEGRADATIONS: Final[dict[str, Degrade]] = {
    "blur": blur,
    "motion": motion,
    "noise": noise,
    "specks": specks,
    "faint": faint,
    "uneven": uneven,
    "shadow": shadow,
    "glare": glare,
    "wrinkled": wrinkled,
    "crumpled": crumpled,
    "rounded": rounded,
    "perspective": perspective,
    "tilted": tilted,
    "inverted": inverted,
    "jpeg": squeezed,
    "covered": covered,
    "far": far,
    "ink": spread,
}
