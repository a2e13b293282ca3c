"""Rows that may be the extremes of their group."""

import numpy as np
from scipy.sparse import csc_array

from thermal.basis import Basis
from thermal.reduction.candidates import Candidates, extreme_rows

NONE = np.zeros(0, dtype=np.int64)


def test_further_fields_bring_further_rows():
    """Of three rows the second is an extreme in the one field, the third in the other; the first never."""
    basis = Basis(np.eye(3), np.arange(3), NONE, np.zeros((3, 0)), np.full(3, 300.0))
    groups, fields = csc_array(np.ones((3, 1))), np.array([[300.0, 310.0, 310.0], [305.0, 290.0, 320.0]])
    found = Candidates(groups, basis, extreme_rows(groups, fields[:1]))
    assert found.by_group[0].tolist() == [0, 1]
    more = found.with_those_of(fields[1:])
    assert more.by_group[0].tolist() == [0, 1, 2]
    coldest, hottest = more.span(fields)
    assert coldest.ravel().tolist() == [300.0, 290.0]
    assert hottest.ravel().tolist() == [310.0, 320.0]
