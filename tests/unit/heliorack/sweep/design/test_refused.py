"""Sweeps that are refused, in which words."""

import pytest

import cases

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
    if apply == "factor":
        zero = "the case says 0 here, which no factor changes"
        assert zero in refused(over + '"parts.panel.heat_W"')[0]
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
        (
            '[[sweep.axes]]\npath = "size.solves"\nvalues = [7, 8]',
            "sweep.axes.0: size.solves changes nothing: a point of a sweep is a run, which does not look at [size]",
        ),
        (
            '[[sweep.axes]]\npath = "parts.panel.name"\nvalues = ["a", "b"]',
            "sweep.axes.0: parts.panel.name changes how other tables speak of it, and nothing else; vary what it is, or sets of keys in "
            "[[sweep.named]]",
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


def test_base_case_with_faults_is_refused_with_all_of_them(refused):
    """As `heliorack check` would list them."""
    found = refused(ONE, overrides=["orbit.altitude_km=1", "parts.panel.material=unobtainium"])
    assert [each.partition(":")[0] for each in found] == ["orbit.altitude_km", "parts.panel.material"]


def test_nodes_and_loops_alone_are_no_sweep(refused):
    """All of their points failed with 'there is nothing to mesh', one after another."""
    (said,) = refused('[[sweep.axes]]\npath = "power.base_load_W"\nvalues = [1, 2]\n', base=cases.path("rack_120kw"))
    assert said.startswith("parts: missing; points of a sweep are meshed")
