"""A reduced model over a box of parameters: near the finite elements inside it, silent outside it, the same when read back."""

from dataclasses import replace

import numpy as np
import pytest
from case_text import box, contact, orbit

from heliorack.case.case import loads
from heliorack.model import learned_fields
from heliorack.run.box import stored
from heliorack.run.box.box_model import Box, OutsideError
from heliorack.run.box.recipe import NoBoxError
from heliorack.run.box.reduced_case import School, _apart, farthest
from heliorack.run.simulate import meshed_bodies, simulate
from heliorack.runtime.parallel import world
from thermal.reduction.candidates import Candidates

CASE = orbit(20) + '[solver]\nlinear = "direct"\n'
CASE += box("panel", (300, 200, 5)) + box("box", (100, 100, 20), (50, 20, 12.5), mesh=30, more="heat_W = 20")
CASE += contact("panel", "box", 300) + '[[limits]]\non = "box"\nmax_degC = 40\n'
RANGES = {"parts.box.heat_W": (10.0, 40.0), "contacts.0.conductance_W_m2K": (150.0, 600.0), "environment.solar_flux_W_m2": (1320.0, 1410.0)}
JUDGED = ((0.9, -0.8, 0.7), (-0.7, 0.9, -0.9))
POINT = {"parts.box.heat_W": 17.0, "contacts.0.conductance_W_m2K": 420.0, "environment.solar_flux_W_m2": 1398.0}


def case_at(point, more=()):
    return loads(CASE, [*more, *(f"{key}={value!r}" for key, value in point.items())])


@pytest.fixture(scope="module")
def bodies():
    return meshed_bodies()


def school(bodies, ranges=RANGES, at=case_at, **more):
    return School(at, Box(ranges), lambda point: simulate(at(point), bodies=bodies).summary(), world(), calm=1, whole=1, **more)


@pytest.fixture(scope="module")
def taught(bodies):
    found = school(bodies, judged=2)
    return found, found.made(Box(RANGES).point(np.array(place)) for place in JUDGED)


@pytest.fixture(scope="module")
def reduced(taught):
    return taught[1]


def test_a_point_inside_is_within_what_is_stated(reduced, bodies):
    """Extremes and means of parts and what limits are judged by, against a solve of all nodes, at a point that nothing was made from."""
    found, true = reduced.run(POINT), simulate(case_at(POINT), bodies=bodies)
    assert found.solution.reduced is not None
    assert found.solution.reduced.error <= 0.3
    assert farthest(found.summary(), true.summary())[0] <= found.solution.reduced.error
    assert found.body.part_mass == pytest.approx(true.body.part_mass)
    assert found.heat == pytest.approx(true.heat, rel=2e-3)
    assert found.closure < 1e-9


def test_a_design_without_an_answer_judges_against_it(reduced, bodies):
    """One that lies outside the box: no error is stated."""
    outside = Box(RANGES).point(np.array((0.0, 0.0, 1.1)))
    full = simulate(case_at(outside), bodies=bodies).summary()
    (found,) = _apart(reduced, [(outside, full)])
    assert found[0] == np.inf


def test_it_says_of_itself_what_it_is(reduced):
    """The summary has its coordinates and counts its error; an assumption says that no mesh was solved."""
    said = reduced.run(POINT).summary()
    assert said.periodic is not None
    assert said.periodic.reduced_to is not None
    assert said.periodic.estimated_error_K >= reduced.errors.greatest
    assert any("no mesh was solved" in sentence for sentence in said.assumptions)


def test_answers_do_not_depend_on_what_was_asked_before(reduced):
    """Bit by bit the same after another point."""
    other = {key: low + 0.1 * (high - low) for key, (low, high) in RANGES.items()}
    first = reduced.run(POINT).summary()
    reduced.run(other)
    assert reduced.run(POINT).summary().parts == first.parts


def test_it_is_the_same_when_read_back(reduced, tmp_path):
    """Arrays alone are kept; around the case at its middle they give the very same answer."""
    stored.write(reduced, tmp_path / "kept.npz")
    again = stored.read(tmp_path / "kept.npz", case_at, world())
    assert again.run(POINT).summary().parts == reduced.run(POINT).summary().parts


def test_what_was_kept_of_another_case_is_refused(reduced, tmp_path):
    """The case at the middle no longer comes out with the same arrays."""
    stored.write(reduced, tmp_path / "kept.npz")
    with pytest.raises(NoBoxError, match="another case"):
        stored.read(tmp_path / "kept.npz", lambda point: case_at(point, ["orbit.altitude_km=600"]), world())


def test_a_run_begins_with_what_was_learned(taught, bodies, tmp_path, monkeypatch):
    """`heliorack run --reduced` of a point needs no full solve on a mesh that a sweep has learned; a run that does says why."""
    monkeypatch.setattr(learned_fields, "cache_folder", lambda: tmp_path)
    asked = case_at(POINT, ["solver.reduced=true"])
    fresh = simulate(asked, bodies=meshed_bodies())
    assert fresh.solution.reduced is None
    assert any(said.startswith("no reduced model: nothing was known") for said in fresh.remarks)
    taught[0].keep(taught[1])
    found = simulate(asked, bodies=meshed_bodies())
    assert found.solution.reduced is not None
    assert farthest(found.summary(), fresh.summary())[0] <= found.solution.reduced.error + 0.05  # K, the tolerance of both
    assert not any("reduced model" in said for said in found.remarks)


def test_a_damaged_file_is_as_none(tmp_path, monkeypatch):
    """Nothing is known by it."""
    monkeypatch.setattr(learned_fields, "cache_folder", lambda: tmp_path)
    learned_fields.keep("mesh", np.full((3, 4), 300.0), np.full(4, 300.0))
    assert learned_fields.find("mesh").fields.shape == (3, 4)
    (tmp_path / "reduced" / "mesh.npz").write_bytes(b"PK")
    assert not learned_fields.find("mesh")


def test_a_point_outside_is_refused_in_words(reduced):
    """Named by its parameter, its value and the range."""
    with pytest.raises(OutsideError, match=r"parts\.box\.heat_W = 41 lies outside 10 to 40"):
        reduced.run(POINT | {"parts.box.heat_W": 41.0})


def test_a_limit_that_is_nearer_than_its_error_is_not_judged(reduced):
    """Where the margin is less than the stated error, all nodes are to be asked."""
    margin = abs(reduced.run(POINT).verdicts[0].margin)
    with pytest.raises(OutsideError, match="nearer than the reduced model tells"):
        replace(reduced, errors=replace(reduced.errors, greatest=1.01 * margin)).run(POINT)


def test_too_narrow_a_tolerance_leaves_none(bodies):
    """An error that is left is said, and what would do."""
    with pytest.raises(NoBoxError, match="narrower ranges or a larger tolerance"):
        school(bodies, {"parts.box.heat_W": (10.0, 40.0)}, judged=1, most=1, tolerance=1e-6).made([{"parts.box.heat_W": 17.0}])


def test_geometry_is_no_parameter(bodies):
    """Another mesh has no coordinates of the first."""
    with pytest.raises(NoBoxError, match="mesh"):
        school(bodies, {"parts.box.size_mm.0": (95.0, 105.0)}).made([])


def test_what_it_does_not_know_is_refused(bodies):
    """Before anything is solved."""

    def both_starts(point):
        return case_at(point, ['run.starts="both"'])

    with pytest.raises(NoBoxError, match="hot and cold starts"):
        school(bodies, at=both_starts).made([])


def test_rows_of_an_own_answer_are_among_its_extremes(reduced):
    """At points that nothing was made from, with no row known as an extreme, none of a field lies beyond those told of its part."""
    model = reduced.models[0]
    groups = model.ready.question.task.groups.tocsc()
    nothing = Candidates(groups, model.basis, [groups.indices[first : first + 1] for first in groups.indptr[:-1]])
    for place in np.random.default_rng(3).uniform(-1, 1, (2, len(RANGES))):
        answer, _ = model.at(model.box.point(place))
        history, fields = answer.history(nothing)
        known, _ = answer.history(model.candidates)
        values = fields[:, groups.indices]
        assert (np.maximum.reduceat(values, groups.indptr[:-1], axis=1) <= history.hottest + 1e-9).all()
        assert (np.minimum.reduceat(values, groups.indptr[:-1], axis=1) >= history.coldest - 1e-9).all()
        assert history.hottest == pytest.approx(known.hottest, abs=0.01)
        assert history.coldest == pytest.approx(known.coldest, abs=0.01)


def test_what_is_foretold_saves_rounds_and_changes_nothing(reduced):
    """The orbit from a foretold start is that from the middle's; the start is ten times nearer to it than the middle."""
    model, place = reduced.models[0], np.array([0.6, -0.4, 0.5])
    answer, _ = model.at(model.box.point(place))
    begun, _ = replace(model, foretold=None).at(model.box.point(place))
    guess, times = model.foretold(place, model.ready.coupling.stops), answer.course.steps.edges
    near, far = (np.abs(one.at(times) - answer.course.at(times)).max() for one in (guess, model.start))
    assert near < 0.1 * far
    assert np.abs(begun.course.end - answer.course.end).max() < 1e-3
