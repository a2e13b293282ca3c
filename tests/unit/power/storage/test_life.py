"""What is left of a battery after years of one orbit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from power.storage.ageing import FLAG, SCHMALSTIEG, Stress, age_in_orbit
from power.storage.battery import ANCHORS, cycles
from power.storage.life import Ageing, cycles_to_end, end_of_life, far_worn, orbit_stress
from power.storage.ocv import LIBRARY

ORBIT = 5760.0
TIMES = np.array([0.0, 2160.0, 5760.0])  # 36 min out, 60 min in
CURVE = ((0.2, 60000.0), (0.4, 20000.0), (0.8, 3000.0))


def swing(depth):
    return np.array([1.0, 1.0 - depth, 1.0])


def test_stress_of_one_orbit():
    """20 % out in 36 min (1/3 per hour) and in within 60 min (1/5 per hour): mean 0.9, rate 4/15 per hour; voltage by its curve."""
    stress, moved = orbit_stress(TIMES, swing(0.2), 298.15, LIBRARY["lg_m50"])
    assert stress.depth == pytest.approx(0.2)
    assert stress.state_of_charge == pytest.approx(0.9)
    assert stress.rate == pytest.approx(4.0 / 15.0)
    assert 4.0 < stress.voltage < 4.2
    assert moved == pytest.approx(1.0)


def test_life_curve_is_met_and_linear_in_cycles():
    """60000 cycles at 20 % cost 20 %; half of them 10 %, with 1 % a year beside it."""
    years = 30000.0 * ORBIT / (365.25 * 86400.0)
    found = end_of_life(Ageing(CURVE), TIMES, swing(0.2), years)
    assert found.capacity == pytest.approx(0.9)
    assert found.cycles == pytest.approx(30000.0)
    assert found.warnings == ()
    assert "life curve of the case: 60000 cycles to 80%" in found.law
    both = end_of_life(Ageing(CURVE, loss_per_year=0.01), TIMES, swing(0.2), years)
    assert both.capacity == pytest.approx(0.9 - 0.01 * years)


def test_between_and_beyond_the_points():
    """Straight in both logarithms: sqrt(0.2 x 0.4) gives sqrt(60000 x 20000); shallower is held, deeper carried on."""
    assert float(cycles_to_end(CURVE, np.sqrt(0.08))) == pytest.approx(np.sqrt(1.2e9))
    assert float(cycles_to_end(CURVE, 0.05)) == pytest.approx(60000.0)
    assert float(cycles_to_end(CURVE, 1.0)) == pytest.approx(3000.0 * 1.25 ** (np.log(3.0 / 20.0) / np.log(2.0)))
    assert "outside the life curve (20% to 80%), which is held" in end_of_life(Ageing(CURVE), TIMES, swing(0.1), 1.0).warnings[0]
    deep = end_of_life(Ageing(CURVE), TIMES, swing(0.9), 1.0).warnings
    assert "which is carried on" in deep[0]
    assert "below the 80% up to which" in deep[1]


@given(st.floats(0.01, 1.0), st.floats(0.01, 0.5), st.floats(0.1, 10.0))
def test_deeper_or_longer_never_leaves_more(depth, deeper, years):
    less = min(depth + deeper, 1.0)
    for ageing in (Ageing(CURVE), Ageing(law="schmalstieg_2014", voltage=3.7), Ageing(law="lfp_250_2019")):
        here = end_of_life(ageing, TIMES, swing(depth), years).capacity
        assert end_of_life(ageing, TIMES, swing(less), years).capacity <= here + 1e-12
        assert end_of_life(ageing, TIMES, swing(depth), 2.0 * years).capacity <= here + 1e-12


def test_published_law_is_flagged():
    """The same figure as the law alone; flagged, and warned of outside its depths."""
    found = end_of_life(Ageing(law="schmalstieg_2014", temperature=298.15, voltage=3.7), TIMES, swing(0.2), 5.0)
    assert found.capacity == pytest.approx(age_in_orbit(SCHMALSTIEG, Stress(298.15, 0.2, 0.9, 3.7), 5.0, ORBIT).capacity)
    assert found.resistance is not None
    assert FLAG in found.warnings[0]
    assert "Schmalstieg" in found.law
    shallow = end_of_life(Ageing(law="lfp_250_2019"), TIMES, swing(0.2), 5.0)
    assert any("depth of discharge 20% is extrapolated; measured 80% to 100%" in said for said in shallow.warnings)
    assert any("25 degC (assumed)" in said for said in shallow.assumptions)


def test_life_curve_comes_before_the_law():
    """Both given: the curve counts, the law is told beside it and warns of nothing."""
    both = end_of_life(Ageing(CURVE, law="lfp_250_2019"), TIMES, swing(0.2), 5.0)
    assert both.capacity == pytest.approx(end_of_life(Ageing(CURVE), TIMES, swing(0.2), 5.0).capacity)
    assert both.warnings == ()
    assert any("lfp_250_2019 would leave" in said and "the life curve counts" in said for said in both.assumptions)


def test_without_any_curve_the_anchors_are_shown():
    found = end_of_life(None, TIMES, swing(0.2), 5.0)
    assert found.capacity == 1.0
    assert found.cycles == pytest.approx(cycles(5.0, ORBIT))
    assert "not by an ageing law" in found.assumptions[0]
    assert all(anchor in found.assumptions[0] for anchor in ANCHORS)


def test_cycles_inside_the_orbit_are_said_to_be_left_out():
    found = end_of_life(Ageing(CURVE), [0.0, 1000.0, 2000.0, 3000.0, 5760.0], [1.0, 0.8, 0.9, 0.8, 1.0], 1.0)
    assert "1.50 times the charge of the counted cycle" in found.warnings[0]


@pytest.mark.parametrize(
    ("curve", "said"),
    [
        (((0.2, 1e4),), "at least two points"),
        (((0.4, 1e4), (0.2, 2e4)), "must rise"),
        (((0.2, 1e4), (1.4, 1e3)), "at most 1"),
        (((0.2, 1e4), (0.4, 2e4)), "must not rise"),
        ((), "needs life_curve"),
    ],
)
def test_bad_life_curves(curve, said):
    with pytest.raises(ValueError, match=said):
        Ageing(curve)


@pytest.mark.parametrize(("capacity", "said"), [(0.75, False), (0.24, True), (0.0, True)])
def test_a_law_is_not_believed_beyond_what_cells_were_worn_to(capacity, said):
    """30 years of a published law left 24 % of the battery without a word; a maker's curve says by itself how far it goes."""
    life = replace(end_of_life(Ageing(law="lfp_250_2019"), TIMES, swing(0.2), 1.0), capacity=capacity)
    found = far_worn(life, Ageing(law="lfp_250_2019"))
    assert any("fits of laboratory cells end at 70% or above" in one for one in found.warnings) == said
    assert far_worn(life, Ageing(CURVE)) == life
