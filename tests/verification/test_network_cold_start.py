"""Loops that start frozen, by case files: when they thaw, what flows before and after, and where the heat is."""

from math import log, pi

import numpy as np
import pytest
from network_case import node, solved, table, tie, transient

from heliorack.results.network_history import of_loops
from thermal.fluid.coolant import coolant
from thermal.fluid.table import liquid_table
from thermal.network.states import RANGE

RHO, CP, SOLID, LATENT = 1000.0, 4000.0, 2000.0, 300e3
FLUID = f"""[network.fluids.x]
density_kg_m3 = {RHO}
specific_heat_J_kgK = {CP}
freezing_degC = 0
boiling_degC = 100
latent_heat_J_kg = {LATENT}
solid_specific_heat_J_kgK = {SOLID}
solid_density_kg_m3 = 900
"""
SINK = node("sink", held_degC=20) + node("lump", capacity_J_K=1) + tie("sink", "lump", 1)
MASS = RHO * pi / 4 * 0.01**2 * 1.0  # of a metre of 10 mm
LIMIT = '[[limits]]\non = "lump"\nmax_degC = 90\n'


def tube(name="tube", cells=1, **more):
    """A metre of 10 mm."""
    keys = {"name": f'"{name}"', "length_m": 1, "diameter_mm": 10, "cells": cells, **more}
    return "{ " + ", ".join(f"{key} = {value}" for key, value in keys.items()) + " }"


def loop(*tubes, fluid="x", pump="{ flow_kg_s = 0.01 }", cold="{}", **more):
    """A closed loop that may start frozen, beside a lump."""
    keys = {"name": '"l"', "fluid": f'"{fluid}"', "pump": pump, "cold_start": cold, "segments": "[" + ", ".join(tubes) + "]", **more}
    return SINK + FLUID + table("loops", **keys)


def told(result):
    """Events."""
    return [(one.time, one.what) for one in result.record.turned]


def test_a_lump_thaws_when_its_heat_is_there():
    """m (c dT + L)/Q to 1e-9, of one cell and of ten that begin at different temperatures; then its pump moves it."""
    time = MASS * (SOLID * 20 + LATENT) / 20.0
    result = solved(loop(tube(heat_W=20)) + transient(1500, -20))
    ((found, what),) = told(result)
    assert found == pytest.approx(time, rel=1e-9)
    assert what == "thawed at tube, 1 m behind its inlet, the last of its way: its pump moves it"
    assert any(
        "x takes 11 % more room as it freezes (1000 to 900 kg/m3); a tube that is frozen shut may burst" in s for s in result.remarks
    )
    assert result.record.closure() < 1e-9
    two = solved(loop(tube("a", 4, heat_W=20), tube("b", 3, heat_W=20, start_degC=-35)) + transient(1500, -20))
    assert [one for one, _ in told(two)] == pytest.approx([time, MASS * (SOLID * 35 + LATENT) / 20.0], rel=1e-9)
    thaw = two.summary().network.loops["l"].thaw
    assert thaw.thawed_s == told(two)[1][0]
    assert list(thaw.branches_s) == ["a", "b"]
    assert (thaw.solid_at_start, thaw.solid_at_end, thaw.to_thaw_J) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("name", "solid", "latent"), [pytest.param("water", 2096.8, 333426.5, marks=pytest.mark.full), ("ammonia", None, 332.05e3)]
)
def test_library_coolants_thaw_by_their_own_heat(name, solid, latent):
    """Of a solid whose specific heat is not known that of the liquid at its freezing point; a lump of each, to 1e-8."""
    liquid = liquid_table(coolant(name), 10e5)
    at = liquid.at(liquid.freezing)
    below = 30.0
    heat = float(at.density) * MASS / RHO * ((solid or float(at.specific_heat)) * below + latent)
    result = solved(loop(tube(heat_W=20), fluid=name) + transient(heat / 20.0 * 1.01, liquid.freezing - 273.15 - below))
    assert told(result)[0][0] == pytest.approx(heat / 20.0, rel=1e-8)
    grows = [said for said in result.remarks if "may burst" in said]
    assert bool(grows) == (name == "water")
    assert any(
        ("specific heat of the solid the liquid's" in said) == (solid is None) and "may start" in said for said in result.case.assumptions
    )


def test_thawed_by_a_warm_wall_in_closed_form():
    """A cell behind h A warms as exp(-h A t/C), and melts as one of the same law over its range: 1e-5; order 2 in time."""
    film, wall, start = 300.0, 15.0, -20.0
    G = film * pi * 0.01
    exact = MASS * SOLID / G * log((wall - start) / (wall + RANGE))
    exact += MASS * (LATENT + SOLID * RANGE) / RANGE / G * log((wall + RANGE) / wall)
    plain = loop(tube(film_W_m2K=film, node='"wall"')) + node("wall", held_degC=wall) + transient(1000, start)
    assert told(solved(plain))[0][0] == pytest.approx(exact, rel=1e-5)
    for h in (10.0, 5.0):  # where in a step it begins to melt makes them uneven
        (found, _), *_ = told(solved(plain + f"[solver]\ntolerance_K = 1e4\nmax_step_s = {h}\n"))
        assert abs(found - exact) < 0.005 * h**2


def test_nothing_flows_before_the_last_cell_is_thawed():
    """An insulated loop with one heated tube and one that its wall heats: no flow before, the pump's after, all heat in the fluid."""
    heated, slow = tube("heated", 5, heat_W=200), tube("slow", 5, node='"box"', film_W_m2K=500)
    text = loop(heated, slow) + node("box", capacity_J_K=100, heat_W=120, start_degC=-20) + transient(280, -20)
    result = solved(text)
    (first, _), (opened, _) = told(result)
    assert first == pytest.approx(MASS * (SOLID * 20 + LATENT) / 200.0, rel=1e-9)
    times, flow = np.array(result.record.times), of_loops(result, len(result.record.times))["loop l flow_kg_s"]
    assert (flow[times < opened] == 0.0).all()
    assert flow[times >= opened] == pytest.approx(0.01)
    T = result.record.temperatures()[-1] - 273.15
    built = result.built
    cells = built.loops["l"].rows
    wanted = 320.0 * 280.0
    found = 0.2 * MASS * float((SOLID * 20 + LATENT + CP * T[cells]).sum()) + 100 * (T[built.nodes["box"]] + 20)
    assert found == pytest.approx(wanted, rel=1e-9)
    assert result.record.closure() < 1e-9


def test_a_branch_that_is_open_flows_beside_a_frozen_one():
    """All of the flow goes the open way, exactly; as both are open it is divided evenly."""
    sides = [tube(n, 2, branch=f'"{n}"', start_degC=begin, heat_W=heat) for n, begin, heat in (("a", 5, 0), ("b", -20, 40))]
    result = solved(loop(*sides) + transient(2000, 5))
    ((time, what),) = told(result)
    assert what == "thawed at b, 0.5 m behind its inlet"
    assert result.summary().network.loops["l"].thaw.thawed_s == 0.0
    from thermal.network.flows import Instant
    from thermal.network.loops.hydraulics import flowing

    record = result.record
    for t, y in zip(record.times, record.states, strict=True):
        found = flowing(result.built.loops["l"], Instant(result.built.network, t, y)).branches
        assert found == pytest.approx([0.01, 0.0] if t < time else [0.005, 0.005], rel=0.1 if t >= time else 1e-15)


@pytest.mark.parametrize(("cold", "holds"), [("{}", None), ("{ thawed_by_s = 400 }", False)])
def test_a_loop_that_never_thaws_says_so(cold, holds):
    """With figures: no verdict, or a failure where the case says by when."""
    result = solved(loop(tube(cells=4, heat_W=20), cold=cold) + LIMIT + transient(500, -20))
    assert result.holds is holds
    (said,) = result.failures if holds is False else result.unjudged
    short = MASS * (SOLID * 20 + LATENT) - 20 * 500
    assert f"loop l: still frozen at t = 500 s: {100 * short / MASS / LATENT:.3g} % of its 0.0785 kg solid" in said
    assert f"{short / 1e3:.4g} kJ short of liquid" in said
    assert solved(loop(tube(heat_W=20), cold="{ thawed_by_s = 1400 }") + LIMIT + transient(1500, -20)).holds is True


def test_freezing_again_fails():
    """A way that was open and whose wall is cold freezes again: named with place and time, and it no longer flows."""
    cold = node("wall", held_over_time="{ times_s = [0, 600, 600, 2000], temperature_degC = [60, 60, -40, -40] }")
    result = solved(loop(tube(cells=2, node='"wall"', film_W_m2K=300)) + cold + LIMIT + transient(2000, -20))
    assert [what.split(" at")[0] for _, what in told(result)] == ["thawed", "freezes again"]
    assert any("loop l: its fluid freezes again at tube" in said for said in result.failures)
    assert of_loops(result, len(result.record.times))["loop l flow_kg_s"][-1] == 0.0


def test_what_has_leaked_out_does_not_freeze():
    """A branch that radiates to space and is shut off cools below freezing empty: no failure, and nothing is left to thaw."""
    panel = "{ emittance = 0.9, perimeter_m = 0.3 }"
    lost = tube("b", 2, branch='"b"', isothermal="true", radiates=panel, fails_s=5)
    result = solved(loop(tube("a", 2, branch='"a"', heat_W=5), lost) + LIMIT + transient(400, 10))
    assert result.record.temperatures()[-1][result.built.loops["l"].segments[1].rows].min() < 263.15
    assert told(result) == []
    assert result.holds is True


def test_without_a_latent_heat_there_is_no_verdict():
    """Of an own fluid without the key, and of a library coolant without one."""
    own = loop(tube(heat_W=20)).replace(f"latent_heat_J_kg = {LATENT}\n", "") + LIMIT + transient(300, -20)
    library = loop(tube(heat_W=20), fluid="r134a") + LIMIT + transient(300, -120)
    for text in (own, library):
        result = solved(text)
        assert result.holds is None
        assert "no latent heat is known of" in " ".join(result.unjudged)
