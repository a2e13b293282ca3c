"""Points of a sweep: how many, in which order, under which names; samples, failures, and what is refused in which words."""

from itertools import pairwise
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cases
from heliorack.case.case import load, loads
from heliorack.case.sweep import Axis, Lognormal, Normal, Samples, Sweep, Triangular, Uniform
from heliorack.casefile.decode import read as read_table
from heliorack.casefile.document import read, write
from heliorack.casefile.errors import CaseError, Problem
from heliorack.casefile.patterns import matching
from heliorack.sweep.design.axes import lines
from heliorack.sweep.design.constraints import ConstraintError, constraint
from heliorack.sweep.design.plan import plan, snake
from heliorack.sweep.design.plan_checks import names
from heliorack.sweep.design.samples import quantiles, unit_samples
from heliorack.sweep.design.source import _Only
from meshes.parts import all_solids
from power.system.mass import ARRAY_AREAL_MASS

EDGE = cases.path("edge_node")
TRAY = cases.path("gpu_tray_leo")

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


@pytest.fixture
def planned(tmp_path):
    """Plan of a sweep over a shipped case, from the text of its table."""

    def of(text, base=EDGE, **more):
        path = tmp_path / "sweep.toml"
        path.write_text(f'case = "{base}"\n{text}', encoding="utf-8")
        return plan(path, **more)

    return of


@pytest.fixture
def refused(planned):
    """The message, without its first line, with which a sweep is refused."""

    def of(text, **more):
        with pytest.raises(CaseError) as caught:
            planned(text, **more)
        return [f"{problem.path}: {problem.message}" for problem in caught.value.problems]

    return of


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


# ------------------------------------------------------------------------------------------------------------------ samples

OVER = [
    Uniform(kind="uniform", path="a", low=-1.0, high=3.0),
    Normal(kind="normal", path="b", mean=10.0, std=2.0),
    Normal(kind="normal", path="b", mean=1.0, std=0.5, low=0.8, high=1.1),
    Lognormal(kind="lognormal", path="c", median=2000.0, sigma=0.3),
    Triangular(kind="triangular", path="d", low=1.0, mode=1.5, high=4.0),
]
MEANS = [1.0, 10.0, None, 2000.0 * np.exp(0.3**2 / 2), (1.0 + 1.5 + 4.0) / 3]


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
@pytest.mark.parametrize("seed", [0, 7])
def test_samples_fill_every_stratum_once(method, seed):
    """Each of n equal slices of every axis holds one of n = 2^m samples; the same seed gives the same samples, another seed others."""
    samples = Samples(method=method, count=64, seed=seed, over=tuple(OVER))
    found, _ = unit_samples(samples)
    assert found.shape == (64, 5)
    for column in found.T:
        assert sorted((column * 64).astype(int)) == list(range(64))
    assert (found == unit_samples(samples)[0]).all()
    assert (found != unit_samples(Samples(method=method, count=64, seed=seed + 1, over=tuple(OVER)))[0]).any()


@pytest.mark.parametrize(
    ("over", "mean"), list(zip(OVER, MEANS, strict=True)), ids=["uniform", "normal", "truncated", "lognormal", "triangular"]
)
def test_samples_follow_their_distribution(over, mean):
    """Mid-strata give the mean within the quadrature error of 4096 points, and nothing lies outside the bounds."""
    u = (np.arange(4096) + 0.5) / 4096
    found = quantiles(over, u)
    assert (np.diff(found) > 0).all()
    low, high = getattr(over, "low", None), getattr(over, "high", None)
    assert low is None or found.min() >= low
    assert high is None or found.max() <= high
    if mean is not None:
        assert found.mean() == pytest.approx(mean, rel=1e-3)
    if isinstance(over, Lognormal):
        assert quantiles(over, np.array([0.5])) == pytest.approx([over.median], rel=1e-12)


def test_a_sample_scales_or_shifts_what_the_case_says(planned):
    """A factor on an entry of the library writes the entry out; a difference adds to what an axis has set."""
    found = planned(
        """
        [[sweep.axes]]
        path = "contacts.0.conductance_W_m2K"
        values = [1000, 3000]
        [sweep.samples]
        count = 4
        seed = 3
        [[sweep.samples.over]]
        path = "coatings.z93.solar_absorptance"
        kind = "uniform"
        low = 0.9
        high = 1.2
        apply = "factor"
        [[sweep.samples.over]]
        path = "contacts.0.conductance_W_m2K"
        name = "joint"
        kind = "uniform"
        low = -100
        high = 100
        apply = "add"
        """
    )
    assert len(found.points) == 8
    for point in found.points:
        made = load(EDGE, point.arguments, point.case)
        factor, shift = point.values["coatings.z93.solar_absorptance.factor"], point.values["joint"]
        assert 0.9 <= factor <= 1.2
        assert made.coatings["z93"].solar_absorptance == pytest.approx(0.17 * factor, rel=1e-9)
        assert made.coatings["z93"].infrared_emittance == 0.92
        assert made.contacts[0].conductance == pytest.approx(point.values["contacts.0.conductance_W_m2K"] + shift, rel=1e-9)
    assert found.geometries == 1  # contacts and coatings leave the mesh as it is


# ----------------------------------------------------------------------------------------------------------------- failures


def failing(planned, table, base=TRAY):
    """The points of one [[sweep.failures]], the intact one first, with their cases."""
    found = planned(f"[[sweep.failures]]\n{table}", base)
    made = {point.values["failure"]: load(base, point.arguments, point.case) for point in found.points}
    assert found.points[0].values == {"failure": "none"}
    return made


def test_lost_heat_leaves_the_other_devices(planned):
    """At a fifth, one of four modules is a load of its own with a fifth of the power; lost, it is no device any more."""
    made = failing(planned, 'kind = "part_heat"\npattern = "module2"\nremaining = 0.2', EDGE)["part_heat module2 0.2"]
    names = [solid.name for solid in all_solids(made.parts)]
    rest, own = made.compute
    assert matching(rest.parts, names) == ("module1", "module3", "module4")
    assert matching(own.parts, names) == ("module2",)
    assert (own.peak, own.idle) == pytest.approx((23.0, 5.0))
    lost = failing(planned, 'kind = "part_heat"', EDGE)
    assert len(lost) == 1 + 4 + 1
    assert len(lost["part_heat module2"].compute) == 1
    stage = lost["part_heat power_stage"]
    assert [solid.heat for solid in all_solids(stage.parts) if solid.name == "power_stage"] == [0.0]


def test_a_lost_device_stays_lost_in_a_load_case_that_sets_its_load(planned):
    """Overrides of the load case come first; those of a point hold."""
    found = planned('[[sweep.failures]]\nkind = "part_heat"\npattern = "module2"', cases=["safe_mode"])
    made = load(EDGE, found.points[1].arguments, "safe_mode")
    assert made.compute[0].parts == "module* except module2"
    assert made.compute[0].profile.kind == "duty"


def test_a_lost_contact_is_a_gap_and_a_weak_one_conducts_less(planned):
    """A contact of several pairs keeps the others; a contact of one pair is replaced."""
    from heliorack.model.interfaces import contact_of

    made = failing(planned, 'kind = "contact"', EDGE)
    assert set(made) == {
        "none",
        *(f"contact panel - {name}" for name in ("module1", "module2", "module3", "module4", "power_stage", "battery")),
    }
    lost = made["contact panel - module3"].contacts
    assert lost[contact_of(lost, "panel", "module3")].gap
    assert lost[contact_of(lost, "panel", "module1")].conductance == 2000
    assert len(made["contact panel - battery"].contacts) == 3
    assert set(failing(planned, 'kind = "contact"\npattern = "battery - panel"', EDGE)) == {"none", "contact panel - battery"}
    weak = failing(planned, 'kind = "contact"\npattern = "battery"\nremaining = 0.25', EDGE)["contact panel - battery 0.25"]
    assert weak.contacts[contact_of(weak.contacts, "battery", "panel")].conductance == 2.5


def test_a_lost_pipe_conducts_like_the_panel_and_keeps_its_mass(planned):
    """50000 W/mK along the pipe become the core's 9.17 W/mK, or the mean of both at a half."""
    made = failing(planned, 'kind = "pipe"\npattern = "radiator.pipe7"\nremaining = 0.5')["pipe radiator.pipe7 0.5"]
    material = {solid.name: made.materials[solid.material] for solid in all_solids(made.parts)}
    assert np.diag(material["radiator.pipe7"].tensor()) == pytest.approx([25004.585, 25004.585, 25000.825])
    assert material["radiator.pipe7"].density == material["radiator.pipe8"].density
    assert np.diag(material["radiator.pipe8"].tensor()) == pytest.approx([50000] * 3)
    lost = failing(planned, 'kind = "pipe"')
    assert len(lost) == 21


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('{ pipe21 = "heat_pipe" }', "pipe21: no such pipe; there are 20, from pipe1"),
        ('{ pipe2 = "heat_pip" }', 'parts.radiator.pipe_materials.pipe2 = "heat_pip"   unknown material; did you mean heat_pipe?'),
    ],
)
def test_material_of_a_single_pipe_is_checked(table, words):
    """The pipe exists, and so does the material."""
    with pytest.raises(CaseError) as caught:
        load(TRAY, [f"parts.radiator.pipe_materials={table}"])
    assert words in str(caught.value)


def test_a_lost_panel_or_string_takes_its_cells(planned):
    """Half of the array's area with one of two wings, a fortieth of its cells with one of forty strings; the mass stays."""
    made = failing(planned, 'kind = "panel"')
    one = made["panel wing_north:+x"]
    faces = [f"{solid.name}:{face}" for solid in all_solids(one.parts) for face in solid.faces]
    assert matching(one.power.array_faces, faces) == ("wing_south:+x",)
    assert (one.power.packing, one.power.array_area) == pytest.approx((0.9, 19.6))
    assert one.power.array_area * one.power.array_areal_mass == pytest.approx(
        39.2 * made["none"].power.array_areal_mass
        if made["none"].power.array_areal_mass
        else 39.2 * ARRAY_AREAL_MASS - 9.8 * 2 * 0.02 * 150
    )
    string = failing(planned, 'kind = "string"\nstrings = 40')["string 1-of-40"]
    assert string.power.packing == pytest.approx(0.9 * 39 / 40)


WINGS = """
[[power.wings]]
name = "north"
series = 8
parallel = 300
faces = "wing_north:+x"

[[power.wings]]
name = "all"
series = 8
parallel = 100
"""


def test_strings_that_the_case_names_are_lost_from_it(planned, tmp_path):
    """300 strings on one wing and 100 on both: without that wing 50 are left of 400, of the same mass."""
    base = tmp_path / "strings.toml"
    text = TRAY.read_text(encoding="utf-8").replace("array_area_m2 = 39.2\n", "array_areal_mass_kg_m2 = 8\n")
    base.write_text(text.replace("[[limits]]", f"{WINGS}\n[[limits]]", 1), encoding="utf-8")
    panel = failing(planned, 'kind = "panel"', base)
    none, lost = panel["none"].power, panel["panel wing_north:+x"].power
    assert [(wing.name, wing.parallel) for wing in lost.wings] == [("all", 50)]
    assert lost.packing == none.packing
    assert lost.given_area == pytest.approx(none.given_area * 50 / 400, rel=1e-12)
    lighter = none.given_area * 8 - lost.given_area * lost.array_areal_mass
    assert lighter == pytest.approx(9.8 * 2 * 0.02 * 150)  # the wing as meshed, which counts by itself
    string = failing(planned, 'kind = "string"\nremaining = 0.5', base)
    assert set(string) == {"none", "string north 1-of-300 0.5", "string all 1-of-100 0.5"}
    assert string["string all 1-of-100 0.5"].power.losses.mismatch == pytest.approx(1 - 0.5 / 400)
    with pytest.raises(CaseError, match=r"failures.0.strings   belongs to an array without \[\[power.wings\]\]"):
        failing(planned, 'kind = "string"\nstrings = 9', base)


# ------------------------------------------------------------------------------------------------------------------ refused

ONE = '[[sweep.axes]]\npath = "orbit.altitude_km"\nvalues = [500, 600]\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ONE.replace("altitude_km", "altitud_km"), "sweep.axes.0.path: orbit.altitud_km = 500: unknown key; did you mean altitude_km?"),
        (
            '[[sweep.axes]]\npath = "parts.panle.width_mm"\nvalues = [1]',
            "sweep.axes.0.path: parts.panle: no such item; did you mean panel?",
        ),
        (
            '[[sweep.axes]]\npath = "parts.panel.coating"\nvalues = ["z39"]',
            'sweep.axes.0.path: parts.panel.coating = "z39": unknown coating; did you mean z93?',
        ),
        (ONE.replace("500", "50"), "sweep.axes.0.path: orbit.altitude_km = 50: must be at least 150 km"),
        (ONE.replace("[500, 600]", "[]"), "sweep.axes.0.values: is empty; an axis needs at least one value"),
        (ONE.replace("[500, 600]", "[500, 500]"), "sweep.axes.0.values: 500 stands twice; every point would be run again"),
        (ONE + ONE, "sweep.axes.1: orbit.altitude_km is varied by sweep.axes.0 already; every key has one axis"),
        (
            ONE + 'name = "x"\n[[sweep.axes]]\nname = "x"\npath = "orbit.ltan_h"\nvalues = [9]',
            "sweep.axes.1: the name x is used twice; give every axis a name of its own",
        ),
        (
            ONE.replace("500,", "500, nan, 550, -inf,"),
            "sweep.axes.0.values: -inf, nan stands among the values; every number must be finite",
        ),
        (
            '[[sweep.named]]\nname = "h"\nsets = { a = { "orbit.altitude_km" = inf } }',
            "sweep.named.h.sets.a: orbit.altitude_km must be finite",
        ),
        (
            '[[sweep.axes]]\npath = "parts.panel.width_mm"\nvalues = [800, "900", 1000]',
            'sweep.axes.0.path: parts.panel.width_mm = "900": must be ',
        ),
        ("[sweep]\n", "sweep: varies nothing; give axes, named, zip, samples or failures"),
        ('[sweep]\nskip = ["altitude_km > 1"]\n' + ONE, "sweep.skip: leaves out every one of 2 points"),
        (
            '[sweep]\nskip = ["altitud_km > 1"]\n' + ONE,
            "sweep.skip.0: refers to altitud_km, which is no axis; did you mean altitude_km?",
        ),
        ("[sweep]\nskip = [\"altitude_km > 'a'\"]\n" + ONE, "sweep.skip.0: cannot be worked out"),
        ('[sweep]\ncases = ["hot"]\n' + ONE, "sweep.cases: no such load case; did you mean hot_operational?"),
        (
            '[[sweep.zip]]\naxes = [{ path = "orbit.altitude_km", values = [1, 2] }, { path = "orbit.ltan_h", values = [1] }]',
            "sweep.zip.0.axes: step together and must be of equal length; there are orbit.altitude_km 2, orbit.ltan_h 1",
        ),
        ('[[sweep.failures]]\nkind = "pipe"', "sweep.failures.0.pattern: the case has no heat pipe that could fail"),
        (
            '[[sweep.failures]]\nkind = "part_heat"\npattern = "modul1"',
            "sweep.failures.0.pattern: no such part with heat; did you mean module1?",
        ),
        ('[[sweep.failures]]\nkind = "string"\nstrings = 9', "sweep.failures.0: power.array_area_m2: missing; an array that is sized"),
        (
            '[[sweep.failures]]\nkind = "string"',
            "sweep.failures.0.strings: missing; the number of equal strings of the array, since the case",
        ),
        ('[[sweep.failures]]\nkind = "pipe"\nstrings = 9', 'sweep.failures.0.strings: belongs to kind = "string"'),
    ],
)
def test_bad_sweep_is_refused_in_one_line(refused, text, words):
    """Where, what, and what to try."""
    found = refused(text)
    assert len(found) == 1
    assert found[0].startswith(words)


@pytest.mark.parametrize("apply", ["factor", "add"])
def test_misspelt_key_of_a_relative_sample_is_refused_like_any_other(refused, apply):
    """With what was probably meant; a key that exists and has no value is said to have none."""
    over = f'[sweep.samples]\ncount = 4\n[[sweep.samples.over]]\nkind = "uniform"\nlow = 0.9\nhigh = 1.1\napply = "{apply}"\npath = '
    assert refused(over + '"parts.panel.widht_mm"') == ["sweep.samples.over: parts.panel.widht_mm: unknown key; did you mean width_mm?"]
    assert refused(over + '"power.array_area_m2"')[0].endswith('nothing here to scale or add to; sample it with apply = "value"')


WIDTH = '[[sweep.axes]]\npath = "parts.panel.width_mm"\nvalues = [800, 1000]\n'
SAMPLE = '[sweep.samples]\ncount = 4\n[[sweep.samples.over]]\nkind = "uniform"\nlow = 800\nhigh = 900\npath = "parts.panel.width_mm"\n'
TWICE = "is varied by sweep.axes.0 already; every key has one axis"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            WIDTH + '[[sweep.named]]\nname = "size"\nsets = { a = { "parts.panel.width_mm" = 700 } }',
            f"sweep.named.size.sets.a: parts.panel.width_mm {TWICE}",
        ),
        (WIDTH + WIDTH.replace("panel", "0"), f"sweep.axes.1: parts.0.width_mm {TWICE} (parts.panel.width_mm there)"),
        (WIDTH + SAMPLE, f"sweep.samples.over.0: parts.panel.width_mm {TWICE}"),
        (
            WIDTH + '[[sweep.axes]]\npath = "parts.panel"\nvalues = [{ name = "panel" }]',
            f"sweep.axes.1: parts.panel {TWICE} (parts.panel.width_mm there)",
        ),
        (
            '[[sweep.zip]]\naxes = [{ path = "orbit.ltan_h", values = [1, 2] }, { path = "orbit.ltan_h", values = [3, 4] }]',
            "sweep.zip.0.axes.1: orbit.ltan_h is varied by sweep.zip.0.axes.0 already; every key has one axis",
        ),
        (
            '[[sweep.axes]]\npath = "orbit.ltan_h"\nvalues = [6, 9]\n'
            "[[sweep.axes]]\npath = 'cases.hot_operational.\"orbit.ltan_h\"'\nvalues = [7, 8]",
            f'sweep.axes.1: cases.hot_operational."orbit.ltan_h" {TWICE} (orbit.ltan_h there)',
        ),
        (
            "[[sweep.axes]]\npath = 'cases.safe_mode.\"orbit.ltan_h\"'\nvalues = [7, 8]",
            'sweep.axes.0: cases.safe_mode."orbit.ltan_h" changes nothing; load cases of this sweep: hot_operational. '
            "Add safe_mode to sweep.cases, or vary orbit.ltan_h in all of them",
        ),
    ],
)
def test_a_key_that_another_axis_varies_is_refused(refused, text, words):
    """Under any spelling, inside a set, a zip or a sample, or as part of what another axis replaces; so is a key without effect."""
    assert refused(text) == [words]


def test_sets_of_one_name_and_keys_of_two_load_cases_are_no_clash(planned):
    """Sets take turns; each load case has its own key; a factor works on what an axis sets."""
    sets = '[[sweep.named]]\nname = "size"\nsets = { a = { "parts.panel.width_mm" = 700 }, b = { "parts.panel.width_mm" = 800 } }\n'
    assert len(planned(sets).points) == 2
    keys = [f"[[sweep.axes]]\nname = '{case}'\npath = 'cases.{case}.\"orbit.ltan_h\"'\nvalues = [7, 8]\n" for case in CASES]
    assert len(planned("".join(keys), cases=CASES).points) == 8
    assert len(planned(WIDTH + SAMPLE.replace("800", "0.9").replace("900", "1.1") + 'apply = "factor"\nname = "k"').points) == 8


CASES = ("hot_operational", "safe_mode")


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ('kind = "uniform"\nlow = 2\nhigh = 1', "high: must lie above low (2)"),
        ('kind = "normal"\nmean = 2\nstd = 0', "std: must be above 0"),
        ('kind = "normal"\nmean = 2', "std: missing; standard deviation before any cut"),
        ('kind = "triangular"\nlow = 1\nmode = 5\nhigh = 2', "mode: must lie between low and high (1 and 2)"),
        ('kind = "lognormal"\nmedian = -1\nsigma = 0.1', "median: must be above 0"),
        ('kind = "gauss"', 'kind: must be "uniform", "normal", "lognormal" or "triangular"'),
    ],
)
def test_distribution_with_wrong_parameters_is_refused(refused, over, words):
    """At its own place."""
    found = refused(f'[sweep.samples]\ncount = 4\n[[sweep.samples.over]]\npath = "orbit.ltan_h"\n{over}')
    assert found == [f"sweep.samples.over.0.{words}"]


def test_too_many_points_are_refused_with_their_number(refused):
    """Before any is made: a product beyond memory too."""
    text = "".join(ONE.replace("values = [500, 600]", "linspace = { from = 1, to = 2, count = 1000000 }") for _ in range(2))
    assert refused(text) == [
        "sweep: 1000000000000 points (1000000 x 1000000) are more than 10000; take fewer values, or raise sweep.most_points or --max-points"
    ]
    few = "sweep: 12 points (3 x 2 x 2) are more than 11; take fewer values, or raise sweep.most_points or --max-points"
    assert refused(AXES, most=11) == [few]
    assert refused("[sweep]\nmost_points = 11\n" + AXES) == [few]


def test_base_case_with_faults_is_refused_with_all_of_them(refused):
    """As `heliorack check` would list them."""
    found = refused(ONE, overrides=["orbit.altitude_km=1", "parts.panel.material=unobtainium"])
    assert [each.partition(":")[0] for each in found] == ["orbit.altitude_km", "parts.panel.material"]


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "a.__class__", "[x for x in a]", "a ** 9", "f'{a}'", "lambda: 1", "a if b else 1", "a[0]", "a is b", "-" * 500],
)
def test_constraint_runs_nothing(text):
    """Only comparisons, arithmetic and logic of names are read."""
    with pytest.raises(ConstraintError):
        constraint(text, {"a": "a", "b": "b"})


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("a > 1", True),
        ("1 < a <= 2 and not b == 'z'", False),
        ("a * 2 + 1 == 5 or false", True),
        ("b in ['y', 'z']", True),
        ("orbit.altitude_km / a < 250", False),
        ("-a < 0 and true", True),
    ],
)
def test_constraint_means_what_it_says(text, holds):
    """Python's own meaning of the same words."""
    values = {"a": 2, "b": "z", "orbit.altitude_km": 550}
    assert constraint(text, {name: name for name in values}).holds(values) is holds


def test_a_named_axis_is_a_column_of_that_name():
    """Tables and pictures say the name in place of the path."""
    problems: list[Problem] = []
    named = Axis(path="orbit.altitude_km", name="height", values=(500, 550))
    found = lines(Sweep(axes=(named, Axis(path="orbit.ltan_h", values=(6, 9)))), problems)
    assert [list(line.levels[0].values) for line in found] == [["height"], ["orbit.ltan_h"]]
    assert found[0].levels[0].overrides == (("orbit.altitude_km", 500),)
    assert names(found, problems) == {"height": "height", "orbit.ltan_h": "orbit.ltan_h", "ltan_h": "orbit.ltan_h"}
    assert not problems
