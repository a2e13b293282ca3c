"""Shadow of one plate on another."""

import numpy as np
import pytest
from triangles import box, record, rectangle, together

from thermal.radiation.rays import sun_visibility


def test_shadow_of_a_square(record_property):
    """A square half as wide, half a unit above: its shadow, cut at the plate's edge, from four tilts; 1 % of the plate's area."""
    plate = rectangle((0, 0, 0), (1, 0, 0), (0, 1, 0), 5, 5)
    lid = box((0.25, 0.25, 0.5), (0.75, 0.75, 0.501))
    view, groups = together([plate, np.concatenate(lid)])
    tilts = np.radians([0.0, 20.0, 35.0, 50.0])
    towards = np.column_stack([np.sin(tilts), 0 * tilts, np.cos(tilts)])
    seen = sun_visibility(view, towards, rays=256)
    lower = np.clip(0.25 - 0.501 * np.tan(tilts), 0, 1)  # top or bottom of the lid, whichever reaches further
    upper = np.clip(0.75 - 0.5 * np.tan(tilts), 0, 1)
    expected = 1 - 0.5 * (upper - lower)
    own = groups == 0
    found = seen[:, own] @ view.areas[own]
    record(record_property, float(np.abs(found - expected).max()), 0.0, 0.01)
    assert found == pytest.approx(expected, abs=0.01)
    assert not sun_visibility(view, -towards, rays=4)[:, own].any()  # the plate faces away
