"""Folders of studies: an answer is kept unless it may be replaced, anything else in any case, and nothing heavy is imported to say so."""

import subprocess
import sys

import pytest

from heliorack.runfolder.answer_folder import SIZING
from heliorack.runfolder.folder import FolderError

HEAVY = {"dolfinx", "petsc4py", "mpi4py", "numba", "gmsh", "pyvista", "matplotlib"}


def test_a_taken_place_is_refused(tmp_path):
    """Words name the way out; what is refused stays as it is."""
    target = tmp_path / "sizing"
    SIZING.take(target)
    SIZING.refuse_taken(target)
    (target / "design.toml").touch()
    (target / "size.json").touch()
    with pytest.raises(FolderError, match="holds a sizing; choose another folder with -o, or --force to replace it"):
        SIZING.take(target)
    assert (target / "size.json").exists()
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").touch()
    with pytest.raises(FolderError, match="is not empty and holds no sizing"):
        SIZING.take(tmp_path / "notes", force=True)
    with pytest.raises(FolderError, match="is a file, not a folder"):
        SIZING.refuse_taken(tmp_path / "notes" / "a.txt")


def test_figures_go_first_where_an_answer_is_replaced(tmp_path):
    """A design that is being replaced has no figures: they would be those of another."""
    (tmp_path / "design.toml").touch()
    (tmp_path / "size.json").touch()
    SIZING.take(tmp_path, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["design.toml"]


@pytest.mark.parametrize(("command", "left"), [("size", "size.json"), ("sensitivity", "sensitivity.json")])
def test_a_command_refuses_before_the_solvers_are_loaded(tmp_path, command, left):
    """Exit 2, its words, and no solver among the modules."""
    (tmp_path / left).touch()
    (tmp_path / "case.toml").touch()
    asked = [command, str(tmp_path / "case.toml"), "-o", str(tmp_path)]
    script = f"""
import sys
from heliorack.cli.app import cli
try:
    cli({asked!r})
except SystemExit as end:
    print(end.code, sorted({HEAVY!r}.intersection(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.split(maxsplit=1) == ["2", "[]\n"], done.stderr
    assert "choose another folder with -o, or --force to replace it" in done.stderr
