"""An independent printer: ZPL in, pictures out, and the codes that a reader finds in them."""

from __future__ import annotations

import base64
import io
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import zxingcpp
from PIL import Image

from packstation.domain.labels import Media

_SCRIPT = Path(__file__).with_name("render_zpl.mjs")
# Dots a millimetre as the renderer counts them.
_DPMM = {203: 8, 300: 12, 600: 24}


def render_zpl(jobs: Sequence[tuple[bytes, Media]]) -> list[list[Image.Image]]:
    """The labels that each ZPL prints, in dots of its media; one node process for all jobs."""
    asked = []
    for zpl, media in jobs:
        dpmm = _DPMM[media.dpi]
        width, height = media.size_dots
        asked.append(
            {
                "zpl": zpl.decode("utf-8"),
                "width_mm": width / dpmm,
                "height_mm": height / dpmm,
                "dpmm": dpmm,
            }
        )
    done = subprocess.run(
        ["node", str(_SCRIPT)],
        input=json.dumps(asked).encode(),
        capture_output=True,
        check=True,
        timeout=110,
    )
    return [
        [Image.open(io.BytesIO(base64.b64decode(png))).convert("L") for png in pictures]
        for pictures in json.loads(done.stdout)
    ]


def codes_in(picture: Image.Image) -> list[str]:
    """The text of every bar code in a picture, top to bottom."""
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    return [code.text for code in sorted(found, key=lambda code: code.position.top_left.y)]
