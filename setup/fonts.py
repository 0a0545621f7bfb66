"""Cuts the fonts of screens and papers out of the font packages into resources/fonts.

ReportLab embeds TrueType outlines only, so each file is a pinned static instance of a variable
TrueType font. The Chinese font is cut down to GB 2312 and GBK first: instancing the whole of it
takes minutes.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fontTools.ttLib.tables._n_a_m_e import table__n_a_m_e

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "fonts"
STAMP = "built.json"

_SANS = ("fontpkg-noto-sans", "fontpkg_noto_sans/files/NotoSans[wdth,wght].ttf")
_CHINESE = (
    "justmytype-intl-cjk",
    "justmytype_intl_cjk/fonts/ofl/notosanssc/NotoSansSC[wght].ttf",
)
_MONO = ("fontpkg-jetbrains-mono", "fontpkg_jetbrains_mono/files/JetBrainsMono[wght].ttf")


@dataclass(frozen=True)
class Cut:
    """One file to make: the package and path it comes from, its weight, and its subset."""

    name: str
    package: str
    source: str
    weight: int
    family: str = ""  # the name to write where the source's default instance has another


# The slow ones first, so that two processes finish together.
CUTS = (
    Cut("NotoSansSC-400.ttf", *_CHINESE, 400, "Noto Sans SC"),
    Cut("NotoSansSC-700.ttf", *_CHINESE, 700, "Noto Sans SC"),
    *(Cut(f"NotoSans-{weight}.ttf", *_SANS, weight) for weight in (400, 600, 700, 800)),
    *(Cut(f"JetBrainsMono-{weight}.ttf", *_MONO, weight) for weight in (400, 700)),
)

# The licence goes wherever its fonts go (SIL OFL 1.1, condition 2).
LICENCES = {
    "OFL-NotoSans.txt": ("fontpkg-noto-sans", "fontpkg_noto_sans/LICENSE"),
    "OFL-NotoSansSC.txt": ("justmytype-intl-cjk", str(Path(_CHINESE[1]).with_name("OFL.txt"))),
    "OFL-JetBrainsMono.txt": ("fontpkg-jetbrains-mono", "fontpkg_jetbrains_mono/LICENSE"),
}


def chinese_characters() -> set[int]:
    """The code points of GBK (which holds GB 2312), Latin, punctuation and full-width forms."""
    points = {*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2040)}
    points |= {*range(0x3000, 0x3040), *range(0xFF01, 0xFF5F), 0x20AC, 0x2116, 0xFFE5}
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            try:
                points.add(ord(bytes((lead, trail)).decode("gbk")))
            except (UnicodeDecodeError, TypeError):
                continue  # not every pair of bytes is a character
    return points


def cut(task: Cut, folder: Path = FOLDER) -> str:
    """Makes one file; the file appears whole or not at all. Returns its name."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    source = metadata.distribution(task.package).locate_file(task.source)
    font = TTFont(str(source), lazy=False, recalcTimestamp=False)
    if task.family:
        options = Options(layout_features=["kern", "locl"], hinting=False, notdef_outline=True)
        shrink = Subsetter(options)
        shrink.populate(unicodes=chinese_characters())
        shrink.subset(font)
    limits = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
    fixed = instancer.instantiateVariableFont(
        font, {**limits, "wght": task.weight}, updateFontNames=True, inplace=True
    )
    if task.family:
        _name(fixed["name"], task)
    part = folder / f"{task.name}.part"
    fixed.save(part)
    part.replace(folder / task.name)
    return task.name


def _name(table: table__n_a_m_e, task: Cut) -> None:
    """Family, style, full and PostScript name; the source's own say "Thin", its default."""
    style = {400: "Regular", 700: "Bold"}[task.weight]
    compact = task.family.replace(" ", "")
    names = {1: task.family, 2: style, 4: f"{task.family} {style}", 6: f"{compact}-{style}"}
    for number in (1, 2, 3, 4, 6, 16, 17):
        table.removeNames(nameID=number)
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)


def wanted() -> str:
    """A digest of everything that the files depend on."""
    versions = {name: metadata.version(name) for name in {task.package for task in CUTS}}
    versions["fonttools"] = metadata.version("fonttools")
    tasks = [astuple(task) for task in CUTS]
    recipe = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return json.dumps([sorted(versions.items()), tasks, recipe])


def main() -> int:
    """Makes what is missing or out of date; does nothing the second time."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    stamp = FOLDER / STAMP
    target = wanted()
    files = [*(task.name for task in CUTS), *LICENCES]
    complete = all((FOLDER / name).is_file() for name in files)
    if complete and stamp.is_file() and stamp.read_text("utf-8") == target:
        return 0
    with ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, len(CUTS))) as pool:
        for name in pool.map(cut, CUTS):
            print(f"  font {name}", flush=True)
    for name, (package, source) in LICENCES.items():
        text = Path(str(metadata.distribution(package).locate_file(source))).read_bytes()
        (FOLDER / name).write_bytes(text)
    stamp.write_text(target, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
