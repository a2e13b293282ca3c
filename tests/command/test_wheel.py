"""A wheel, built and installed away from the checkout, holds every room, its data and its templates."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("heliorack", "orbit", "meshes", "thermal", "power", "cases")
DATA = {".py", ".typed", ".jinja", ".toml", ".js"}


def said(*command: str | Path, cwd: Path) -> str:
    """What a command prints; its words where it fails."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from a copy of what a checkout ships."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for room in ROOMS:
        shutil.copytree(ROOT / room, source / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    said(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", out, source, cwd=out)
    (built,) = out.glob("heliorack-*.whl")
    return built


def test_every_file_of_the_rooms_is_in_it(wheel):
    """Sub-folders, templates, shipped cases and typing markers; nothing of tests, docs or benchmarks."""
    with zipfile.ZipFile(wheel) as held:
        names = {name for name in held.namelist() if ".dist-info/" not in name}
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file() and path.suffix in DATA)
    assert names == {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}


def test_it_runs_where_no_checkout_is(wheel, tmp_path):
    """In an environment of its own, with the libraries of this one: help, a new case, `check`, `orbit`, and the report's templates."""
    place = tmp_path / "env"
    said(sys.executable, "-m", "venv", "--without-pip", place, cwd=tmp_path)
    python = place / "bin" / "python"
    home = Path(said(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip())
    said(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", home, wheel, cwd=tmp_path)
    (home / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")  # its own .pth files, the checkout among them, are not read

    assert Path(said(python, "-c", "import heliorack; print(heliorack.__file__)", cwd=tmp_path).strip()).is_relative_to(home)
    assert "Usage" in said(python, "-m", "heliorack", "--help", cwd=tmp_path)
    said(python, "-m", "heliorack", "new", "case.toml", cwd=tmp_path)
    said(python, "-m", "heliorack", "check", "case.toml", cwd=tmp_path)
    assert "eclipse" in said(python, "-m", "heliorack", "orbit", "case.toml", cwd=tmp_path)
    templates = "from heliorack.report.html import pages; print(sorted(pages().list_templates()))"
    assert "report.html.jinja" in said(python, "-c", templates, cwd=tmp_path)
