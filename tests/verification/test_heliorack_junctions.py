"""Junctions of a lump against the sum of its closed form and power times resistance, where power jumps and where it has a mean."""

import pytest
from scipy.integrate import solve_ivp

from heliorack.case.case import loads
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.run.simulate import simulate
from thermal.constants import STEFAN_BOLTZMANN as SIGMA

ROOM = """title = "pulses"
[environment]
kind = "chamber"
shroud_degC = -53.15
duration_s = 6000

[materials.even]
density_kg_m3 = 2700
specific_heat_J_kgK = 900
conductivity_W_mK = 2000
source = "this test"

[[parts]]
name = "chip"
kind = "box"
size_mm = [50, 50, 2]
material = "even"
coating = "insulated"
coatings = { "+z" = "z306" }
mesh_mm = 50

[[limits]]
on = "chip"
at = "junction"
max_degC = 500
"""
PULSE = """
[[compute]]
name = "burst"
parts = "chip"
peak_W = 100
idle_W = 0
theta_jc_K_W = 0.5
profile = { kind = "duty", on_fraction = 0.01, period_s = 3000, phase_s = 1234 }
"""
TRANSIENT = "[run]\nkind = 'transient'\nduration_s = 3000\nstart_degC = 20\n"
STEADY = "[run]\nkind = 'steady'\n"
ENTRY = '[[compute]]\nname = "{}"\nparts = "chip"\npeak_W = {}\nidle_W = 1\ntheta_jc_K_W = {}\n'


def test_junction_is_hottest_just_before_its_power_ends():
    """100 W for 30 s into 12.15 J/K: the case peaks where the pulse ends, and the junction 50 K above it."""
    capacity, radiating = 2700 * 900 * 0.05**2 * 0.002, 0.05**2 * 0.91 * SIGMA

    def rate(heat):
        return lambda _, T: (heat - radiating * (T**4 - 220.0**4)) / capacity

    cool = solve_ivp(rate(0.0), (0, 1234), [293.15], rtol=1e-9).y[0, -1]
    case = solve_ivp(rate(100.0), (0, 30), [cool], rtol=1e-9).y[0, -1] - ZERO_CELSIUS
    (verdict,) = simulate(loads(ROOM + PULSE + TRANSIENT)).verdicts
    assert verdict.calculated - ZERO_CELSIUS == pytest.approx(case + 50.0, abs=0.05)


@pytest.mark.parametrize("phase", [0, 1500, 700])
def test_junction_of_a_steady_run_has_the_mean_power_at_any_phase(phase):
    profile = f'profile = {{ kind = "duty", on_fraction = 0.5, period_s = 3000, phase_s = {phase} }}\n'
    found = simulate(loads(ROOM + ENTRY.format("half", 4, 5) + profile + STEADY))
    (verdict,) = found.verdicts
    assert verdict.calculated - found.solution.history.hottest[0] == pytest.approx(5 * 2.5, rel=1e-9)


@pytest.mark.parametrize("order", [((4, 5), (3, 2)), ((3, 2), (4, 5))])
def test_hottest_junction_of_all_devices_in_a_part_is_judged(order):
    first, second = order
    found = simulate(loads(ROOM + ENTRY.format("one", *first) + ENTRY.format("two", *second) + STEADY))
    (verdict,) = found.verdicts
    assert verdict.calculated - found.solution.history.hottest[0] == pytest.approx(20.0, rel=1e-9)


@pytest.mark.parametrize("run", [STEADY, TRANSIENT.replace("3000", "1000")])
def test_a_run_without_a_switching_on_says_that_its_limit_is_not_judged(run):
    """A pulse from 1234 s on, in a steady run and in one that ends before."""
    limit = '[[limits]]\non = "chip"\nmode = "switch_on"\nmin_degC = -40\n'
    found = simulate(loads(ROOM + PULSE + limit + run))
    assert [verdict.mode for verdict in found.verdicts] == ["operating"]
    assert any("chip: nothing of it is switched on in this run, so it was not judged" in said for said in found.remarks)
