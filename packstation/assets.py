"""Where the files under `resources/` lie: beside a checkout, or inside an installed package."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """The path of one resource, e.g. `resource("fonts", "NotoSans-400.ttf")`.

    A wheel and a frozen program carry the folder as `packstation/resources`; a checkout has it
    beside the package. No part may lead out of the folder: `ValueError`.
    """
    installed = _PACKAGE / "resources"
    root = installed if installed.is_dir() else _PACKAGE.parent / "resources"
    path = root.joinpath(*parts)
    if not path.resolve().is_relative_to(root.resolve()):
        raise ValueError("/".join(parts))
    return path
