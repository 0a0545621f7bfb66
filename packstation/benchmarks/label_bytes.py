"""A label's model to ZPL: how long it takes, and how much less is sent than its picture.

One label of 100 x 150 mm at 203 dpi with its customs form beside it, to an address in Latin,
Cyrillic and Chinese letters. Each label is another one: other names and numbers of the same
letters, so that no line was drawn before, and each letter was (a shift's second hundred of labels).
Ratio: its bytes to those of the full bitmap, one bit a dot. Reference: that bitmap drawn by the
writer of pictures and packed as one Z64 field, which is what a label without native codes and texts
would be.
"""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter_ns
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.assets import resource
from packstation.benchmarks.figures import Result, median, spread
from packstation.demo import samples
from packstation.documents.fonts import Fonts
from packstation.documents.label.dots import Bits
from packstation.documents.label.png import draw
from packstation.documents.label.shipping import shipping_labels
from packstation.documents.label.zpl import ZplWriter, graphic_field
from packstation.domain.labels import Label, ParcelPapers, media
from packstation.domain.orders import Address, Order
from packstation.domain.s10 import number

LABELS: Final = 200
QUICK: Final = 4
GOAL_MS: Final = 2.0
GOAL_HAN_MS: Final = 5.0
GOAL_RATIO: Final = 1 / 25
_MM: Final = (100.0, 150.0)


class Script(Struct, frozen=True):
    """Letters to write addresses with; all are invented."""

    name: str
    words: tuple[str, ...]
    country: str
    goal_ms: float
    between: str = " "


SCRIPTS: Final = (
    Script("Latin", ("Jose", "Muller", "Strasse", "Koln", "Nunez", "Platz"), "DE", GOAL_MS),
    Script("Cyrillic", ("Казань", "Большая", "Анна", "Красная", "Ольга"), "RU", GOAL_HAN_MS),
    Script("Chinese", ("深圳市", "南山区", "粤海街", "科技园", "李小明"), "HK", GOAL_HAN_MS, ""),
)


def measure(*, quick: bool = False) -> list[Result]:
    """A row a script."""
    fonts = Fonts(resource("fonts"))
    count = QUICK if quick else LABELS
    return [_row(script, fonts, count) for script in SCRIPTS]


def labels(script: Script, fonts: Fonts, count: int) -> list[Label]:
    """So many labels of the same letters, no two with the same lines."""
    model = samples.orders(datetime(2026, 11, 21, tzinfo=UTC))[0]
    made = []
    for at in range(count):
        papers = _papers(model, _address(script, at), at)
        made.append(shipping_labels(papers, media("100x150"), fonts)[0])
    return made


def _address(script: Script, at: int) -> Address:
    words, size = script.words, len(script.words)

    def said(start: int) -> str:
        step = 1 + at % (size - 1)
        return script.between.join(words[(start + at + step * n) % size] for n in range(3))

    return Address(
        name=said(0),
        lines=(f"{said(1)} {at + 1}", f"{said(2)} {7 * at % 900}"),
        city=said(3),
        postcode=f"{100000 + at}",
        country=script.country,
        phone="+7 900 000-00-00",
    )


def _papers(model: Order, to: Address, at: int) -> ParcelPapers:
    return ParcelPapers(
        order=replace(model, ship_to=to, order_id=f"S-{at:05}"),
        products={product.sku: product for product in samples.products()},
        contents=((model.lines[0].line, 1),),
        parcel_id=f"p-{at}",
        waybill=number("LP", 74_200_000 + at, "CN"),
        carrier="chinapost",
        service="e-packet",
        gross_g=1104,
        size_mm=(300, 205, 120),
        number=1,
        count=1,
        date="2026-11-21",
        form="cn22",
    )


def _row(script: Script, fonts: Fonts, count: int) -> Result:
    writer = ZplWriter(fonts)
    made = labels(script, fonts, 2 * count)
    known, fresh = made[:count], made[count:]
    for label in known:
        writer.write([label])
    taken: list[float] = []
    sizes: list[float] = []
    for label in fresh:
        begun = perf_counter_ns()
        zpl = writer.write([label])
        taken.append((perf_counter_ns() - begun) / 1e6)
        sizes.append(float(len(zpl)))
    whole, packed = _whole(fresh[: max(1, count // 10)], fonts)
    wide, high = fresh[0].media.size_dots
    full = (wide + 7) // 8 * high
    return Result(
        name=f"label, model to ZPL, {script.name}",
        figures=spread(taken),
        reference=spread(whole),
        ratio=round(median(sizes) / full, 4),
        goal={"p50_ms": script.goal_ms, "ratio": GOAL_RATIO},
        note="ratio: bytes to the full bitmap; reference: that bitmap as one packed picture",
        shape={
            "labels": len(taken),
            "label_bytes": int(median(sizes)),
            "bitmap_bytes": full,
            "packed_bitmap_bytes": int(median(packed)),
        },
    )


def _whole(some: list[Label], fonts: Fonts) -> tuple[list[float], list[float]]:
    """Times and bytes of labels as one picture."""
    from PIL import ImageOps

    taken, sizes = [], []
    for label in some:
        begun = perf_counter_ns()
        page = ImageOps.invert(draw(label, fonts)).convert("1")
        field = graphic_field(Bits(0, 0, page.width, page.height, page.tobytes()))
        taken.append((perf_counter_ns() - begun) / 1e6)
        sizes.append(float(len(field)))
    return taken, sizes
