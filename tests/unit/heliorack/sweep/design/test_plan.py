"""Points of a sweep: how many, in which order, under which names."""

from itertools import pairwise
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cases
from heliorack.case.case import load, loads
from heliorack.case.sweep import Axis, Sweep
from heliorack.casefile.decode import read as read_table
from heliorack.casefile.document import read, write
from heliorack.casefile.errors import CaseError, Problem
from heliorack.sweep.design.axes import lines
from heliorack.sweep.design.plan import plan, snake
from heliorack.sweep.design.plan_checks import names
from heliorack.sweep.design.source import _Only

EDGE = cases.path("edge_node")
AXES = """
[[sweep.axes]]
path = "orbit.altitude_km"
linspace = { from = 500, to = 700, count = 3 }

[[sweep.axes]]
path = "parts.panel.width_mm"
values = [1000, 1100]

[[sweep.named]]
name = "coating"
sets = { white = { "parts.panel.coating" = "z93" }, black = { "parts.panel.coating" = "black_polyurethane" } }
"""


ONE = '[[sweep.axes]]\npath = "orbit.altitude_km"\nvalues = [500, 600]\n'
WIDTH = '[[sweep.axes]]\npath = "parts.panel.width_mm"\nvalues = [800, 1000]\n'


def test_every_combination_is_a_point(planned):
    """3 altitudes, 2 widths, 2 coatings."""
    found = planned(AXES)
    assert len(found.points) == 12
    assert found.axes == ("orbit.altitude_km", "parts.panel.width_mm", "coating")
    assert {tuple(point.values.values()) for point in found.points} == {
        (a, w, c) for a in (500, 600, 700) for w in (1000, 1100) for c in ("white", "black")
    }
    assert [point.number for point in found.points] == list(range(1, 13))


def test_points_of_one_geometry_stand_together_and_neighbours_differ_in_one_axis(planned):
    """The width shapes the mesh and becomes the slowest axis; coating and altitude do not."""
    found = planned(AXES)
    shapes = [point.geometry for point in found.points]
    assert found.geometries == 2
    assert sum(a != b for a, b in pairwise(shapes)) == 1
    steps = [sum(a.values[column] != b.values[column] for column in found.axes) for a, b in pairwise(found.points)]
    assert steps == [1] * 11


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
@settings(deadline=None, max_examples=50)
def test_snake_visits_every_combination_once_by_single_steps(counts):
    """A reflected Gray code in mixed radix."""
    found = list(snake([range(count) for count in counts]))
    assert len(set(found)) == len(found) == prod(counts)
    assert all(sum(abs(i - j) for i, j in zip(a, b, strict=True)) == 1 for a, b in pairwise(found))


@given(st.lists(st.integers(400, 900), min_size=1, max_size=5, unique=True), st.integers(300, 1000), st.integers(1, 3))
@settings(deadline=None, max_examples=15)
def test_points_are_the_product_less_those_that_a_constraint_skips(tmp_path_factory, altitudes, limit, count):
    """Whatever the lists and the constraint."""
    path = tmp_path_factory.mktemp("sweep") / "sweep.toml"
    loads_W = [10 * (i + 1) for i in range(count)]
    path.write_text(
        f'case = "{EDGE}"\n[sweep]\nskip = ["altitude_km > {limit} and heat_W >= 20"]\n'
        f'[[sweep.axes]]\npath = "orbit.altitude_km"\nvalues = {altitudes}\n'
        f'[[sweep.axes]]\npath = "parts.power_stage.heat_W"\nvalues = {loads_W}\n'
    )
    left_out = sum(a > limit and w >= 20 for a in altitudes for w in loads_W)
    found = plan(path)
    assert (len(found.points), found.skipped) == (len(altitudes) * count - left_out, left_out)
    assert len({point.name for point in found.points}) == len(found.points)


def test_names_are_stable_and_safe_for_file_systems(planned):
    """The same question gives the same folders, also in a longer sweep."""
    first, again = planned(AXES), planned(AXES)
    assert first.points == again.points
    longer = planned(AXES.replace("values = [1000, 1100]", "values = [900, 1000, 1100]"))
    assert {point.name for point in first.points} < {point.name for point in longer.points}
    assert all(set(point.name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-") for point in first.points)
    assert first.points[0].name.startswith("altitude-km-500_width-mm-1000_coating-white_")


def test_overrides_make_the_case(planned):
    """What a point says reaches the case, after the load case and after --set."""
    found = planned(AXES, overrides=["parts.panel.width_mm=1234", "limits.0.max_degC=80"])
    point = found.points[-1]
    made = load(EDGE, point.arguments, point.case)
    assert made.parts[0].width == pytest.approx(point.values["parts.panel.width_mm"] / 1e3)
    assert made.orbit.altitude == pytest.approx(point.values["orbit.altitude_km"] * 1e3)
    assert made.limits[0].max == pytest.approx(353.15)


def test_load_cases_are_points_of_their_own(planned):
    """The first of the file unless told otherwise; the command line comes before the table."""
    assert {point.case for point in planned(AXES).points} == {"hot_operational"}
    table = '[sweep]\ncases = ["cold_survival", "safe_mode"]\n' + AXES
    both = planned(table)
    assert len(both.points) == 24
    assert {point.case for point in both.points} == {"cold_survival", "safe_mode"}
    assert len({point.name for point in both.points}) == 24
    assert {point.case for point in planned(table, cases=["safe_mode"]).points} == {"safe_mode"}
    some = planned(table.replace("[sweep]", "[sweep]\nskip = [\"case == 'safe_mode' and coating == 'black'\"]"))
    assert (len(some.points), some.skipped) == (18, 6)


def test_plan_says_the_load_cases_of_every_design(planned):
    """All points, one per load case and design; without the case that a constraint leaves out, without a name where there are no cases."""
    skip = "[sweep]\nskip = [\"case == 'safe_mode' and width_mm == 800\"]\ncases = ['hot_operational', 'safe_mode']\n"
    found = planned(skip + WIDTH)
    assert sorted(map(sorted, found.designs)) == [["hot_operational"], ["hot_operational", "safe_mode"]]
    assert sorted(name for design in found.designs for name in design.values()) == sorted(point.name for point in found.points)


def test_zipped_axes_step_together(planned):
    """Two axes of three values make three points."""
    found = planned(
        """
        [[sweep.zip]]
        axes = [
            { path = "orbit.altitude_km", values = [500, 600, 700] },
            { path = "orbit.ltan_h", logspace = { from = 4, to = 16, count = 3 } },
        ]
        """
    )
    assert [tuple(point.values.values()) for point in found.points] == [(500, 4), (600, 8), (700, 16)]


def test_a_case_with_a_sweep_is_an_ordinary_case(tmp_path):
    """Nothing of [sweep] reaches the resolved case; `plan` reads it from the same file."""
    text = EDGE.read_text(encoding="utf-8") + AXES
    assert "sweep" not in loads(text).document
    path = tmp_path / "edge.toml"
    path.write_text(text, encoding="utf-8")
    found = plan(path)
    assert len(found.points) == 12
    assert "sweep" not in found.document
    assert read_table(_Only, {"sweep": read(path)["sweep"]}).faults == []
    assert loads(write(found.document), found.points[3].arguments).orbit is not None


def test_a_sweep_file_is_no_case(planned, tmp_path):
    """It says so, and what to do."""
    planned(AXES)
    with pytest.raises(CaseError, match="this file varies another case; solve all its points with `heliorack sweep run"):
        load(tmp_path / "sweep.toml")


def test_a_named_axis_is_a_column_of_that_name():
    """Tables and pictures say the name in place of the path."""
    problems: list[Problem] = []
    named = Axis(path="orbit.altitude_km", name="height", values=(500, 550))
    found = lines(Sweep(axes=(named, Axis(path="orbit.ltan_h", values=(6, 9)))), problems)
    assert [list(line.levels[0].values) for line in found] == [["height"], ["orbit.ltan_h"]]
    assert found[0].levels[0].overrides == (("orbit.altitude_km", 500),)
    assert names(found, problems) == {"height": "height", "orbit.ltan_h": "orbit.ltan_h", "ltan_h": "orbit.ltan_h"}
    assert not problems


def test_too_many_points_are_refused_with_their_number(refused):
    """Before any is made: a product beyond memory too."""
    text = "".join(ONE.replace("values = [500, 600]", "linspace = { from = 1, to = 2, count = 1000000 }") for _ in range(2))
    assert refused(text) == [
        "sweep: 1000000000000 points (1000000 x 1000000) are more than 10000; take fewer values, or raise sweep.most_points or --max-points"
    ]
    few = "sweep: 12 points (3 x 2 x 2) are more than 11; take fewer values, or raise sweep.most_points or --max-points"
    assert refused(AXES, most=11) == [few]
    assert refused("[sweep]\nmost_points = 11\n" + AXES) == [few]
