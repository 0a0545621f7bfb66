"""Resources are found in a checkout and in an installed package, and nowhere else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from packstation.assets import resource


def test_a_checkout_has_its_resources_beside_the_package(repository: Path) -> None:
    assert resource("fonts", "NotoSans-400.ttf") == repository / "resources/fonts/NotoSans-400.ttf"
    assert resource("fonts", "NotoSans-400.ttf").is_file()


@pytest.mark.parametrize("part", ["..", "../../etc/passwd", "/etc/passwd"])
def test_a_name_that_leads_out_of_the_folder_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match=r"\.\.|etc"):
        resource("samples", part, "..", "..") if part == ".." else resource(part)


def test_a_wheel_carries_the_resources_and_finds_them(repository: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run(build, cwd=repository, check=True, capture_output=True)
    installed = tmp_path / "installed"
    zipfile.ZipFile(next(tmp_path.glob("*.whl"))).extractall(installed)
    script = "from packstation.assets import resource; print(resource('fonts', 'NotoSans-400.ttf'))"
    found = subprocess.run(
        [sys.executable, "-c", script],
        cwd=installed,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    assert found == str(installed / "packstation/resources/fonts/NotoSans-400.ttf")
    assert Path(found).is_file()
