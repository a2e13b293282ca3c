"""Pumps that move too little for the heat of their loop: refused within seconds, with the flow and what is needed."""

import numpy as np
import pytest
from bodies import alone
from case_text import box
from network_case import STEADY, solved, table

from heliorack.case.case import loads
from heliorack.model.network import built
from heliorack.run.simulate import simulate
from thermal.errors import SolveError, StarvedError
from thermal.network.loops.starved import starved


def case_of(head):
    """2 kW into a loop whose pump makes so much pressure at no flow, and none at 0.1 kg/s."""
    tubes = (
        '{ name = "plate", length_m = 1, diameter_mm = 10, heat_W = 2000, cells = 2 }',
        '{ name = "panel", length_m = 8, diameter_mm = 8, cells = 20, radiates = { emittance = 0.9, perimeter_m = 1 } }',
    )
    fluid = "[network.fluids.f]\ndensity_kg_m3 = 1000\nspecific_heat_J_kgK = 4000\nviscosity_Pa_s = 1e-3\n"
    pump = f"{{ curve_flows_kg_s = [0, 0.1], curve_pressures_Pa = [{head}, 0] }}"
    return fluid + table("loops", name='"w"', fluid='"f"', pump=pump, segments=f"[{', '.join(tubes)}]") + STEADY


def test_a_pump_that_moves_next_to_nothing_is_refused_with_what_is_needed():
    """1 Pa against Hagen and Poiseuille's laminar drop of both tubes; the flow that 2 kW warm by 20 K is Q / (cp 20 K) = 0.025 kg/s."""
    drop = sum(128 * 1e-3 * length / (np.pi * 1000 * diameter**4) for length, diameter in ((1, 0.01), (8, 0.008)))  # Pa per kg/s
    flow = 1 / (drop + 10)
    with pytest.raises(SolveError, match="no steady state of the network: loop w: its pump moves") as refused:
        solved(case_of(1))
    said = str(refused.value)
    assert float(said.partition("moves ")[2].split()[0]) == pytest.approx(flow, rel=5e-3)
    assert float(said.partition("would warm by ")[2].split()[0]) == pytest.approx(2000 / (4000 * flow), rel=5e-3)
    assert "; 0.025 kg/s would be warmed by 20 K" in said
    assert not solved(case_of(2000)).failures


def test_a_flow_of_nothing_is_not_said_to_be_at_a_temperature_of_nothing():
    """A search that began at 700 000 degC, which stood in the message of 1e-12 kg/s."""
    pump = "pump = { curve_flows_kg_s = [0, 0.1], curve_pressures_Pa = [1, 0] }"
    text = case_of(1).replace(pump, "pump = { flow_kg_s = 1e-12 }")
    net = built(loads(text)).network
    (said,) = starved(net, 0.0, np.full(len(net.names), 7e5), np.full(len(net.names), 7e5))
    assert "moves 1e-12 kg/s, far too little for the heat" in said
    assert "degC" not in said


@pytest.mark.full
def test_on_parts():
    """40 W of a chip into a loop whose pump makes 1 mPa: the same words, and no other cause beside them."""
    tube = "length_m = 0.5, diameter_mm = 6, cells = 2"
    text = (
        box("chip", (60, 60, 10), coating="insulated", mesh=60, more="heat_W = 40\n")
        + box("panel", (400, 400, 4), at=(0, 0, 50), mesh=200)
        + "[environment]\nsink_K = 3\n[network.fluids.oil]\ndensity_kg_m3 = 1000\nspecific_heat_J_kgK = 4000\nviscosity_Pa_s = 1e-3\n"
        + table(
            "loops",
            name='"ring"',
            fluid='"oil"',
            pump="{ curve_flows_kg_s = [0, 0.1], curve_pressures_Pa = [0.001, 0] }",
            segments=f'[{{ name = "a", faces = "chip:-z", {tube} }}, {{ name = "b", faces = "panel:-z", {tube} }}]',
        )
        + STEADY
    )
    with pytest.raises(StarvedError, match="loop ring: its pump moves") as refused:
        simulate(loads(text), alone())
    assert "Physical cause" not in str(refused.value)
