"""A two-phase loop that settles by itself, against closed forms and through a case file."""

from dataclasses import replace

import pytest

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError
from heliorack.run.simulate import simulate
from thermal.fluid.coolant import coolant
from thermal.fluid.radiating_tube import RadiatingTube
from thermal.fluid.saturation import saturated
from thermal.fluid.table import liquid_table
from thermal.fluid.two_phase_loop import CondenserTable, NoBalanceError, TwoPhaseLoop, TwoPhaseSegment, solve

HEAT, FLOW = 120e3, 0.1688335918  #: that leaves with quality 0.6 when it enters at 25 degC

STATE = saturated(coolant("ammonia"), temperature=303.15)
LIQUID = liquid_table(coolant("ammonia"), float(STATE.pressure))
PANEL = RadiatingTube(0.88, 2.0, 200.0)


def condenser_length(end: float) -> float:
    """That takes all heat and ends with liquid of `end` [K]: isothermal to the end of condensation, then by the closed form."""
    found = (HEAT - FLOW * float(STATE.liquid_enthalpy - LIQUID.at(end).enthalpy)) / PANEL.lost(303.15)
    steps = 50
    for k in range(steps):
        a, b = 303.15 - (303.15 - end) * k / steps, 303.15 - (303.15 - end) * (k + 1) / steps
        rate = FLOW * float(LIQUID.at(a).enthalpy - LIQUID.at(b).enthalpy) / (a - b)
        found += PANEL.length_between(a, b, rate)
    return found


def loop(length: float) -> TwoPhaseLoop:
    """Feed, plate and condenser."""
    return TwoPhaseLoop(
        name="outer",
        fluid="ammonia",
        set_point=303.15,
        flow=FLOW,
        least_subcooling=4.0,
        segments=(
            TwoPhaseSegment(name="feed", length=5.0, diameter=0.02),
            TwoPhaseSegment(name="plate", length=5.0, diameter=0.008, tubes=20, heat=HEAT),
            TwoPhaseSegment(
                name="radiator", length=length, diameter=0.02, tubes=10, radiates=CondenserTable(emittance=0.88, perimeter=2.0, sink=200.0)
            ),
        ),
    )


def test_quality_and_subcooling():
    """120 kW, ammonia at 30 degC: a condenser as long as the closed form says brings it to 25 degC, the plate to quality 0.6."""
    found = solve(loop(condenser_length(298.15)))
    assert found.inlet == pytest.approx(298.15, abs=1e-3)
    assert found.stations[1].quality == pytest.approx(0.6, abs=1e-5)
    feed = float((LIQUID.at(298.15).enthalpy - STATE.liquid_enthalpy) / STATE.latent_heat)
    assert found.stations[0].quality == pytest.approx(feed, abs=1e-5)
    assert sum(one.heat for one in found.stations) == pytest.approx(0.0, abs=1e-2)
    assert found.shortfalls == ()


def test_shortfalls_and_no_balance():
    """Too little flow dries out, too short a condenser has nothing subcooled, a little longer too little of it."""
    length = condenser_length(298.15)
    assert [one.kind for one in solve(loop(condenser_length(301.15))).shortfalls] == ["loss of subcooling"]
    dry = solve(replace(loop(length), flow=0.11)).shortfalls
    assert [one.kind for one in dry] == ["dry-out"]
    with pytest.raises(NoBalanceError, match=r"reject .* of 1\.2e\+05 W at 30\.00 degC"):
        solve(loop(0.9 * condenser_length(303.149)))


def test_the_pump_brings_its_heat():
    """Power is volume flow times the whole pressure drop over the efficiency, and the condenser rejects it too."""
    found = solve(replace(loop(condenser_length(298.15)), pump_efficiency=0.3))
    drop = sum(one.drop for one in found.stations)
    assert found.pump_power == pytest.approx(FLOW * drop / (float(LIQUID.at(found.inlet).density) * 0.3))
    assert sum(one.heat for one in found.stations) == pytest.approx(-found.pump_power, rel=1e-3)


CASE = """
title = "a plate"
[environment]
sink_K = 200
[[parts]]
name = "plate"
kind = "box"
size_mm = [100, 50, 10]
material = "al_6061"
coating = "z306"
mesh_mm = 50
heat_W = 10
[run]
kind = "steady"
[[two_phase_loops]]
name = "outer"
fluid = "ammonia"
set_point_degC = 30
flow_kg_s = 0.1688335918
least_subcooling_K = 4
segments = [
  {{ name = "plate", length_m = 5, diameter_mm = 8, tubes = 20, heat_W = 120000 }},
  {{ name = "rad", length_m = {length}, diameter_mm = 20, tubes = 10, radiates = {{ emittance = 0.88, perimeter_m = 2, sink_K = 200 }} }},
]
"""


def test_through_a_case():
    """Stations in summary.json, a sentence in the closing lines; what does not settle or dries out fails the run by name."""
    found = simulate(loads(CASE.format(length=condenser_length(298.15)))).summary()
    outer = found.two_phase_loops["outer"]
    assert outer.stations[0].quality == pytest.approx(0.6, abs=1e-5)
    assert outer.subcooling_K == pytest.approx(5.0, abs=1e-3)
    assert any(one.startswith("two-phase loop outer: boils at 30.0 degC, quality 0.600 at most") for one in found.remarks)
    short = simulate(loads(CASE.format(length=100)))
    assert short.holds is False
    assert any("its condensers reject" in one for one in short.failures)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("set_point_degC = 30", "set_point_degC = 140", "above the critical point of ammonia"),
        ('"ammonia"', '"amonia"', "'amonia' is not known"),
        ('"ammonia"', '"r1233zd(e)"', "cannot be tabulated"),
        ("heat_W = 120000", "heat_W = 0", "a segment with heat"),
    ],
)
def test_refused(old, new, words):
    """By name and with both temperatures."""
    text = CASE.format(length=180)
    with pytest.raises(CaseError, match=words):
        loads(text.replace(old, new))
