"""Brother's raster, read from its bytes (Raster Command Reference QL-1100 series, 2.1 and 4)."""

from __future__ import annotations

from PIL import Image

from tests.documents.label.printouts.page import Page, UnknownCommand

# Fixed lengths of what follows the letters; `g` and NUL are read apart.
_CODES = {
    b"\x1bia": 1,
    b"\x1biz": 10,
    b"\x1biM": 1,
    b"\x1biA": 1,
    b"\x1biK": 1,
    b"\x1bid": 2,
    b"M": 1,
}


class Sheet:
    """A page being filled: what its control codes said, and its rows."""

    def __init__(self) -> None:
        self.said: dict[bytes, bytes] = {}
        self.rows: list[bytes] = []

    def picture(self, head: int) -> Image.Image:
        """Rows as the head prints them: the first bit is its right end."""
        kind, _width, length = self.said[b"\x1biz"][1:4]
        assert (kind, length > 0) in {(0x0A, False), (0x0B, True)}
        assert int.from_bytes(self.said[b"\x1biz"][4:8], "little") == len(self.rows)
        assert self.said[b"\x1bia"] == b"\x01"
        assert self.said[b"M"] == b"\x02"
        page = Page(head, len(self.rows))
        assert {len(row) for row in self.rows} == {head // 8}
        page.bits((0, 0), head // 8, b"".join(self.rows), put="add")
        return page.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def pages(data: bytes, dpi: int, *, head: int = 1296) -> list[Image.Image]:
    """The pages of a job, as wide as the head, left to right as read on paper."""
    assert dpi == 300
    begin = data.lstrip(b"\x00")
    assert len(data) - len(begin) >= 350
    assert begin.startswith(b"\x1b@")
    data, at = begin, 2
    sheets: list[Image.Image] = []
    sheet = Sheet()
    while at < len(data):
        if data.startswith(b"g\x00", at):
            size = data[at + 2]
            sheet.rows.append(_unpacked(data[at + 3 : at + 3 + size]))
            at += 3 + size
        elif data[at : at + 1] in {b"\x0c", b"\x1a"}:
            assert (data[at : at + 1] == b"\x1a") == (at == len(data) - 1)
            assert sheet.said[b"\x1biz"][8] == min(1, len(sheets))
            sheets.append(sheet.picture(head))
            sheet = Sheet()
            at += 1
        else:
            name = data[at : at + 1] if data[at : at + 1] == b"M" else data[at : at + 3]
            if name not in _CODES:
                raise UnknownCommand(name.hex(" "))
            at += len(name)
            sheet.said[name] = data[at : at + _CODES[name]]
            at += _CODES[name]
    assert not sheet.rows
    return sheets


def _unpacked(data: bytes) -> bytes:
    """PackBits: n below 128 is n + 1 bytes as they are, above it 257 - n times the next."""
    row, at = bytearray(), 0
    while at < len(data):
        count = data[at]
        assert count != 128
        if count < 128:
            row += data[at + 1 : at + 2 + count]
            at += 2 + count
        else:
            row += data[at + 1 : at + 2] * (257 - count)
            at += 2
    return bytes(row)
