"""The wheel holds everything, and works where nothing else of the repository is."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "karvan"

QUOTE = """
import sys
from pathlib import Path

import karvan

assert Path(karvan.__file__).is_relative_to(Path(sys.argv[1])), karvan.__file__

from karvan.adapters.files.published import load_published
from karvan.domain.instants import parse_instant
from karvan.services.quoting.request import RequestReader

published = load_published()
request = RequestReader(published.network, published.book).read(
    {
        "from": "Xi'an",
        "to": "TR-IST",
        "container": "40HC",
        "mass_kg": "18000",
        "hs": "851660",
        "ready": "2026-12-03",
    },
    parse_instant("2026-11-21T12:00:00Z"),
)
print(request.origin.id, request.destination.id, request.cargo.type_code)
"""


def run(*arguments, **environment):
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=environment.pop("cwd", ROOT),
        env=os.environ | environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(
        "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--no-build-isolation", "--wheel-dir", folder, ROOT,
    )  # fmt: skip
    (built,) = folder.glob("karvan-*.whl")
    return built


def test_the_wheel_holds_every_module_and_every_table(wheel):
    wanted = {
        path.relative_to(SOURCE.parent).as_posix()
        for path in SOURCE.rglob("*")
        if path.suffix in {".py", ".csv", ".toml", ".typ", ".typed"} or path.name == "py.typed"
    }
    held = set(zipfile.ZipFile(wheel).namelist())
    assert "karvan/data/network/places.csv" in wanted
    assert "karvan/network/attributes/place.csv" in wanted
    assert "karvan/adapters/documents/quote.typ" in wanted
    assert wanted - held == set()


def test_the_wheel_holds_licence_and_notice_and_no_leftovers(wheel):
    held = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("licenses/LICENSE") for name in held)
    assert any(name.endswith("licenses/NOTICE") for name in held)
    assert not [name for name in held if "__pycache__" in name or name.endswith((".nbi", ".nbc"))]


def test_the_wheel_works_outside_the_repository(wheel, tmp_path):
    target = tmp_path / "installed"
    run(
        "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--no-compile", "--target", target, wheel,
    )  # fmt: skip

    printed = run("-c", QUOTE, target, PYTHONPATH=str(target), cwd=tmp_path)

    assert printed.split() == ["CN-XIA", "TR-IST", "45G1"]
