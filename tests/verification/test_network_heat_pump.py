"""A heat pump as a stage of a network, from case files: closed forms of its work, two loops and the bus, and what it cannot do."""

import numpy as np
import pytest
from case_text import orbit
from network_case import STEADY, glow, node, solved, table

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError
from thermal.errors import SolveError

CARNOT = {"evaporates_degC": 26.85, "evaporator_W_K": 1e4, "fraction_of_carnot": 0.5}


def pump(one="chips", other="panel", **keys):
    """A [[network.heat_pumps]] table."""
    return table("heat_pumps", name='"lift"', between=f'["{one}", "{other}"]', **keys)


@pytest.mark.parametrize(("hot", "area"), [(320, 1.05894525), (340, 0.92867217), (360, 0.81664591)])
def test_radiator_of_a_lifted_kilowatt(hot, area):
    """Tc 300 K, half of Carnot, sink 0 K, n eps 1.8: the area of the closed form stands at its temperature; work (Th - Tc)/(eta Tc)."""
    text = node("chips", heat_W=1000) + node("panel") + node("sink", held_degC=-273.15) + glow("panel", "sink", 1.8 * area)
    found = solved(text + pump(**CARNOT) + STEADY).summary()
    assert found.parts["panel"].max_degC + 273.15 == pytest.approx(hot, abs=1e-4)
    assert found.network.flows_W["compressor lift"] == pytest.approx(1000 * (hot - 300) / (0.5 * 300), rel=1e-6)
    assert found.first_law.closure < 1e-9
    assert found.failures == ()


@pytest.mark.parametrize(("fluid", "hot", "cop"), [("r134a", 70, 2.769545), ("r1233zd(e)", 80, 2.510514)])
def test_cycle_of_a_refrigerant(fluid, hot, cop):
    """From 20 degC with an isentropic efficiency of 0.7: heat over work."""
    text = node("chips", heat_W=1000) + node("panel", held_degC=hot) + STEADY
    lift = pump(evaporates_degC=20, evaporator_W_K=1e4, refrigerant=f'"{fluid}"', isentropic_efficiency=0.7)
    found = solved(text + lift).summary().network.heat_pumps["lift"]
    assert found.cop == pytest.approx(cop, rel=1e-5)
    assert found.condenses_max_degC == pytest.approx(hot)


LOOPS = """
[network.fluids.fixed]
density_kg_m3 = 1000
specific_heat_J_kgK = 4000
[[network.loops]]
name = "cold"
fluid = "fixed"
pump = { flow_kg_s = 0.2, efficiency = 0.4 }
segments = [{ name = "plate", length_m = 1, diameter_mm = 10, heat_W = 8000, cells = 4 }, { name = "end", length_m = 1, diameter_mm = 10 }]
[[network.loops]]
name = "hot"
fluid = "fixed"
pump = { flow_kg_s = 0.3 }
segments = [
  { name = "end", length_m = 1, diameter_mm = 10 },
  { name = "panel", length_m = 10, diameter_mm = 10, cells = 20, film_W_m2K = 3000, radiates = { emittance = 0.9, perimeter_m = 2.4 } },
]
"""
BUS = '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\nyears = 5\nbase_load_W = 100\n'


def test_between_two_loops_on_the_bus():
    """Evaporator and condenser by their transfer units; the hot loop radiates heat and work; array and battery carry the compressor."""
    lift = pump("cold.end", "hot.end", evaporates_degC=15, evaporator_W_K=900, condenser_W_K=1500, fraction_of_carnot=0.45)
    result = solved(orbit(30) + LOOPS + lift + BUS + STEADY)
    found = result.summary()
    stage, loops = found.network.heat_pumps["lift"], found.network.loops
    assert found.failures == ()
    assert found.first_law.closure < 1e-9
    assert stage.heat_W == pytest.approx(8000 + loops["cold"].pump_W, rel=1e-9)
    into = loops["cold"].segments["plate"].temperature_degC[-1]
    assert stage.heat_W == pytest.approx(800 * (1 - np.exp(-900 / 800)) * (into - 15), rel=1e-6)
    back = loops["hot"].segments["panel"].temperature_degC[-1]
    given = stage.heat_W + stage.compressor_W
    assert given == pytest.approx(1200 * (1 - np.exp(-1500 / 1200)) * (stage.condenses_max_degC - back), rel=1e-6)
    assert stage.compressor_W / stage.heat_W == pytest.approx((stage.condenses_max_degC - 15) / (0.45 * 288.15), rel=1e-9)
    assert found.heat_W["compressor lift"] == pytest.approx(stage.compressor_W, rel=1e-12)
    assert result.power.balance.mean(result.power.balance.load) == pytest.approx(8100 + loops["cold"].pump_W + stage.compressor_W, rel=1e-6)


def test_transient_begins_at_rest():
    """A cold end below the evaporating temperature is left alone; once above, it is held there."""
    text = node("chips", capacity_J_K=5000, heat_W=1000) + node("panel", held_degC=60)
    result = solved(text + pump(**CARNOT | {"evaporator_W_K": 500}) + '[run]\nkind = "transient"\nduration_s = 600\nstart_degC = 20\n')
    begins = 5000 * 6.85 / 1000
    T = result.record.temperatures()[:, result.built.nodes["chips"]]
    times = np.array(result.record.times)
    assert np.interp(begins, times, T) == pytest.approx(300.0, abs=1e-2)
    assert T[-1] == pytest.approx(300 + 1000 / 500, abs=1e-3)
    assert result.record.closure() < 1e-9


def test_more_than_it_can():
    """Beyond its greatest heat, and beyond the hottest of its refrigerant: named, with figures."""
    nodes = node("chips", heat_W=1000) + node("panel", held_degC=98) + node("sink", held_degC=0)
    tied = table("conductors", between='["chips", "sink"]', conductance_W_K=10)
    lift = {"evaporates_degC": 20, "evaporator_W_K": 1e3, "refrigerant": '"r134a"', "isentropic_efficiency": 0.7}
    said = solved(nodes + tied + pump(**lift, most_W=200, hottest_degC=90) + STEADY).failures
    assert any(one.startswith("heat pump lift: would have to take") and one.endswith("where its limit is 200 W") for one in said)
    assert any("would condense at 98.0 degC, where its hottest is 90.0 degC" in one for one in said)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"evaporates_degC": 110, "refrigerant": '"r134a"', "isentropic_efficiency": 0.7}, "critical point is at 101.06 degC"),
        ({"evaporates_degC": 20, "refrigerant": '"water_glycol"', "isentropic_efficiency": 0.7}, "no refrigerant"),
        (
            {"evaporates_degC": 20, "refrigerant": '"r134a"', "isentropic_efficiency": 0.7, "superheat_K": 500},
            r"from 520\.00 degC; they end at",
        ),
        ({"evaporates_degC": 20, "refrigerant": '"r134a"', "isentropic_efficiency": 0.7, "subcooling_K": 200}, "it freezes at"),
        ({"evaporates_degC": 20}, "either fraction_of_carnot or refrigerant"),
        ({"evaporates_degC": 20, "fraction_of_carnot": 0.5, "other": "panels"}, "no such node; did you mean panel"),
    ],
)
def test_refused(keys, words):
    """With what is wrong."""
    nodes = node("chips", heat_W=1000) + node("panel", held_degC=60)
    with pytest.raises(CaseError, match=words):
        solved(nodes + pump(evaporator_W_K=1e3, **keys) + STEADY)


def test_no_way_past_its_greatest_heat():
    """Where the cold end has no other way, a greatest heat below its own leaves no steady state."""
    nodes = node("chips", heat_W=1000) + node("panel", held_degC=60)
    with pytest.raises(SolveError, match="heat pump lift takes 500 W at most"):
        solved(nodes + pump(**CARNOT, most_W=500) + STEADY)


@pytest.mark.parametrize(("panel", "said"), [(0, True), (40, False)])
def test_a_stage_with_nothing_to_lift_says_so(panel, said):
    """From 26.85 to 0 degC a kilowatt went for nothing, in silence."""
    found = solved(node("chips", heat_W=1000) + node("panel", held_degC=panel) + pump(**CARNOT) + STEADY).summary()
    assert (
        any(one.startswith("warning: heat pump lift condenses at 0.0 degC, no warmer than it evaporates") for one in found.remarks) == said
    )
    assert (found.network.flows_W["compressor lift"] > 0) != said


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"fraction_of_carnot": 0.95}, "network.heat_pumps.lift.fraction_of_carnot = 0.95: the best large chillers reach some 0.7"),
        ({"refrigerant": '"r134a"', "isentropic_efficiency": 1}, "lift.isentropic_efficiency = 1: the best large compressors reach 0.9"),
        ({"fraction_of_carnot": 0.5}, None),
    ],
)
def test_better_than_any_machine_is_questioned(keys, words):
    """Nearly free cooling held without a word."""
    lift = pump(**{"evaporates_degC": 20, "evaporator_W_K": 1e3} | keys)
    case = loads(node("chips", heat_W=1000) + node("panel", held_degC=60) + lift + STEADY)
    warned = [one for one in case.assumptions if one.startswith("warning:")]
    assert bool(warned) == (words is not None)
    assert words is None or words in warned[0]
