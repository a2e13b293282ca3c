"""The transport limit of a heat pipe at its temperature, through a case file."""

import pytest

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError
from heliorack.run.simulate import simulate
from thermal.fluid.coolant import coolant
from thermal.fluid.saturation import saturated

CASE = """
title = "a pipe"
[environment]
sink_K = 200
[materials.superb]
density_kg_m3 = 2700
specific_heat_J_kgK = 900
conductivity_W_mK = 1e7
source = "a heat pipe"
[[parts]]
name = "pipe"
kind = "box"
size_mm = [800, 20, 20]
material = "superb"
transport_limit_W_m = 15
coating = "insulated"
heat_W = 30
mesh_mm = 20
[[boundaries]]
faces = "pipe:+x"
kind = "temperature"
temperature_degC = 60
[run]
kind = "steady"
"""

MERIT = """
[[pipe_limits]]
parts = "pipe"
fluid = "ammonia"
measured_at_degC = 20
"""

WICK = """
[[pipe_limits]]
parts = "pipe"
fluid = "ammonia"
wick = { pore_radius_mm = 0.3, permeability_m2 = 1e-9, area_mm2 = 20, vapour_radius_mm = 50 }
"""

POINTS = """
[[pipe_limits]]
parts = "pipe"
points = [{ at_degC = 20, limit_W_m = 15 }, { at_degC = 100, limit_W_m = 3 }]
"""


def test_a_limit_of_20_degrees_is_missed_at_60():
    """30 W evenly over 0.8 m are 12 W m: within the 15 that were measured at 20 degC, above the 9.71 that ammonia leaves of them at 60."""
    constant = simulate(loads(CASE))
    assert constant.pipes[0].load == pytest.approx(12.0, rel=0.03)
    assert constant.pipes[0].holds
    assert any("one limit at every temperature, not in [[pipe_limits]]: pipe" in said for said in constant.assumptions)
    said = next(said for said in constant.remarks if "[[pipe_limits]]" in said)
    assert "pipe carries 12 W m at 60.0 degC, where one of ammonia has 10 left of 15 at 20 degC" in said
    found = simulate(loads(CASE + MERIT))
    assert not any("[[pipe_limits]]" in said for said in found.remarks)
    pipe = found.pipes[0]
    merit = [float(saturated(coolant("ammonia"), temperature=T).merit) for T in (293.15, 333.15)]
    assert pipe.limit == pytest.approx(15 * merit[1] / merit[0], rel=1e-4)
    assert pipe.limit == pytest.approx(9.71, abs=0.01)
    assert not pipe.holds
    assert "pipe: carries 12 W m, limit 10 W m at 60.0 degC" in found.failures
    assert not any("one limit at every temperature" in said for said in found.assumptions)


@pytest.mark.parametrize(("table", "limit"), [(WICK, 15.083434 * 0.64763), (POINTS, 9.0)])
def test_by_wick_and_by_the_makers_table(table, limit):
    """The published wick (15.083434 W m at 20 degC) at 60, its vapour space too wide to matter; half of a maker's line."""
    assert simulate(loads(CASE + table)).pipes[0].limit == pytest.approx(limit, rel=2e-4)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (MERIT.replace("20", "150"), "fluid outside its table: ammonia, saturated"),
        (MERIT.replace('"pipe"', '"tube"'), "no such part; there is pipe"),
        (MERIT.replace("ammonia", "amonia"), "ammonia"),
        (MERIT + POINTS.partition("points")[2].join(["points", ""]), "give"),
        ('[[pipe_limits]]\nparts = "pipe"\nfluid = "water"\n', "give one of points"),
    ],
)
def test_refused(table, words):
    """A temperature at which nothing is liquid, a pipe that is none, a fluid that is none, two ways at once, and no way."""
    with pytest.raises(CaseError, match=words):
        loads(CASE + table)


def test_a_part_that_is_no_pipe():
    """It has no limit of its own."""
    with pytest.raises(CaseError, match="which is no heat pipe"):
        loads(CASE.replace("transport_limit_W_m = 15\n", "").replace("1e7", "100") + MERIT)


def test_a_pulse_between_kept_moments_of_a_transient_is_carried():
    """30 W for a minute, between moments that are 250 s apart: 12 W m, of which 24 moments of the run have none."""
    pulse = 'profile = { kind = "duty", on_fraction = 0.01, period_s = 6000, phase_s = 1260 }\n'
    entry = '[[compute]]\nname = "burst"\nparts = "pipe"\npeak_W = 30\nidle_W = 0\n' + pulse
    transient = '[run]\nkind = "transient"\nduration_s = 6000\nstart_degC = 60\n'
    found = simulate(loads(CASE.replace("heat_W = 30\n", "").replace('[run]\nkind = "steady"\n', entry + transient)))
    assert found.pipes[0].load == pytest.approx(12.0, rel=0.03)
