"""The design of `heliorack size` is the least there is: against a grid by brute force on the same mesh."""

import json

import numpy as np
import pytest
from command.cli_runner import here

from heliorack.case.case import loads
from heliorack.run.simulate import meshed_bodies, simulate

LONG, WIDE = (120.0, 900.0), (110.0, 700.0)  #: mm, ranges
FIN = """
title = "fin"
[[parts]]
name = "fin"
kind = "plate"
width_mm = 300
length_mm = 500
thickness_mm = 2
material = "al_6061"
coating = "insulated"
coatings = { "+z" = "z93", "-z" = "z93" }
mesh_mm = 20
[[parts]]
name = "chip"
kind = "box"
size_mm = [100, 60, 10]
position_mm = [0, 0, 6]
material = "al_6061"
coating = "insulated"
heat_W = 40
mesh_mm = 20
[[contacts]]
between = ["chip", "fin"]
conductance_W_m2K = 3000
[environment]
sink_K = 0
[[limits]]
on = "chip"
max_degC = 60
[margins]
uncertainty_K = 0
[run]
kind = "steady"
"""  # a thin fin below a strip of heat: how wide and how long it is best depends on how heat spreads in it
SIZE = f"""
[size]
margin_K = 5
mesh_refine = 1
[size.vary]
"parts.fin.length_mm" = {{ from = {LONG[0]}, to = {LONG[1]} }}
"parts.fin.width_mm" = {{ from = {WIDE[0]}, to = {WIDE[1]} }}
"""


def sized(tmp_path, *more: str):
    """size.json of the fin."""
    path = tmp_path / "fin.toml"
    path.write_text(FIN + SIZE)
    words = [word for setting in more for word in ("--set", setting)]
    done = here("size", path, "-o", tmp_path / "out", "--force", "--no-confirm", "--json", *words)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.full
def test_a_grid_by_brute_force_finds_no_lighter_design(tmp_path):
    """On the same mesh, no point of a grid of 3 % steps around the optimum, nor of a coarse one over the ranges, is lighter by 1 %."""
    found = sized(tmp_path)
    best = found["amounts"]["mass_kg"]
    length, width = (next(key["value"] for key in found["keys"] if key["path"].endswith(end)) for end in ("length_mm", "width_mm"))
    near = [(length * 1.03**i, width * 1.03**j) for i in range(-3, 4) for j in range(-3, 4)]
    far = [(a, b) for a in np.geomspace(*LONG, 6) for b in np.geomspace(*WIDE, 6)]
    bodies, lightest = meshed_bodies(), np.inf
    for a, b in near + far:
        case = loads(FIN, [f"parts.fin.length_mm={a:.7g}", f"parts.fin.width_mm={b:.7g}", "solver.tolerance_K=0.1"])
        result = simulate(case, bodies=bodies)
        if result.verdicts[0].margin >= 5.0:
            lightest = min(lightest, float(result.body.part_mass.sum()))
    assert np.isfinite(lightest)
    assert best <= 1.01 * lightest
