"""Small geometries that once came out wrong, through the command line: each with its right value, or the words that refuse it."""

import json
from pathlib import Path

import pytest
from command.cli_runner import here

pytestmark = [pytest.mark.xdist_group("field"), pytest.mark.usefixtures("without_pictures")]

FIELD = Path(__file__).resolve().parents[1] / "data" / "field"


def run(tmp_path: Path, name: str, *options: str) -> dict:
    """The summary of a run of one of the field's cases."""
    target = tmp_path / f"run{len(list(tmp_path.iterdir()))}"
    done = here("run", FIELD / f"{name}.toml", "-o", target, *options)
    assert done.exit_code in (0, 1), done.output
    return json.loads((target / "summary.json").read_text())


def test_an_enclosure_that_is_insulated_inside_runs(tmp_path):
    """Nothing inside exchanges and the outside sees the sky alone: no view factors are left. It ended in an IndexError after the solve."""
    found = run(tmp_path, "83_enclosure_default")
    alone = run(tmp_path, "83_enclosure_default", "--set", "radiation.model=open")
    assert found["radiation"]["groups"] == 0
    assert found["parts"]["box"] == pytest.approx(alone["parts"]["box"], abs=0.01)
