"""Closed cavities of whole cases: what goes around inside stays, and what is hidden sees neither Sun nor sky."""

import numpy as np
import pytest
from bodies import SIGMA, alone
from case_text import box, orbit
from triangles import record

from heliorack.case.case import loads
from heliorack.run.simulate import simulate
from thermal.heat import Moment

HOLLOW = """
title = "hollow cube"
[[parts]]
name = "cube"
kind = "enclosure"
size_mm = [200, 200, 200]
wall_mm = 10
material = "al_6061"
coating = "{outside}"
inside_coating = "paint"
coatings = {{ "in+z" = "dull", "in-x" = "{wrap}" }}
mesh_mm = 40
[coatings.paint]
solar_absorptance = 0.3
infrared_emittance = 0.85
source = "given"
[coatings.dull]
solar_absorptance = 0.3
infrared_emittance = 0.1
source = "given"
[blankets.wrap]
outer = "paint"
effective_emittance = 0.05
conductance_W_m2K = 0.2
source = "given"
[radiation]
cluster_mm = 80
closed = ["cube:in*"]
[solver]
linear = "direct"
"""
HELD = """
[[boundaries]]
kind = "temperature"
faces = "cube:-z"
temperature_degC = 150
[[boundaries]]
kind = "temperature"
faces = "cube:+z"
temperature_degC = -50
"""
GUEST = box("guest", (50, 60, 70), (10, -5, 8), coating="paint", mesh=40)
ORBIT = orbit(20, ("+x", "nadir"), ("+z", "velocity"))


def inner_flow(result):
    """Heat that radiation brings to each row at the end [W]."""
    enclosure = result.radiation.enclosure()
    T = result.solution.last
    return enclosure.load(Moment(result.body.layout, SIGMA, 0.0, T))


@pytest.mark.parametrize("wrap", ["paint", "wrap"])
def test_inside_of_a_cube_conserves(wrap, record_property):
    """Walls between 150 and -50 degC, bare or under a conducting blanket: gains and losses inside cancel to 1e-10 of what is exchanged."""
    result = simulate(loads(HOLLOW.format(outside="insulated", wrap=wrap) + HELD + '[run]\nkind = "steady"\n'), alone())
    q = inner_flow(result)
    record(record_property, q.sum() / np.abs(q).sum(), 0.0, "1e-10")
    assert np.abs(q).sum() > 1.0
    assert abs(q.sum()) < 1e-10 * np.abs(q).sum()
    assert abs(result.heat["space"]) < 1e-10 * np.abs(q).sum()
    assert result.heat["held cube:-z"] == pytest.approx(-result.heat["held cube:+z"], rel=1e-9)
    assert not np.any(result.radiation.views.factors[0].closed.sky)


def test_guest_takes_the_mean_of_what_it_sees():
    """A body that touches nothing, in a cube of one temperature: takes that temperature, found by exchange alone."""
    held = '[[boundaries]]\nkind = "temperature"\nfaces = "cube:[-+]?"\ntemperature_degC = 40\n'
    result = simulate(loads(HOLLOW.format(outside="insulated", wrap="wrap") + GUEST + held + '[run]\nkind = "steady"\n'), alone())
    assert result.solution.end == pytest.approx(313.15, abs=1e-6)


def test_guest_cools_with_the_cube(record_property):
    """The same left alone from 100 degC beside a guest heated by 5 W, in steps of implicit Euler: closure 1e-9, nothing lost inside."""
    text = HOLLOW.format(outside="insulated", wrap="wrap") + GUEST.replace("mesh_mm", "heat_W = 5\nmesh_mm")
    film = '[[boundaries]]\nkind = "film"\nfaces = "cube:+y"\nh_W_m2K = 10\nfluid_degC = 0\n'
    run = '[run]\nkind = "transient"\nduration_s = 7200\nstart_degC = 100\n'
    result = simulate(loads(text + film + run, ["solver.scheme=implicit_euler", "solver.max_step_s=300"]), alone())
    record(record_property, result.heat["space"] / result.throughput, 0.0, "1e-10")
    assert abs(result.heat["space"]) < 1e-10 * result.throughput
    assert result.closure < 1e-9
    assert result.parts()["guest"].max_degC > result.parts()["cube"].max_degC - 60


def test_hidden_faces_see_neither_sun_nor_sky(record_property):
    """Inside of a closed cube in orbit, and a body within: exactly no sunlight, albedo, Earth infrared and sky; all of it outside."""
    case = loads(HOLLOW.format(outside="z93", wrap="paint") + GUEST + ORBIT)
    result = simulate(case, alone())
    radiating, names = result.radiation, result.body.assembly.face_names
    hidden = np.array([names[f].startswith(("cube:in", "guest")) for f in radiating.views.face])
    mine = hidden[radiating.views.group]
    record(record_property, float(np.max(radiating.falls.sunlight[:, hidden], initial=0.0)), 0.0, "exact")
    assert hidden.sum() >= 12
    assert not radiating.falls.direct[:, mine].any()
    assert not radiating.falls.visible[:, mine].any()
    for given in (radiating.falls.sunlight, radiating.falls.albedo, radiating.falls.infrared):
        assert not given[:, hidden].any()
    for kept in radiating.views.factors:
        assert not np.asarray(kept.closed.sky)[hidden].any()
    assert not any(radiating.absorbed(path)[mine].any() for path in ("sun", "albedo", "infrared"))
    assert result.heat["sun"] > 0
    guest = result.parts()["guest"]
    assert result.parts()["cube"].min_degC < guest.min_degC < guest.max_degC < result.parts()["cube"].max_degC
    assert not result.failures
    assert result.holds is None  # no limits were given
