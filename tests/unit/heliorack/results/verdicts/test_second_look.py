"""The second look: what it finds in solutions that cannot be, and that it finds nothing in those that can."""

from dataclasses import replace

import numpy as np
import pytest
from bodies import alone
from file_parts import DATA

from heliorack.case.case import load, loads
from heliorack.results.verdicts.second_look import Solved, second_look, uphill
from heliorack.run.prepare import prepare
from heliorack.run.simulate import meshed_bodies, nobody, simulate
from heliorack.runtime.progress import silent

STRAPPED = """
title = "two bars on a strap and a plate between"
[environment]
kind = "chamber"
shroud_degC = 20
[materials.m]
density_kg_m3 = 2700
specific_heat_J_kgK = 900
conductivity_W_mK = 10
source = "given"
{parts}
[[contacts]]
between = ["a", "b"]
conductance_W_m2K = 100
[[straps]]
between = ["a:+z", "c:+z"]
conductance_W_K = 0.2
[run]
kind = "steady"
"""
PART = """
[[parts]]
name = "{}"
kind = "box"
size_mm = [40, 20, 10]
position_mm = [{}, 0, 0]
material = "m"
coating = "z93"
mesh_mm = 10
heat_W = {}
"""


@pytest.fixture(scope="module")
def result():
    """Three bars, one heated; a contact from a to b and a strap from a to c."""
    parts = PART.format("a", 0, 5) + PART.format("b", 40, 0) + PART.format("c", 100, 0)
    return simulate(loads(STRAPPED.format(parts=parts)), alone())


def looked_at(result, **other):
    """What the second look is taken at."""
    whole = Solved(
        body=result.body,
        model=result.solution.ledger.model,
        history=result.solution.history,
        start=None,
        tolerance=0.05,
        exposure=result.exposure,
        radiating=result.radiation,
        env=result.env,
        side=None,
        power=None,
    )
    return replace(whole, **other)


def colder(history, part, T):
    """The history with one part that was as cold as `T` [K]."""
    coldest = history.coldest.copy()
    coldest[part] = T
    return replace(history, coldest=coldest)


def test_a_sound_solution_passes(result):
    assert result.impossible == ()
    assert second_look(looked_at(result)) == ()


@pytest.mark.parametrize(
    ("T", "words"),
    [
        (-219.0, "b comes down to -492 degC, below absolute zero"),
        (280.0, "b comes down to 6.85 degC, below the 20.00 degC of the coldest sink"),
        (np.nan, "b has temperatures that are no numbers"),
    ],
)
def test_temperatures_that_cannot_be(result, T, words):
    found = second_look(looked_at(result, history=colder(result.solution.history, 1, T)))
    assert any(words in sentence for sentence in found), found


def test_a_breach_fails_the_run(result):
    failed = replace(result, impossible=("second look: b comes down to -492 degC, below absolute zero",))
    assert "second look: b comes down to -492 degC, below absolute zero" in failed.failures
    assert failed.holds is False


def test_heat_that_is_drawn_may_cool_below_the_sinks():
    """-100 W/m2 out of a face: colder than everything around it, and nothing is said."""
    parts = PART.format("a", 0, 0) + PART.format("b", 40, 0) + PART.format("c", 100, 0)
    flux = '[[boundaries]]\nkind = "flux"\nfaces = "b:+z"\nflux_W_m2 = -100\n'
    cooled = simulate(loads(STRAPPED.format(parts=parts) + flux), alone())
    assert cooled.solution.history.coldest[1] < 293.15 - 1.0
    assert cooled.impossible == ()


def test_joints_that_carry_heat_uphill(result):
    """The old strap, of one flux over each face, and a contact of the wrong sign."""
    link, names = result.body.straps[0], result.body.assembly.part_names
    rows, columns, values = link.triplets
    block = round(len(rows) ** 0.5)
    a = result.body.assembly
    first = len(np.unique(a.facets[a.facet_face == a.face_names.index(link.between[0])]))
    weights = np.where(np.arange(block) < first, 1 / first, -1 / (block - first))
    uneven = result.solution.history.fields[0].copy()
    uneven[rows[::block]] = 293.0 + np.arange(block)
    assert uphill((rows, columns, values), 1, uneven) == 0.0
    assert uphill((rows, columns, np.outer(weights, weights).ravel()), 1, uneven) > 1e-4
    body = replace(result.body, straps=(replace(link, triplets=(rows, columns, -values)),))
    assert any(f"through the strap {' - '.join(link.between)}" in said for said in second_look(looked_at(result, body=body)))
    joint = result.body.interfaces.found[0]
    wrong = replace(joint, triplets=(*joint.triplets[:2], -joint.triplets[2]))
    body = replace(result.body, interfaces=replace(result.body.interfaces, found=(wrong,)))
    assert any(f"the contact of {names[0]} and {names[1]}" in said for said in second_look(looked_at(result, body=body)))


def test_no_face_gives_more_than_it_absorbs():
    """One of two wings faces away: all is well; what the lit one gives, put down to the dark one, is found though the sum is the same."""
    field = DATA / "field" / "n4_two_wings.toml"
    case, comm = load(field), alone()
    ready = prepare(case, comm, silent, meshed_bodies(), nobody)
    result = simulate(case, comm)
    assert result.power is not None
    parts = {
        "exposure": ready.exposure,
        "radiating": ready.radiating,
        "env": ready.env,
        "side": ready.side,
    }
    assert second_look(looked_at(result, power=result.power, **parts)) == ()
    swapped = replace(result.power, split=result.power.split[:, ::-1])
    (said,) = second_look(looked_at(result, power=swapped, **parts))
    assert "second look: cells give" in said
    assert "more than the 0 W of sunlight that w2:+x absorbs" in said
