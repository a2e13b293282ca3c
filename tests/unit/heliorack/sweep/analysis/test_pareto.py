"""The front is what no other design beats, and its slope that of a straight one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliorack.sweep.analysis.pareto import front, slope

few = st.sampled_from([0.0, 1.0, 2.0, 3.0, np.nan])  # many ties
designs = st.lists(st.tuples(few, few, few), max_size=25)


def beats(one, other, signs) -> bool:
    """Whether a design is no worse in anything and better in something, figure by figure."""
    pairs = [(s * a, s * b) for a, b, s in zip(one, other, signs, strict=True)]
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


@given(designs, st.tuples(*[st.sampled_from(["min", "max"])] * 3))
def test_front_is_what_nothing_beats(rows, better):
    """Against the definition, pair by pair; a design without a figure neither stands on the front nor keeps another off it."""
    signs = [1 if way == "min" else -1 for way in better]
    known = [i for i, row in enumerate(rows) if not any(np.isnan(row))]
    wanted = {i for i in known if not any(beats(rows[j], rows[i], signs) for j in known)}
    found = front(np.array(rows, dtype=float).reshape(-1, 3), better)
    assert set(found.tolist()) == wanted
    assert sorted(rows[i][0] for i in found) == [rows[i][0] for i in found]


def test_slope_of_a_straight_front():
    """Half a kilogram for each kelvin; nothing where nothing is traded."""
    assert slope(np.array([[10.0, 0.0], [11.0, 2.0], [13.0, 6.0]])) == pytest.approx(0.5)
    assert slope(np.array([[10.0, 3.0]])) is None
