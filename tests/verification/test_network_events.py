"""What happens to a network at a time, by case files: a branch is shut off by its isolation valves, a radiator is deployed."""

import numpy as np
import pytest
from network_case import STEADY, glow, node, solved, table, transient

from thermal.constants import STEFAN_BOLTZMANN

WATER = "[network.fluids.water]\ndensity_kg_m3 = 997\nspecific_heat_J_kgK = 4180\nviscosity_Pa_s = 8.9e-4\n" + node("inlet", held_degC=20)
TUBES = [("one", 8, 10), ("two", 10, 15), ("three", 9, 12)]


def branches(**third):
    """Three tubes side by side, the third with further keys."""
    tubes = [
        f'name = "{name}", branch = "{name}", length_m = {length}, diameter_mm = {diameter}, friction = "blasius", cells = 3'
        for name, diameter, length in TUBES
    ]
    tubes[2] += "".join(f", {key} = {value}" for key, value in third.items())
    segments = "[" + ", ".join(f"{{ {one} }}" for one in tubes) + "]"
    return WATER + table("loops", name='"w"', fluid='"water"', inlet='"inlet"', pump="{ flow_kg_s = 0.1 }", segments=segments)


@pytest.mark.parametrize(("keys", "when"), [({"failed": "true"}, STEADY), ({"fails_s": 5}, transient(10))])
def test_a_branch_that_leaks_is_shut_off(keys, when):
    """Of three tubes one is lost: the others divide the flow as if they were alone, 0.0407579422 of 0.1 kg/s over 14113.850957 Pa."""
    loop = solved(branches(**keys) + when).summary().network.loops["w"]
    flows = [loop.segments[name].flow_kg_s for name, *_ in TUBES]
    assert flows[0] == pytest.approx(0.0407579422, rel=3e-6)
    assert 0.0 <= flows[2] <= 1.01e-13  # of 0.1 kg/s: what a shut valve lets pass carries nothing that the ledger sees
    assert sum(flows) == pytest.approx(0.1, rel=1e-12)
    if "failed" in keys:
        assert loop.pressure_drop_Pa == pytest.approx(14113.850957, rel=1e-5)
    whole = solved(branches() + STEADY).summary().network.loops["w"]
    assert whole.segments["three"].flow_kg_s > 0.02


def test_one_radiator_of_two_is_lost():
    """The other radiates all heat by itself, with all of the flow: as a loop that never had the first. What leaked out neither freezes nor
    counts as coolant, and no panel is below absolute zero.
    """
    panels = [
        f'{{ name = "{n}", branch = "{n}", length_m = 8, diameter_mm = 8, isothermal = true, cells = 20, '
        f"radiates = {{ emittance = 0.9, perimeter_m = 1 }}{more} }}"
        for n, more in (("a", ", failed = true"), ("b", ""))
    ]
    plate = '{ name = "plate", length_m = 1, diameter_mm = 10, heat_W = 2000, cells = 2 }'
    fluid = WATER.replace("[network.fluids.water]", "[network.fluids.water]\nfreezing_degC = -40\nboiling_degC = 120")

    def lost(tubes):
        loop = table("loops", name='"w"', fluid='"water"', pump="{ flow_kg_s = 0.05 }", segments=f"[{plate}, {tubes}]")
        return solved(fluid + loop + STEADY)

    one, alone = lost(", ".join(panels)), lost(panels[1].replace('branch = "b", ', ""))
    found, wanted = (each.summary().network.loops["w"] for each in (one, alone))
    assert not one.failures
    assert found.max_degC == pytest.approx(wanted.max_degC, abs=1e-7)  # 1e-12 of the flow leaks, and is cooled to 3 K
    assert found.min_degC == pytest.approx(wanted.min_degC, abs=1e-7)
    assert one.record.by_name()["w.a ~ space"] < 1e-9 * 2000
    assert one.record.coldest.min() > 0.0
    assert one.record.closure() < 1e-9


def test_a_bypass_that_is_shut_carries_nothing():
    """A valve that sends all of the flow the main way leaves what the loop has without its bypass."""
    tubes = (
        '{ name = "plate", length_m = 1, diameter_mm = 10, heat_W = 2000, cells = 2 }',
        '{ name = "panel", branch = "panel", length_m = 8, diameter_mm = 8, isothermal = true, cells = 20, '
        "radiates = { emittance = 0.9, perimeter_m = 1 } }",
        '{ name = "by", branch = "by", length_m = 1, diameter_mm = 10, cells = 2 }',
    )
    pump = "{ flow_kg_s = 0.05 }"

    def flows(of, **keys):
        return solved(WATER + table("loops", name='"w"', fluid='"water"', pump=pump, segments=f"[{', '.join(of)}]", **keys) + STEADY)

    valve = '{ main = "panel", bypass = "by", mixed_degC = -100 }'
    shut, without = flows(tubes, bypass=valve), flows([tubes[0], tubes[1].replace('branch = "panel", ', "")])
    found, wanted = (each.summary().network.loops["w"] for each in (shut, without))
    assert found.segments["by"].flow_kg_s < 1e-12 * 0.05
    assert found.max_degC == pytest.approx(wanted.max_degC, abs=1e-7)
    assert shut.record.closure() < 1e-9


def test_a_loop_whose_branches_are_all_shut_rests():
    """Nothing flows once the last of them is lost; the heat then stays where it is."""
    text = branches(fails_s=5).replace("cells = 3 }", "cells = 3, fails_s = 5 }")
    assert solved(text + transient(10)).summary().network.loops["w"].flow_min_kg_s == 0.0


def test_a_leak_without_a_branch_is_refused():
    """A loop of one tube cannot go on without it."""
    text = branches().replace('branch = "one", ', "failed = true, ")
    with pytest.raises(ValueError, match=r"failed = true   shuts a branch off: give it branch"):
        solved(text + STEADY)


def test_stowed_then_deployed():
    """100 W into 2000 J/K for 600 s with nothing that radiates, then 0.5 m2 to 0 K and no heat: T = (T0^-3 + 3 sigma GR t/C)^(-1/3)."""
    heat = "{ times_s = [0, 600, 600, 1600], heat_W = [100, 100, 0, 0] }"
    tie = glow("bus", "space", 0.5) + "deploys_s = 600\n"
    result = solved(node("bus", capacity_J_K=2000, heat_over_time=heat) + tie + "[environment]\nsink_K = 0\n" + transient(1600))
    times, T = np.array(result.record.times), result.record.temperatures()[:, result.built.nodes["bus"]]
    hot = 293.15 + 100 * 600 / 2000
    assert T[np.argmin(np.abs(times - 600))] == pytest.approx(hot, abs=1e-3)
    assert T[-1] == pytest.approx((hot**-3 + 3 * STEFAN_BOLTZMANN * 0.5 * 1000 / 2000) ** (-1 / 3), abs=0.01)
    assert result.record.closure() < 1e-9


@pytest.mark.parametrize(("across", "sink", "outlet"), [("isothermal = true", 0, 278.16819679), ("film_W_m2K = 1500", 200, 287.67486407)])
def test_a_radiator_of_tubes_is_deployed(across, sink, outlet):
    """Stowed it takes nothing from 0.1 kg/s of 4750 J/kgK at 310 K; deployed the outlet is that of the closed form; light comes in."""
    panel = "{ emittance = 0.9, perimeter_m = 2, deploys_s = 500 }"
    tube = f'{{ name = "t", length_m = 20, diameter_mm = 10, cells = 100, {across}, radiates = {panel} }}'
    text = WATER.replace("4180", "4750").replace("held_degC = 20", "held_degC = 36.85")
    text += table("loops", name='"w"', fluid='"water"', inlet='"inlet"', pump="{ flow_kg_s = 0.1 }", segments=f"[{tube}]")
    result = solved(text + f"[environment]\nsink_K = {sink}\n" + transient(1500, 36.85))
    out = result.record.temperatures()[:, result.built.loops["w"].rows[-1]]
    assert out[np.argmin(np.abs(np.array(result.record.times) - 500))] == pytest.approx(310.0, abs=1e-6)
    assert out[-1] == pytest.approx(outlet, abs=0.02)
    lit = solved(text.replace("deploys_s", "absorbed_W_m2 = 50, deploys_s") + f"[environment]\nsink_K = {sink}\n" + transient(1500, 36.85))
    assert lit.heat["absorbed w.t"] == pytest.approx(50 * 2 * 20 * 1000, rel=1e-6)


def test_what_is_deployed_after_the_run_is_refused():
    """As everything that would happen then."""
    with pytest.raises(ValueError, match=r"deploys_s = 600\.0   would be after the transient"):
        solved(node("bus", capacity_J_K=2000) + glow("bus", "space", 0.5) + "deploys_s = 600\n" + transient(100))
