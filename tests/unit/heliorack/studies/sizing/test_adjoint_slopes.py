"""Which keys of a sizing take slopes from adjoints, and what is said of those that do not."""

import pytest
from case_text import orbit
from sizing_cases import PLATE

from heliorack.case.case import examine
from heliorack.casefile.document import parse
from heliorack.studies.sizing.adjoint_slopes import by_differences, candidates, keys_of, why_none
from heliorack.studies.sizing.variables import space_of

LENGTH = '"parts.plate.length_mm" = { from = 100, to = 900 }\n'
EMITTANCE = '"coatings.grey.infrared_emittance" = { from = 0.3, to = 0.9 }\n'
CAPACITY = '"materials.metal.specific_heat_J_kgK" = { from = 300, to = 1200 }\n'
CONDUCTIVITY = '"materials.metal.conductivity_W_mK" = { from = 300, to = 3000 }\n'
SKY = PLATE.replace("[environment]\nsink_K = 0\n", "").replace('kind = "steady"', 'kind = "periodic"') + orbit(30, point=("+z", "zenith"))
BUS = '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\n'


def asked(lines, case=PLATE, ranks=1):
    """Keys that take adjoints, those that could, and why these do not."""
    document = parse(f"{case}[size.vary]\n{lines}", "plate.toml")
    base = examine(document, "plate.toml").base
    about = space_of(base, document).variables, [base], ranks
    return keys_of(*about), candidates(about[0]), why_none(*about)


def test_a_steady_state_takes_all_keys_but_lengths():
    """The length moves the mesh: it has differences without a word."""
    keys, could, why = asked(LENGTH + EMITTANCE)
    assert keys == could == ("coatings.grey.infrared_emittance",)
    assert not why


@pytest.mark.parametrize(
    ("lines", "case", "ranks", "words"),
    [
        (EMITTANCE, PLATE, 2, "on several processes"),
        (EMITTANCE + CAPACITY + CONDUCTIVITY, SKY + BUS, 1, "[power]: array and battery follow it too"),
        (EMITTANCE + CAPACITY, SKY, 1, "over an orbit an adjoint costs as much as another design; taken for 3 such keys at least"),
        (EMITTANCE, PLATE.replace('kind = "steady"', 'kind = "transient"\nduration_s = 60\nstart_degC = 20'), 1, 'run.kind = "transient"'),
        (EMITTANCE + CAPACITY + CONDUCTIVITY, SKY + "[solver]\nreduced = true\n", 1, "solver.reduced"),
    ],
    ids=["processes", "bus", "two keys over an orbit", "transient", "reduced"],
)
def test_why_there_are_none(lines, case, ranks, words):
    """By the first that stands in the way."""
    keys, could, why = asked(lines, case, ranks)
    assert not keys
    assert len(could) == lines.count("\n")
    assert why.startswith(words)


def test_three_keys_over_an_orbit_are_enough():
    """Without a bus."""
    keys, could, why = asked(EMITTANCE + CAPACITY + CONDUCTIVITY, SKY)
    assert len(keys) == len(could) == 3
    assert not why


def test_one_sentence_has_all_keys_by_reason():
    """Nothing is said where there is nothing to say."""
    assert by_differences({}) == ()
    (said,) = by_differences({"a": "first", "b": "second", "c": "first"})
    assert said.endswith(": a, c (first); b (second)")
