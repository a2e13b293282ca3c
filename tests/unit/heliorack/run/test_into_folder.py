"""`heliorack.run` solves what the command line would, or the very case it is given."""

from dataclasses import replace
from pathlib import Path

import pytest

from heliorack import CaseError, load, run
from heliorack.runfolder.folder import FolderError

CASE = """
title = "A box on a sink"

[[parts]]
name = "block"
kind = "box"
size_mm = [40, 40, 10]
material = "al_6061"
coating = "insulated"
heat_W = 5

[[boundaries]]
kind = "temperature"
faces = "block:-z"
temperature_degC = 20

[run]
kind = "steady"

[cases.idle]
"parts.block.heat_W" = 0.5

[cases.busy]
"parts.block.heat_W" = 5
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The case with two load cases."""
    (tmp_path / "box.toml").write_text(CASE)
    return tmp_path / "box.toml"


def rise(found: object) -> float:
    """Of the hottest point over the sink [K]; q L / 2 k A for heat in the whole block."""
    return found.summary.parts["block"].max_degC - 20.0  # type: ignore[attr-defined]


def test_a_case_is_solved_as_it_is(file: Path, tmp_path: Path) -> None:
    """A base case with all its load cases, a load case by itself under its name; overrides of Python and of the call add up."""
    base = load(file, ["parts.block.material=copper"])
    found = run(base, tmp_path / "all")
    assert list(found.cases) == ["idle", "busy"]
    assert found.holds is None
    assert rise(found.case("busy")) == pytest.approx(10 * rise(found.case("idle")), rel=1e-6)
    alone = run(load(file, case="busy"), tmp_path / "one", overrides=["parts.block.heat_W=10"])
    assert list(alone.cases) == ["busy"]
    k, area = 167.0, 0.04**2
    assert rise(alone.case()) == pytest.approx(10 * 0.01 / (2 * k * area), rel=0.05)
    with pytest.raises(FolderError, match="holds a finished run"):
        run(file, tmp_path / "one")


def test_a_case_that_left_its_document_is_refused(file: Path, tmp_path: Path) -> None:
    """The folder would keep a case that runs again to something else."""
    changed = replace(load(file), title="another")
    with pytest.raises(CaseError, match=r"title\s+was changed in Python.*case\.override"):
        run(changed, tmp_path / "out")
    assert not (tmp_path / "out").exists()
