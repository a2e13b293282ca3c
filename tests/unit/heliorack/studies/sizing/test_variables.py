"""What [size] may say of a case: every fault in words, with its place."""

import pytest
from case_text import orbit
from sizing_cases import PLATE

from heliorack.case.case import examine
from heliorack.casefile.document import parse
from heliorack.casefile.errors import CaseError
from heliorack.studies.sizing.variables import refuse_nothing, space_of

POWER = (
    orbit(30, point=("+z", "zenith"))
    + """
[power]
cell = "azur_3g30"
battery = "lg_mj1"
"""
)


NO_SKY = PLATE.replace("[environment]\nsink_K = 0\n", "")


def space(table, case=PLATE):
    document = parse(case + table, "plate.toml")
    return space_of(examine(document, "plate.toml").base, document)


def vary(lines):
    return f"[size.vary]\n{lines}\n"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            '"parts.plate.length_mm" = { from = 600, to = 900 }',
            "from 600 to 900 leaves out the case's own value, 500; the start must lie in the range",
        ),
        ('"parts.plate.lenght_mm" = { from = 600, to = 900 }', "the case says nothing at parts.plate.lenght_mm"),
        ('"parts.plat.length_mm" = { from = 100, to = 900 }', "no such"),
        ('"parts.plate.length_mm" = { from = 900, to = 100 }', "must lie above from"),
        ('"parts.plate.length_mm" = { from = 100 }', "is missing; a range has two ends"),
        ('"parts.plate.length_mm" = { from = -5, to = 900 }', "must be above 0"),
        ('"parts.plate.coating" = { from = 1, to = 2 }', 'the case says "insulated", which is no number; give choices'),
        ('"parts.plate.coatings.+z" = { choices = ["grey", "gray"] }', "unknown coating; did you mean grey?"),
        ('"parts.plate.coatings.+z" = { choices = ["dark", "z93"] }', 'the case\'s own value, "grey", is not among them'),
        ('"parts.plate.coatings.+z" = { choices = [] }', "is empty; give the values that the key may have"),
        ('"solver.tolerance_K" = { from = 0.01, to = 1 }', "says how the case is solved or judged; only what is flown may vary"),
        ('"limits.0.max_degC" = { from = 10, to = 90 }', "says how the case is solved or judged"),
        ('"parts.plate.length_mm" = { from = 100, to = 900, also = ["parts.plate.width_mm"] }', "keys that vary together start together"),
        ('"power.array_area_m2" = { from = 1, to = 2 }', "the case has no [power]"),
    ],
)
def test_a_fault_of_a_range_or_a_choice_has_its_words(lines, words):
    """What was found, and what to write instead."""
    with pytest.raises(CaseError) as error:
        space(vary(lines))
    assert words in str(error.value)
    assert "size.vary" in str(error.value)


def test_a_size_given_and_ranged_at_once_is_refused():
    """A run finds a size only where the case leaves it open."""
    with pytest.raises(CaseError, match=r"is given \(2\) and ranged at once; take power.array_area_m2 out of \[power\]"):
        space(vary('"power.array_area_m2" = { from = 1, to = 3 }'), NO_SKY + POWER + "array_area_m2 = 2\n")


def test_a_size_that_is_open_is_bounded_by_its_range():
    """The range of a size that a run finds is no variable of the search."""
    found = space(vary('"power.array_area_m2" = { from = 1, to = 3 }'), NO_SKY + POWER)
    assert found.array == (1.0, 3.0)
    assert not found.variables


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("[size]\nmargin_K = -1\n", "size.margin_K = -1   must be at least 0 K"),
        ("[size.margins]\nplate = -1\n", "size.margins.plate = -1   must be at least 0"),
        ("[size.margins]\nplaet = 5\n", "did you mean plate?"),
        ('[size]\nminimise = "weight"\n', 'must be "mass", "area" or "cost"'),
        ('[size]\nminimise = "cost"\n', "size.prices"),
        ("[size]\nminimise = { per_kg = 0 }\n", "all weights are 0"),
        ("[size]\nsolve = 5\n", "did you mean solves?"),
    ],
)
def test_a_fault_of_goal_or_margins_has_its_words(table, words):
    """Faults of the table itself come with those of all others."""
    with pytest.raises(CaseError) as error:
        space(table)
    assert words in str(error.value)


def test_margins_of_nodes_alone_are_of_nodes_that_are_there():
    """A case without parts took any name in silence."""
    node = '[[network.nodes]]\nname = "node"\nheld_degC = 5\n[[limits]]\non = "node"\nmax_degC = 9\n[run]\nkind = "steady"\n'
    with pytest.raises(CaseError, match=r"size.margins.nodd = 5.0 .* did you mean node\?"):
        space("[size.margins]\nnodd = 5\n", node)


def test_nothing_to_size_is_said():
    """A case without anything that varies, array and battery included."""
    document = parse(PLATE, "plate.toml")
    base = examine(document, "plate.toml").base
    with pytest.raises(CaseError, match="there is nothing to size; write"):
        refuse_nothing(base, space_of(base, document))


def test_a_choice_starts_with_the_value_of_the_case():
    """The case's own design is the first combination."""
    found = space(vary('"parts.plate.coatings.+z" = { choices = ["dark", "grey"] }'))
    assert found.combinations() == (("grey",), ("dark",))


def test_values_go_to_the_search_and_back():
    """Lengths by their logarithm; values as they are written, to seven figures."""
    found = space(vary('"parts.plate.length_mm" = { from = 100, to = 900 }'))
    assert found.overrides(found.start, ()) == (("parts.plate.length_mm", 500.0),)
    low, high = found.bounds
    assert found.overrides(high, ()) == (("parts.plate.length_mm", 900.0),)
    assert found.overrides(low, ()) == (("parts.plate.length_mm", 100.0),)


def test_a_key_that_a_load_case_says_too_is_refused():
    """What varies has one value in all load cases."""
    with pytest.raises(CaseError, match=r"cases\.warm says parts\.plate\.heat_W too; what varies has one value in all load cases"):
        space(vary('"parts.plate.heat_W" = { from = 10, to = 90 }') + '[cases.warm]\n"parts.plate.heat_W" = 70\n')
