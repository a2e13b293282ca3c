"""Rows that may be the extremes of their group, and what hangs on whether one of them counts."""

import numpy as np
import pytest
from scipy.sparse import csc_array

from thermal.basis import Basis
from thermal.reduction.candidates import Candidates, Neighbours, extreme_rows

NONE = np.zeros(0, dtype=np.int64)
ALONE = Neighbours(np.array([0]), np.array([1]), np.array([0]), np.array([0, -1]))  #: the first row is heated by the second one alone
FIRST = csc_array(np.array([[1.0], [0.0]]))


def first_row(doubt):
    """The first of two rows, a group by itself."""
    basis = Basis(np.eye(2), np.array([0, 1]), NONE, np.zeros((2, 0)), np.full(2, 300.0))
    return Candidates(FIRST, basis, ALONE, [np.array([0])], doubt)


@pytest.mark.parametrize(("beyond", "hottest"), [(0.05, 300.0), (-0.05, 310.0)])
@pytest.mark.parametrize(("doubt", "hangs"), [(0.1, 10.0), (0.01, 0.0)])
def test_what_hangs_on_a_row_that_is_hardly_beyond_its_neighbours_is_told(beyond, hottest, doubt, hangs):
    """Its peak of 310 K counts as 300 K, as at the start, where its neighbour is colder then; within the doubt ten kelvin hang on it."""
    found = first_row(doubt).extremes(np.array([[300.0, 300.0], [310.0, 310.0 - beyond], [305.0, 305.0]]))
    assert found[1] == pytest.approx([hottest])
    assert found[2] == pytest.approx(hangs)


def test_further_fields_bring_further_rows():
    """Of three rows the second is an extreme in the one field, the third in the other; the first never."""
    near = Neighbours(NONE, NONE, NONE, np.full(3, -1))
    basis = Basis(np.eye(3), np.arange(3), NONE, np.zeros((3, 0)), np.full(3, 300.0))
    groups, fields = csc_array(np.ones((3, 1))), np.array([[300.0, 310.0, 310.0], [305.0, 290.0, 320.0]])
    found = Candidates(groups, basis, near, extreme_rows(groups, fields[:1], near))
    assert found.with_those_of(fields[1:]).extremes(fields)[:2] == (pytest.approx([290.0]), pytest.approx([320.0]))
