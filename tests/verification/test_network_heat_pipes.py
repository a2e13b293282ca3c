"""Heat pipes of a network from case files: gas fronts, curves of loop heat pipes, the least of a wick's limits, pipes that are lost."""

import numpy as np
import pytest
from network_case import STEADY, glow, node, solved, table, tie, transient

from heliorack.casefile.errors import CaseError
from thermal.errors import SolveError

FRONT = "condenser_m = 0.6, vapour_area_mm2 = 120, volume_cm3 = 72"
GAS = f"{{ {FRONT}, reservoir = 'bottle', open_at_degC = 26.85, open_reservoir_degC = -23.15 }}"


def gassed(*nodes, **keys):
    """A gas-loaded pipe that radiates 0.85 x 0.3 m per metre to 0 K."""
    space = node("space", held_degC=-273.15) + node("bottle", held_degC=-23.15)
    pipe = {"fluid": '"ammonia"', "exchange_m2": 0.85 * 0.3 * 0.6, "gas": GAS} | keys
    return "".join(nodes) + space + table("heat_pipes", name='"vchp"', between='["box", "space"]', **pipe) + STEADY


def test_gas_holds_the_temperature():
    """20 W: 287.157017 K, where the whole condenser would be at 219 K."""
    found = solved(gassed(node("box", heat_W=20))).summary()
    assert found.parts["box"].max_degC + 273.15 == pytest.approx(287.157017, abs=1e-4)
    assert found.first_law.closure < 1e-9
    assert found.network.heat_pipes["vchp"].limit_W is None
    assert any("vchp without a limit" in one for one in found.assumptions)


@pytest.mark.parametrize(("temperature", "active"), [(285, 0.10287929), (290, 0.31715596), (295, 0.47724327), (298, 0.55459269)])
def test_active_length(temperature, active):
    """Of 0.6 m, with the reservoir at 250 K."""
    found = solved(gassed(node("box", held_degC=temperature - 273.15))).summary().network.heat_pipes["vchp"]
    assert found.open_part == pytest.approx((active / 0.6,) * 2, abs=1e-5)


def test_a_gassed_pipe_that_is_lost():
    """By its name: its box falls back on what else cools it."""
    text = gassed(node("box", heat_W=20)) + tie("box", "space", 0.1)
    assert solved(text, "network.heat_pipes.vchp.failed=true").summary().parts["box"].max_degC == pytest.approx(200 - 273.15)
    assert solved(text).summary().parts["box"].max_degC < 10


def test_a_pipe_lost_on_the_way():
    """From 100 s on what it carried stays in its box: temperatures by the closed forms of before and after, to 1e-3 K."""
    limit = {"temperatures_degC": "[20]", "limit_W": "[500]"}
    pipe = table("heat_pipes", name='"hp"', between='["box", "sink"]', conductance_W_K=5, fails_s=100, **limit)
    result = solved(node("box", capacity_J_K=2000, heat_W=100) + node("sink", held_degC=0) + pipe + transient(300, 10))
    T, times = result.record.temperatures()[:, result.built.nodes["box"]] - 273.15, result.record.times
    at_loss = 20 - 10 * np.exp(-5 * 100 / 2000)
    assert T[times.index(100.0)] == pytest.approx(at_loss, abs=1e-3)
    assert T[-1] == pytest.approx(at_loss + 100 * 200 / 2000, abs=1e-3)
    assert result.record.closure() < 1e-9


LHP = {"curve_heat_W": "[10, 50, 200]", "curve_conductance_W_K": "[2, 8, 20]", "starts_W": 8}


@pytest.mark.parametrize(("heat", "difference", "said"), [(50, 50 / 8, None), (125, 125 / 14, None), (250, 12.5, "Q [W]"), (5, 2.5, "8 W")])
def test_loop_heat_pipe(heat, difference, said):
    """On and between the points of its curve; beyond the curve and below the heat that starts it a warning has the numbers."""
    text = node("box", heat_W=heat) + node("sink", held_degC=0) + table("heat_pipes", name='"lhp"', between='["box", "sink"]', **LHP)
    found = solved(text + STEADY).summary()
    assert found.parts["box"].max_degC == pytest.approx(difference, rel=1e-9)
    warned = [one for one in found.remarks if one.startswith("warning: heat pipe lhp")]
    assert bool(warned) == (said is not None)
    assert said is None or any(said in one for one in warned)


def test_conductance_by_temperature_one_way():
    """Conductance over the evaporator's temperature; nothing the other way round."""
    curve = {"curve_temperatures_degC": "[0, 40]", "curve_conductance_W_K": "[2, 10]"}
    pipe = table("heat_pipes", name='"lhp"', between='["box", "sink"]', **curve, temperatures_degC="[20]", limit_W="[500]")
    nodes = node("sink", held_degC=0) + pipe + STEADY
    assert solved(node("box", heat_W=120) + nodes).summary().parts["box"].max_degC == pytest.approx(20.0)
    back = node("box") + node("cold", held_degC=-50) + tie("box", "cold", 1)
    assert solved(back + nodes).summary().parts["box"].max_degC == pytest.approx(-50.0)


PORES = "pore_radius_mm = 0.01, permeability_m2 = 1e-11, area_mm2 = 30, vapour_radius_mm = 3"
WICK = f"{{ {PORES}, wall_radius_mm = 4.5, conductivity_W_mK = 1.5 }}"


@pytest.mark.parametrize(("at", "governs"), [(3, "sonic"), (60, "capillary"), (150, "boiling")])
def test_the_least_limit_by_temperature(at, governs):
    """The limit that governs goes with the temperature; one that is passed fails the run by its name."""
    lengths = "{ evaporator_m = 0.05, adiabatic_m = 0.02, condenser_m = 0.05 }"
    keys = {"conductance_W_K": 1e4, "fluid": '"water"', "wick": WICK, "lengths": lengths}
    pipe = table("heat_pipes", name='"hp"', between='["box", "sink"]', **keys)
    result = solved(node("box", held_degC=at) + node("sink", held_degC=at - 1) + pipe + STEADY)
    found = result.summary().network.heat_pipes["hp"]
    assert found.governs == governs
    assert any(
        one.startswith("heat pipe hp: would have to carry 1e+04 W") and f"where its {governs} limit" in one for one in result.failures
    )


LIMITS = [{"temperatures_degC": "[20]", "limit_W": "[10]"}, {"temperatures_degC": "[0, 40]", "limit_W": "[12, 9]"}]


@pytest.mark.parametrize("limit", LIMITS)
def test_a_pipe_within_its_limit_is_no_pipe_at_it(limit):
    """4 W through 5 W/K of a pipe for 10 W, its only way: 0.8 K, though it would carry more from where the search begins."""
    text = node("sink", held_degC=0) + table("heat_pipes", name='"hp"', between='["box", "sink"]', conductance_W_K=5, **limit)
    found = solved(node("box", heat_W=4) + text + STEADY)
    assert found.summary().parts["box"].max_degC == pytest.approx(0.8, rel=1e-9)
    assert found.failures == ()
    with pytest.raises(SolveError, match=r"hp would have to carry 30 W at 6\.0 degC, where its limit is"):
        solved(node("box", heat_W=30) + text + STEADY)


def test_a_wick_that_carries_enough_does_not_dry_out():
    """Of the two states of a pipe, wet at 4 degC and dry at 35, the wet one is what a start at 20 degC comes to."""
    wick = WICK.replace("0.01", "0.1").replace("1e-11", "1e-10").replace("= 30", "= 20")
    keys = {"conductance_W_K": 5, "fluid": '"ammonia"', "wick": wick, "lengths": "{ evaporator_m = 0.2, condenser_m = 0.2 }"}
    nodes = node("box", heat_W=20, capacity_J_K=500) + node("sink", held_degC=0)
    pipe = table("heat_pipes", name='"hp"', between='["box", "sink"]', **keys)
    assert solved(nodes + pipe + STEADY).summary().parts["box"].max_degC == pytest.approx(4.0, abs=1e-6)
    assert solved(nodes + pipe + transient(5000)).record.temperatures()[-1][0] == pytest.approx(277.15, abs=1e-3)


def test_a_frozen_pipe_carries_nothing():
    """Below the triple point of its fluid."""
    keys = {"conductance_W_K": 5, "fluid": '"ammonia"', "wick": WICK, "effective_length_m": 0.5}
    pipe = table("heat_pipes", name='"hp"', between='["box", "sink"]', **keys)
    result = solved(node("box", heat_W=20) + node("sink", held_degC=-150) + glow("box", "sink", 1.0) + pipe + STEADY)
    assert result.summary().network.flows_W["heat pipe hp"] == pytest.approx(0.0, abs=1e-4)
    assert any("where its fluid is frozen" in one for one in result.failures)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"gas": GAS.replace("bottle", "botle")}, "no such node; did you mean bottle"),
        ({"gas": GAS.replace("26.85", "-40")}, "must be warmer than open_reservoir_degC"),
        ({"conductance_W_K": 3}, "one of conductance_W_K, exchange_m2 and a curve"),
        ({"exchange_m2": 0.1, "fluid": '"amonia"'}, "ammonia"),
        ({"fails_s": 5}, "failed = true has it lost from the start"),
        ({"gas": GAS.replace("bottle", "box")}, "is the evaporator"),
        ({"gas": GAS.replace("26.85", "140")}, "open_at_degC = 140.*must lie between -77.65 and 124.30 degC"),
        ({"starts_W": 5}, "is of a loop heat pipe's curve"),
    ],
)
def test_refused(keys, words):
    """With what is wrong."""
    with pytest.raises(CaseError, match=words):
        solved(gassed(node("box", heat_W=20), **keys))
