"""Traced view factors against closed forms, before and after closure."""

import numpy as np
import pytest
from triangles import box, record, rectangle, together

from thermal.catalogue import parallel_rectangles, perpendicular_rectangles
from thermal.closure import close
from thermal.factors import view_factors


def test_open_squares(record_property):
    """Facing unit squares a unit apart: 0.1998248957 within 0.5 %, the rest goes to the sky."""
    square = rectangle((0, 0, 0), (1, 0, 0), (0, 1, 0), 4, 4)
    view, groups = together([square, square[:, ::-1] + [0, 0, 1]])
    traced = view_factors(view, groups, 1 << 17, seed=3)
    closed = close(traced.F, traced.sky, traced.areas, traced.error)
    found = closed.F[0, 1]
    record(record_property, found, 0.1998248957, "0.5 %")
    assert found == pytest.approx(0.1998248957, rel=0.005)
    assert closed.sky[0] == pytest.approx(1 - 0.1998248957, rel=0.005)
    assert abs(found - 0.1998248957) < 4 * closed.error[0, 1]


@pytest.mark.parametrize(("height", "end"), [(1.0, 0.1998248957), (2.0, 0.0685895888)], ids=["cube", "box"])
def test_closed_boxes(height, end, record_property):
    """Inside of a cube and of a box 1 x 1 x 2: factors within 0.5 %, rows within 1e-3 before and 1e-6 after closure."""
    view, groups = together(box((0, 0, 0), (1, 1, height), 4, inward=True))
    traced = view_factors(view, groups, 1 << 17, seed=1)
    closed = close(traced.F, traced.sky, traced.areas, traced.error, sealed=True)
    F = closed.F.toarray()
    record(record_property, F[4, 5], end, "0.5 %")
    assert F[4, 5] == pytest.approx(end, rel=0.005)
    assert F[4, 5] == pytest.approx(parallel_rectangles(1, 1, height), rel=0.005)
    assert F[4, :4] == pytest.approx(perpendicular_rectangles(1, height, 1), rel=0.005)
    assert closed.rows_before < 1e-3
    assert closed.rows_after < 1e-6
    assert closed.reciprocity_after == 0
    assert np.all(traced.lost == 0)
    assert np.all(traced.sky == 0)
