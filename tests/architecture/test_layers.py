"""The import contracts hold, and each of them fails when it is broken on purpose."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: What stands for import-linter: its command, in a process of its own.
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(root):
    """Exit status and words of lint-imports over `root/src`."""
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--config", str(root / ".importlinter")],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "src"), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def skeleton(tmp_path):
    """The contracts over a package of the same shape, a module in each layer."""
    shutil.copy(ROOT / ".importlinter", tmp_path)
    package = tmp_path / "src" / "karvan"
    real = ROOT / "src" / "karvan"
    names = [path.name for path in real.iterdir() if (path / "__init__.py").is_file()]
    engines = [path.name for path in (real / "engines").iterdir() if path.is_dir()]
    folders = [*names, *(f"engines/{name}" for name in engines if not name.startswith("_"))]
    for folder in (".", *folders):
        (package / folder).mkdir(parents=True, exist_ok=True)
        (package / folder / "__init__.py").write_text("")
    for entry in ("bootstrap.py", "__main__.py"):
        (package / entry).write_text("")
    return package


def test_the_contracts_hold():
    status, words = lint(ROOT)
    assert status == 0, words
    assert "0 broken" in words


def test_the_skeleton_keeps_the_contracts(skeleton):
    status, words = lint(skeleton.parents[1])
    assert status == 0, words


@pytest.mark.parametrize(
    ("module", "imported", "contract"),
    [
        ("domain/extra.py", "karvan.network", "Imports go one way"),
        ("engines/routing/extra.py", "karvan.services", "Imports go one way"),
        ("services/extra.py", "karvan.adapters", "Imports go one way"),
        ("interfaces/extra.py", "karvan.adapters", "Imports go one way"),
        ("adapters/extra.py", "karvan.interfaces", "Imports go one way"),
        ("interfaces/extra.py", "karvan.bootstrap", "Imports go one way"),
        ("engines/routing/extra.py", "karvan.engines.pricing", "Engines do not know each other"),
        ("network/extra.py", "rich", "The core does no input or output"),
        ("engines/pricing/extra.py", "fastapi", "The core does no input or output"),
        ("domain/extra.py", "numpy", "The domain knows the standard library"),
        ("client/extra.py", "karvan.domain", "The client knows nothing of the server"),
        ("client/extra.py", "pydantic", "The client knows nothing of the server"),
        ("interfaces/extra.py", "karvan.client", "Imports go one way"),
    ],
)
def test_a_planted_import_breaks_its_contract(skeleton, module, imported, contract):
    (skeleton / module).write_text(f"import {imported}\n")

    status, words = lint(skeleton.parents[1])

    assert status == 1, words
    broken = [line for line in words.splitlines() if line.strip().endswith("BROKEN")]
    assert any(contract in line for line in broken), words


def test_a_top_level_package_nobody_declared_breaks_the_layers(skeleton):
    (skeleton / "utils").mkdir()
    (skeleton / "utils" / "__init__.py").write_text("")

    status, words = lint(skeleton.parents[1])

    assert status == 1, words
    assert "utils" in words


def test_the_page_on_architecture_names_every_package():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    package = ROOT / "src" / "karvan"
    real = set()
    for path in package.iterdir():
        if (path / "__init__.py").is_file():
            real.add(path.name)
            real.update(
                f"{path.name}/{inner.name}"
                for inner in path.iterdir()
                if (inner / "__init__.py").is_file()
            )
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| `")]
    named = {row.strip("`").rstrip("/") for row in rows}
    assert named == real
