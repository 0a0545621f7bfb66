"""The bundled fonts, loaded once."""

import pytest

from packstation.documents.fonts import Fonts
from packstation.documents.label.zpl import ZplWriter
from tests.documents.samples import FONTS


@pytest.fixture(scope="session")
def fonts() -> Fonts:
    return Fonts(FONTS)


@pytest.fixture(scope="session")
def writer(fonts: Fonts) -> ZplWriter:
    return ZplWriter(fonts)
