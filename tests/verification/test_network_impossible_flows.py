"""No verdict stands on flows that nothing drives, on pressures that are used up, or on pipes without a liquid."""

import pytest
from network_case import STEADY, node, solved, table, tie

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError

LIMIT = '[[limits]]\non = "a"\nmax_degC = 180\n'
BOILING = """
[[two_phase_loops]]
name = "tp"
fluid = "ammonia"
set_point_degC = 25
segments = [
    { name = "ev", length_m = 2, diameter_mm = 6, heat_W = 8000, tubes = 4 },
    { name = "cd", length_m = 20, diameter_mm = 8, radiates = { emittance = 0.9, perimeter_m = 1 } },
]
"""
HEATED = "[environment]\nsink_K = 200\n" + node("a", capacity_J_K=1000, heat_W=2000)


def loop(diameter, flow):
    """A closed loop of water that carries 2 kW to a radiating tube."""
    hot = f'{{ name = "hot", length_m = 2, diameter_mm = {diameter}, node = "a" }}'
    panel = "isothermal = true, radiates = { emittance = 0.9, perimeter_m = 1 }"
    segments = f'{hot}, {{ name = "rad", length_m = 5, diameter_mm = {diameter}, {panel} }}'
    pump = f"{{ flow_kg_s = {flow} }}"
    return HEATED + table("loops", name='"lp"', fluid='"water"', pump=pump, segments=f"[{segments}]") + STEADY


def test_a_pump_that_costs_nothing_carries_no_verdict():
    """1 kg/s through 4 mm: pressure / density are 75 kW at least, where 2 kW are all that the loop is said to carry; it held in silence."""
    result = solved(loop(4, 1.0) + LIMIT)
    found = result.summary().network.loops["lp"]
    said = [failure for failure in result.failures if "nobody gives without pump.efficiency" in failure]
    assert result.holds is False
    assert len(said) == 1
    assert found.pressure_drop_Pa / 1000.0 == pytest.approx(75e3, rel=0.05)


@pytest.mark.parametrize("flow", [100, 5e7])
def test_grams_for_kilograms_are_refused(flow):
    """100 g/s as 100 kg/s through 10 mm are 640 m/s: it ended in a collapsed step, and 5e7 in a traceback."""
    with pytest.raises(CaseError, match="kg/s are asked for, not g/s"):
        loads(loop(10, f"{flow}, efficiency = 0.5") + LIMIT)
    with pytest.raises(CaseError, match=r"two_phase_loops.*kg/s are asked for"):
        loads(f"{BOILING}flow_kg_s = {flow}\n")


def test_two_pressures_of_one_accumulator_are_refused():
    """3 bar beside a set point of 30 degC, which is 11.67 bar: the former was left out in silence."""
    text = loop(10, 0.1).replace('"water"', '"ammonia"').replace('node = "a" }', 'node = "a", film_W_m2K = 5000 }')
    boiling = text.replace('name = "lp"', 'name = "lp"\npressure_bar = 3\ntwo_phase = { set_point_degC = 30 }')
    with pytest.raises(CaseError, match=r"pressure_bar = 3 .* 11.67 bar by the latter"):
        loads(boiling + LIMIT)
    loads(boiling.replace("pressure_bar = 3", "pressure_bar = 11.7") + LIMIT)


def test_a_usual_pump_may_leave_its_heat_out():
    """0.1 kg/s through 10 mm: 1.5 W beside 2 kW, not worth a word."""
    result = solved(loop(10, 0.1) + LIMIT)
    assert result.holds
    assert not [said for said in result.remarks if "pump.efficiency" in said]


def test_an_open_run_loses_no_more_pressure_than_it_has():
    """21 bar are lost along 200 m of 4 mm that begin with 10 bar."""
    segments = '[{ name = "t", length_m = 200, diameter_mm = 4, node = "a" }]'
    run = table("loops", name='"r"', fluid='"water"', pump="{ flow_kg_s = 0.02 }", inlet='"i"', segments=segments)
    result = solved(node("a", held_degC=30) + node("i", held_degC=20) + run + STEADY + LIMIT)
    assert result.holds is False
    assert [said for said in result.failures if "20.86 bar are lost along it, of the 10 bar of its inlet" in said]


def test_an_ammonia_pipe_above_132_degrees_carries_nothing():
    """The critical point of ammonia is at 132.4 degC: at 140 the limit of 0.98 of it was held, and 0.1 W passed."""
    wick = "{ pore_radius_mm = 0.3, permeability_m2 = 1e-9, area_mm2 = 20, vapour_radius_mm = 5 }"
    keys = {"conductance_W_K": 50, "fluid": '"ammonia"', "wick": wick, "effective_length_m": 1}
    pipe = table("heat_pipes", name='"hp"', between='["a", "s"]', **keys)
    result = solved(node("a", heat_W=0.1) + node("s", held_degC=140) + pipe + tie("a", "s", 0.01) + STEADY + LIMIT)
    assert [said for said in result.failures if "heat pipe hp" in said and "critical point" in said]


@pytest.mark.parametrize(
    ("flows", "pressures", "said"), [("[0, 0.2]", "[2e5, 0]", None), ("[0, 0.001]", "[1e7, 9e6]", "ends at 0.001 kg/s")]
)
def test_a_pump_beyond_its_curve_says_so(flows, pressures, said):
    """Ten times the flow of the last point is no figure of a maker; the straight line there was taken in silence."""
    text = loop(10, 0.1).replace("flow_kg_s = 0.1", f"curve_flows_kg_s = {flows}, curve_pressures_Pa = {pressures}, efficiency = 0.5")
    found = [one for one in solved(text).summary().remarks if "its pump works at" in one]
    assert bool(found) == (said is not None)
    assert said is None or (said in found[0] and found[0].startswith("warning: loop lp"))


def test_cells_of_a_segment_are_bounded():
    """A billion of them were laid out one by one."""
    with pytest.raises(CaseError, match="cells = 1000000000   must lie between 1 and 10000"):
        loads(loop(10, 0.1).replace('name = "rad"', 'name = "rad", cells = 1000000000') + LIMIT)
