"""A reduced model is as near to finite elements as it states, and cheaper, at designs it was not made from (benchmarks/reduced.py)."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from case_text import box, contact, orbit

BENCH = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "reduced.py"))

PANEL = orbit(20) + '[solver]\nlinear = "direct"\n'
PANEL += box("panel", (300, 200, 5)) + box("box", (100, 100, 20), (50, 20, 12.5), mesh=30, more="heat_W = 20")
PANEL += contact("panel", "box", 300) + '[cases.one]\n"environment.preset" = "mean"\n'
RANGES = {
    "parts.box.heat_W": (10.0, 40.0),
    "orbit.beta_deg": (0.0, 60.0),
    "contacts.0.conductance_W_m2K": (150.0, 600.0),
    "environment.solar_flux_W_m2": (1320.0, 1410.0),
}


def test_a_panel_at_three_designs(tmp_path):
    """Heat, Sun angle, contact and solar constant anew: within what is stated and the tolerance of finer steps, at most 0.3 K."""
    file = tmp_path / "panel.toml"
    file.write_text(PANEL)
    known, _ = BENCH["learned"](file, "one", 2, RANGES)
    rows = list(BENCH["compared"](file, "one", known, 3, RANGES))
    assert all(row["true_K"] <= row["stated_K"] + 0.01 for row in rows), rows
    assert max(row["stated_K"] for row in rows) <= 0.3


@pytest.mark.full
def test_the_tray_at_twenty_designs():
    """Loads, coatings, contacts, orbit and solar constant of `gpu_tray_leo` drawn at random: every true error below the stated one."""
    known, _ = BENCH["learned"](BENCH["CASE"], BENCH["LOAD_CASE"], 8)
    rows = list(BENCH["compared"](BENCH["CASE"], BENCH["LOAD_CASE"], known, 20))
    assert all("true_K" in row for row in rows)
    assert all(row["true_K"] <= row["stated_K"] + 0.01 for row in rows), rows
    assert max(row["true_K"] for row in rows) <= 0.3
    assert np.median([row["full_s"] / row["reduced_s"] for row in rows]) > 30.0
