"""Pictures of products: read off the main thread, kept as pixmaps of the drawn size."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QRunnable, QSize, Qt, QThreadPool, Signal, Slot
from PySide6.QtGui import QImage, QImageReader, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from packstation.assets import resource
from packstation.station.views import ProductView
from packstation.ui import iso
from packstation.ui.widgets.canvas import MIDDLE_CENTRE, Canvas

_LARGEST_FILE = 8_000_000
_KINDS = {".svg", ".png", ".jpg", ".jpeg", ".webp"}


def picture_path(image: str) -> Path | None:
    """The file of a product's picture, a resource or a path; None where there is none."""
    if not image or "://" in image:
        return None
    try:
        inside = resource(*image.split("/"))
        path = Path(image) if Path(image).is_absolute() else inside
        known = path.suffix.lower() in _KINDS and path.is_file()
        return path if known and path.stat().st_size <= _LARGEST_FILE else None
    except (OSError, ValueError):
        return None


def decode(path: Path, size: QSize) -> QImage:
    """The picture as large as ``size`` (pixels) allows, in its own shape; null when unreadable."""
    if path.suffix.lower() == ".svg":
        return _decode_svg(path, size)
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    if reader.size().isValid():
        reader.setScaledSize(reader.size().scaled(size, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def _decode_svg(path: Path, size: QSize) -> QImage:
    renderer = QSvgRenderer(path.read_bytes())
    if not renderer.isValid():
        return QImage()
    fitted = renderer.defaultSize().scaled(size, Qt.AspectRatioMode.KeepAspectRatio)
    image = QImage(fitted, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


class _Reading(QRunnable):
    """One picture to be read in the pool."""

    def __init__(self, shelf: Pictures, key: str, path: Path, size: QSize) -> None:
        super().__init__()
        self._shelf, self._key, self._path, self._size = shelf, key, path, size

    def run(self) -> None:
        """Reads and reports to the main thread."""
        try:
            image = decode(self._path, self._size)
        except OSError:
            image = QImage()
        self._shelf.read.emit(self._key, image)


class Pictures(QObject):
    """Pictures at hand. ``ready`` is sent when one more has been read."""

    ready = Signal()
    read = Signal(str, QImage)

    def __init__(self, parent: QObject | None = None) -> None:
        """Made in the main thread."""
        super().__init__(parent)
        self._asked: set[str] = set()
        self._broken: set[str] = set()
        self.read.connect(self._keep)

    def pixmap(self, image: str, size: QSize, ratio: float) -> QPixmap | None:
        """The picture for ``size`` in logical pixels; None while it is read or has none."""
        key = f"{image}|{size.width()}x{size.height()}|{ratio}"
        found = QPixmap()
        if QPixmapCache.find(key, found):
            found.setDevicePixelRatio(ratio)
            return found
        if key in self._asked or image in self._broken:
            return None
        path = picture_path(image)
        if path is None:
            self._broken.add(image)
            return None
        self._asked.add(key)
        QThreadPool.globalInstance().start(_Reading(self, key, path, size * ratio))
        return None

    def lacks(self, image: str) -> bool:
        """Whether there is no picture to wait for."""
        return image in self._broken or picture_path(image) is None

    @Slot(str, QImage)
    def _keep(self, key: str, image: QImage) -> None:
        self._asked.discard(key)
        if image.isNull():
            self._broken.add(key.partition("|")[0])
        else:
            QPixmapCache.insert(key, QPixmap.fromImage(image))
        self.ready.emit()


def draw_product(
    canvas: Canvas,
    pictures: Pictures,
    area: QRectF,
    product: ProductView,
    *,
    radius: str = "card",
    fade: float = 1.0,
) -> None:
    """A product on its light ground; without a picture a drawn box with the SKU's last four."""
    canvas.painter.save()
    canvas.painter.setOpacity(fade)
    draw_ground(canvas, area, radius)
    side = min(area.width(), area.height())
    inner = QRectF(0, 0, side * 0.94, side * 0.94)
    inner.moveCenter(area.center())
    ratio = canvas.painter.device().devicePixelRatioF()
    pixmap = pictures.pixmap(product.image, inner.size().toSize(), ratio)
    if pixmap is not None and not pixmap.isNull():
        _draw_pixmap(canvas, pixmap, inner)
    elif pictures.lacks(product.image):
        _draw_stand_in(canvas, inner, product.sku)
    canvas.painter.restore()


def draw_ground(canvas: Canvas, area: QRectF, radius: str = "card") -> None:
    """The light ground of every picture, in the dark as well."""
    canvas.plate(area, "picture", radius=radius)


def _draw_pixmap(canvas: Canvas, pixmap: QPixmap, inner: QRectF) -> None:
    target = QRectF(0, 0, *pixmap.deviceIndependentSize().toTuple())
    target.moveCenter(inner.center())
    canvas.painter.drawPixmap(target.topLeft(), pixmap)


def _draw_stand_in(canvas: Canvas, inner: QRectF, sku: str) -> None:
    """A box with the last four of the SKU below it; a small one has the box alone."""
    paper = canvas.on(canvas.theme.paper)
    tall = inner.height() >= canvas.theme.px(90)
    part = 0.66 if tall else 0.8
    box = QRectF(inner.left(), inner.top() + inner.height() * 0.06, inner.width(), 0)
    box.setHeight(inner.height() * part)
    inset = box.width() * 0.14
    iso.iso_box(paper.painter, paper.theme, box.adjusted(inset, 0, -inset, 0), (10, 8, 7))
    if tall:
        below = QRectF(inner.left(), box.bottom(), inner.width(), inner.bottom() - box.bottom())
        role = "title" if inner.height() > canvas.theme.px(240) else "fine"
        last = "".join(mark for mark in sku if mark.isalnum())[-4:]
        paper.text(below, last, (role, "ink2"), MIDDLE_CENTRE, strong=True)
