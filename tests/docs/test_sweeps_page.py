"""The front that the page on sweeps prints: its rows are those of a run, and its sentences those of its rows."""

import re
from pathlib import Path

import numpy as np
import pytest
from command.cli_runner import EDGE, here, read

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sweeps.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def front():
    """Rows of the printed front, by width of the panel."""
    block = PAGE[PAGE.index("Pareto front: least mass") :].partition("```")[0].splitlines()
    names = block[1].split()
    return {int(row.split()[0]): dict(zip(names, row.split(), strict=True)) for row in block[2:-1]}


def test_a_kelvin_weighs_what_the_rows_say(front):
    """The slope of mass over margin of the designs that hold, by least squares."""
    rows = [row for row in front.values() if row["holds"] == "yes"]
    slope = np.polyfit([float(row["tightest_margin_K"]) for row in rows], [float(row["mass_kg"]) for row in rows], 1)[0]
    said = re.findall(r"weighs ([\d.]+) kg", PAGE)
    assert len(said) == 2
    assert all(float(one) == pytest.approx(slope, abs=0.006) for one in said)


@pytest.mark.full
def test_a_row_of_the_front_is_that_of_a_run_of_today(front, tmp_path):
    """The panel of 1000 mm at 900 km: temperatures to 0.05 K, mass and sizes to 0.2 %."""
    sets = ("parts.panel.width_mm=1000", "orbit.altitude_km=900", 'parts.panel.coating="z93"')
    done = here("run", EDGE, "--case", "hot_operational", "-o", tmp_path / "run", *(word for one in sets for word in ("--set", one)))
    assert done.exit_code == 0, done.output
    found, row = read(tmp_path / "run"), front[1000]
    parts = found["parts"].values()
    assert max(part["max_degC"] for part in parts) == pytest.approx(float(row["hottest_degC"]), abs=0.05)
    assert min(part["min_degC"] for part in parts) == pytest.approx(float(row["coldest_degC"]), abs=0.05)
    assert min(limit["margin_K"] for limit in found["limits"]) == pytest.approx(float(row["tightest_margin_K"]), abs=0.05)
    assert found["mass_kg"]["total"] == pytest.approx(float(row["mass_kg"]), rel=2e-3)
    assert found["power"]["array_area_m2"] == pytest.approx(float(row["array_area_m2"]), rel=2e-3)
    assert found["power"]["pack_capacity_Wh"] == pytest.approx(float(row["pack_capacity_Wh"]), rel=2e-3)
