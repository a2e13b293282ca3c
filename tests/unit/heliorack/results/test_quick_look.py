"""Lumped estimate and finite elements side by side: they agree where parts conduct well, and a wrong unit stands out."""

import json

import pytest
from bodies import alone

from heliorack.case.case import load
from heliorack.report.terminal import trust_lines
from heliorack.run.simulate import simulate
from heliorack.runfolder import summary

CASE = """
title = "a"
[[parts]]
name = "rail"
kind = "box"
size_mm = [200, 20, 20]
mesh_mm = 20
material = {material}
coating = "insulated"
heat_W = 20
[materials.slow]
conductivity_W_mK = 16.7
source = "a digit lost"
density_kg_m3 = 2700
specific_heat_J_kgK = 900
[[network.nodes]]
name = "cold"
held_degC = 10
[[network.films]]
node = "cold"
faces = "rail:-x"
conductance_W_m2K = 5000
[run]
kind = "steady"
"""


@pytest.mark.parametrize(("material", "conductivity"), [("al_6061", 167.0), ("slow", 16.7)])
def test_a_conductivity_with_a_digit_lost_shows(tmp_path, material, conductivity):
    """20 W spread over 200 mm of 4 cm2 are q L / (3 k A) warmer than a lump: 20 K by 167 W/mK, 200 K by 16.7."""
    path = tmp_path / "a.toml"
    path.write_text(CASE.replace("{material}", f'"{material}"'), encoding="utf-8")
    found = simulate(load(path), alone()).summary()
    look = found.lumped_estimate
    assert look.farthest == "rail"
    assert look.parts["rail"].lumped_degC == pytest.approx(10 + 20 / (5000 * 4e-4), abs=1e-2)
    assert look.parts["rail"].mean_degC == pytest.approx(found.parts["rail"].mean_degC, abs=1e-6)
    assert look.difference_K == pytest.approx(-20 * 0.2 / (3 * conductivity * 4e-4), rel=0.02)
    (line,) = (line for line in trust_lines({"": found}) if line.startswith("lumped"))
    assert line.startswith("lumped estimate: part rail mean 20.0 degC, finite elements ")
    (tmp_path / "summary.json").write_text(json.dumps(found.json()), encoding="utf-8")
    assert summary.read(tmp_path).lumped_estimate == look
