"""`karvan network map` from outside: what is written, and what is refused."""

import json
import os
import stat
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from karvan.adapters.drawing import raster
from karvan.bootstrap import SvgMaps
from karvan.domain.errors import NotFound
from karvan.interfaces.cli import app
from karvan.interfaces.wiring import Wiring

ROOT = Path(__file__).parents[2]
NOW = ("--now", "2026-11-21T12:00:00Z")


@pytest.fixture
def draw(published, capsys, tmp_path, now):
    """Runs the command in this process, the tables read once; gives status, stdout and stderr."""

    class Tables:
        def load(self, folder=None):
            return published

    def run(*arguments):
        wiring = Wiring(tables=Tables(), clock=lambda: now, folder=tmp_path, drawer=SvgMaps())
        status = app.run(("network", "map", *arguments), wiring)
        return status, *capsys.readouterr()

    return run


def test_an_svg_is_written_and_told(draw, tmp_path):
    out = tmp_path / "map.svg"

    status, told, complaints = draw("--out", str(out))

    assert (status, complaints) == (0, "")
    assert ET.parse(out).getroot().get("width") == "1600"
    assert told.startswith(f"Wrote {out}: ")
    assert "No room for the names of" in told
    assert [path.name for path in tmp_path.iterdir()] == ["map.svg"]
    assert stat.S_IMODE(out.stat().st_mode) & stat.S_IRUSR


def test_a_png_has_the_size_that_was_asked_for(draw, tmp_path):
    out = tmp_path / "map.PNG"

    status, told, _ = draw(
        "--out", str(out), "--area", "caspian", "--theme", "dark", "--width", "1300", "--json"
    )

    content, summary = out.read_bytes(), json.loads(told)
    assert status == 0
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (1300, summary["height_px"])
    assert summary["bytes"] == len(content)
    assert summary["width_px"] == 1300
    assert summary["labels"] + len(summary["unlabelled"]) == summary["places"]


def test_modes_and_area_choose_what_is_drawn(draw, tmp_path):
    out = tmp_path / "map.svg"

    status, told, _ = draw("--out", str(out), "--area", "45,36,56,48", "--modes", "ferry", "--json")

    assert status == 0
    modes = {
        link.partition(":")[2]
        for node in ET.parse(out).iter()
        for link in node.get("data-links", "").split()
    }
    assert modes == {"rail_ferry", "roro"}
    assert json.loads(told)["lines"] >= 4


def test_a_file_that_is_there_is_replaced_whole(draw, tmp_path):
    out = tmp_path / "map.svg"
    out.write_text("old")

    assert draw("--out", str(out), "--area", "caspian", *NOW)[0] == 0

    assert out.read_text(encoding="utf-8").endswith("</svg>\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "map.pdf"), (".svg or .png", "map.pdf")),
        (("--out", "map"), (".svg or .png",)),
        (("--out", "nowhere/map.svg"), ("no such folder", "nowhere")),
        (("--out", "map.svg", "--area", "asia"), ("no such area", "corridor", "WEST,SOUTH")),
        (("--out", "map.svg", "--area", "50,40,40,50"), ("west < east",)),
        (("--out", "map.svg", "--modes", "boat"), ("no such mode", "boat", "rail_ferry")),
        (("--out", "map.svg", "--width", "10"), ("out of range", "1200", "6000")),
        (("--out", "map.svg", "--theme", "pink"), ("light", "dark")),
        (("--out", "map.svg", "--now", "soon"), ("soon",)),
        ((), ("--out",)),
    ],
)
def test_wrong_input_ends_with_2_and_says_what_would_be_right(
    draw, tmp_path, monkeypatch, arguments, words
):
    monkeypatch.chdir(tmp_path)

    status, told, complaints = draw(*arguments)

    assert status == 2
    assert told == ""
    assert all(word in complaints for word in words), complaints
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_refused(draw, tmp_path):
    (tmp_path / "map.svg").mkdir()

    status, _, complaints = draw("--out", str(tmp_path / "map.svg"))

    assert status == 2
    assert "there is a folder of this name" in complaints


def test_a_write_that_fails_leaves_nothing_behind(draw, tmp_path, monkeypatch):
    out = tmp_path / "map.svg"
    out.write_text("old")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    status, _, complaints = draw("--out", str(out), "--area", "caspian")

    assert status == 2
    assert "No space left on device" in complaints
    assert out.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["map.svg"]


def test_without_a_font_a_png_is_refused_and_an_svg_offered(monkeypatch):
    monkeypatch.setattr(raster, "font_stack", lambda: "'No Such Font'")
    monkeypatch.setattr(raster, "SKIP_SYSTEM_FONTS", True)

    with pytest.raises(NotFound) as caught:
        raster.to_png('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')

    assert ".svg" in caught.value.message
    assert "DejaVu Sans" in caught.value.facts["fonts"]


def test_the_same_tables_give_the_same_bytes_in_any_process(tmp_path):
    pictures = []
    for seed in ("0", "7"):
        out = tmp_path / f"{seed}.svg"
        subprocess.run(
            [
                *(sys.executable, "-c", "from karvan.bootstrap import main; main()"),
                *("network", "map", "--out", str(out), *NOW),
            ],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")},
            check=True,
            capture_output=True,
        )
        pictures.append(out.read_bytes())
    assert pictures[0] == pictures[1]
