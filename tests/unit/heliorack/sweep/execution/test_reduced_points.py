"""Points of a sweep by a reduced model: made from some of them, asked for the others, and never where it does not know."""

import json

import pytest
from case_text import box, contact, orbit

from heliorack.runfolder import summary
from heliorack.sweep.design.plan import plan
from heliorack.sweep.execution import reduced_points
from heliorack.sweep.execution.folder import SweepFolder
from heliorack.sweep.execution.reduced_points import solve_point

TEXT = orbit(20) + '[solver]\nlinear = "direct"\n'
TEXT += box("panel", (300, 200, 5), mesh=60) + box("box", (100, 100, 20), (50, 20, 12.5), mesh=60, more="heat_W = 20")
TEXT += contact("panel", "box", 300)
TEXT += """
[[sweep.axes]]
path = "parts.box.heat_W"
linspace = { from = 15, to = 30, count = 5 }

[[sweep.axes]]
path = "environment.solar_flux_W_m2"
values = [1330, 1400]

[[sweep.named]]
name = "paint"
sets.own = { "solver.tolerance_K" = 0.05 }
sets.other = { "parts.panel.coating" = "z93", "solver.tolerance_K" = 0.05 }
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A folder with a model of the points of one paint, made of all that its points were; what was solved for it."""
    place = tmp_path_factory.mktemp("reduced")
    (place / "case.toml").write_text(TEXT)
    found = plan(place / "case.toml")
    sweep = SweepFolder(found, place / "out", reduced=0.3)
    sweep.open()
    group = reduced_points.groups(found.points)[0]
    answers = reduced_points.make(sweep.job, group, group.points)
    yield sweep, group, answers
    sweep.release()


def test_points_that_differ_in_numbers_alone_are_of_one_box(swept):
    """Each paint has its own, over the two numbers that vary; what they share is no parameter."""
    sweep, group, _ = swept
    found = reduced_points.groups(sweep.plan.points)
    assert [len(one.points) for one in found] == [10, 10]
    assert group.ranges == {"parts.box.heat_W": (15.0, 30.0), "environment.solar_flux_W_m2": (1330.0, 1400.0)}
    assert not any(reduced_points.worth(sweep.job, one, one.points) for one in found)  # ten are too few


def test_points_that_judge_are_solved_in_full(swept):
    """Six of them, each a point as any other; what is said of the model counts them."""
    sweep, _, answers = swept
    assert len(answers) == 6
    assert {answer["figures"]["solved_by"] for answer in answers.values()} == {"all nodes"}
    (said,) = reduced_points.words(sweep.job)
    assert "judged by 6 points that were solved in full" in said


def test_another_point_is_answered_by_the_model(swept):
    """Its folder is that of any point, its row says by what and how well."""
    sweep, group, answers = swept
    point = next(one for one in group.points if one.name not in answers)
    answer = solve_point(sweep.job, point)
    figures = answer["figures"]
    assert "reduced model" in figures["solved_by"]
    assert 0.0 < figures["reduced_error_K"] <= 0.3
    found = summary.read(sweep.path / point.name)
    assert found.periodic is not None
    assert found.periodic.reduced_to is not None
    for name in ("history.csv", "state.npz", "case.toml"):
        assert (sweep.path / point.name / name).exists()


def test_it_is_solved_again_where_all_nodes_are_asked_for(swept):
    """What a reduced model said counts for a sweep by one of that tolerance, not for any other."""
    sweep, group, answers = swept
    point = next(one for one in group.points if one.name not in answers)
    solve_point(sweep.job, point)
    assert sweep.whole(point) is not None
    assert SweepFolder(sweep.plan, sweep.path).whole(point) is None
    assert SweepFolder(sweep.plan, sweep.path, reduced=1e-4).whole(point) is None


def test_a_point_without_a_model_is_solved_in_full_and_says_why(swept):
    """Those of the other paint are too few."""
    sweep, group, _ = swept
    point = next(one for one in sweep.plan.points if one not in group.points)
    figures = solve_point(sweep.job, point)["figures"]
    assert figures["solved_by"] == "all nodes: too few points differ from it in numbers alone"
    assert figures["reduced_error_K"] is None


def test_a_model_that_is_known_less_well_than_is_asked_for_is_not_asked(swept):
    """The estimate stands beside the model."""
    sweep, group, answers = swept
    about = reduced_points.paths(sweep.job, group)[1]
    error = json.loads(about.read_text())["error_K"]
    assert error <= 0.3
    narrow = SweepFolder(sweep.plan, sweep.path, reduced=0.5 * error).job
    reduced_points._known.clear()
    point = next(one for one in group.points if one.name not in answers)
    assert "is off by up to" in solve_point(narrow, point)["figures"]["solved_by"]
    reduced_points._known.clear()
