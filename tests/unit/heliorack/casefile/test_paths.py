"""Paths and overrides: one addressing everywhere."""

import pytest

from heliorack.casefile.paths import Override, PathError, locate, overridden, override, spell, split

DOCUMENT = {
    "orbit": {"altitude_km": 550},
    "parts": [{"name": "tray", "size_mm": [1, 2, 3]}, {"name": "radiator"}],
    "limits": [{"on": "tray"}, {"on": "radiator"}],
    "cases": {"hot": {"environment.preset": "hot"}},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b=600", 600),
        ("a.b= 0.5 ", 0.5),
        ("a.b=true", True),
        ('a.b="hot"', "hot"),
        ("a.b=hot", "hot"),
        ("a.b=tray.gpu*", "tray.gpu*"),
        ("a.b=[1, 2]", [1, 2]),
        ('a.b={kind = "beta", beta_deg = 3}', {"kind": "beta", "beta_deg": 3}),
        ("a.b=x=y", "x=y"),
        ("a.b=True", "True"),
    ],
)
def test_value_is_toml_and_a_bare_word_is_a_string(text, value):
    """No quotes needed for a word in a shell."""
    assert override(text) == Override("a.b", value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("orbit", "orbit   must read path=value, for example orbit.altitude_km=600"),
        ("=3", "=3   must read path=value, for example orbit.altitude_km=600"),
        ("a.b=", 'a.b   no value after "="; an empty text is a.b=\'""\''),
        ("a.b={kind=}", "a.b   not a TOML value: {kind=}"),
        ('a.b="x', 'a.b   not a TOML value: "x'),
        ("a.b=1\nc = 2", "a.b   not a TOML value: 1\nc = 2"),
    ],
)
def test_malformed_override_is_refused(text, words):
    """What starts like TOML and is none is not taken for a word."""
    with pytest.raises(PathError) as caught:
        override(text)
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("orbit.altitude_km", ("orbit", "altitude_km")),
        ("parts.radiator.width_mm", ("parts", 1, "width_mm")),
        ("parts.0.size_mm.2", ("parts", 0, "size_mm", 2)),
        ("limits.1.max_degC", ("limits", 1, "max_degC")),
        ('cases.hot."environment.preset"', ("cases", "hot", "environment.preset")),
        ("attitude.point.axis", ("attitude", "point", "axis")),
    ],
)
def test_path_leads_to_its_place(path, location):
    """By name, by position where there is none, and through tables that are not there yet."""
    assert locate(DOCUMENT, path) == location


@pytest.mark.parametrize("path", ["orbit.altitude_km", "parts.radiator.width_mm", "limits.1.on", 'cases.hot."environment.preset"'])
def test_spelling_is_the_inverse(path):
    """Messages and --set speak the same."""
    assert spell(DOCUMENT, locate(DOCUMENT, path)) == path


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("parts.radiatr.width_mm", "parts.radiatr   no such item; did you mean radiator?"),
        ("parts.x.width_mm", "parts.x   no such item; there are tray and radiator"),
        ("limits.2.on", "limits.2   no such item; positions go from 0 to 1"),
        ("orbit.altitude_km.x", "orbit.altitude_km.x   orbit.altitude_km is not a table and has nothing inside"),
        ("orbit..x", "orbit..x   not a path; write names with dots between them, as in parts.radiator.width_mm"),
        ("", "   not a path; write names with dots between them, as in parts.radiator.width_mm"),
    ],
)
def test_path_that_leads_nowhere_says_where_it_ends(path, words):
    """With a suggestion."""
    with pytest.raises(PathError) as caught:
        locate(DOCUMENT, path)
    assert str(caught.value) == words


def test_two_items_of_one_name_cannot_be_addressed_by_it():
    """Neither would be right."""
    with pytest.raises(PathError, match="2 items of parts have this name"):
        locate({"parts": [{"name": "a"}, {"name": "a"}]}, "parts.a.x")


def test_override_copies_replaces_and_makes_tables():
    """A table replaces the table; missing tables are made; the document stays as it was."""
    changed = overridden(DOCUMENT, [override("orbit={beta_deg=3}"), override("run.kind=steady"), override("parts.tray.size_mm.0=9")])
    assert changed["orbit"] == {"beta_deg": 3}
    assert changed["run"] == {"kind": "steady"}
    assert changed["parts"][0]["size_mm"] == [9, 2, 3]
    assert DOCUMENT["orbit"] == {"altitude_km": 550}
    assert DOCUMENT["parts"][0]["size_mm"] == [1, 2, 3]


def test_steps_in_quotes_may_hold_dots():
    """As keys of load cases do."""
    assert split('cases.cold."compute.gpu.profile"') == ["cases", "cold", "compute.gpu.profile"]
