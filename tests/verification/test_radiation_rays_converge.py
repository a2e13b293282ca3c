"""How fast traced factors converge."""

import numpy as np
from triangles import box, record, together

from thermal.radiation.howell import parallel_rectangles, perpendicular_rectangles
from thermal.radiation.ray_factors import view_factors


def test_error_falls_with_the_number_of_rays(record_property):
    """In a cube the error falls at least with the square root of the rays: slope -1/2 or steeper, mean of 6 seeds; errors are as stated."""
    view, groups = together(box((0, 0, 0), (1, 1, 1), 3, inward=True))
    F = np.full((6, 6), perpendicular_rectangles(1, 1, 1)) * (1 - np.eye(6))
    F[[0, 1, 2, 3, 4, 5], [1, 0, 3, 2, 5, 4]] = parallel_rectangles(1, 1, 1)
    rays = np.array([256, 1024, 4096, 16384, 65536])
    errors, ratios = [], []
    for n in rays:
        off, stated = [], []
        for seed in range(6):
            traced = view_factors(view, groups, int(n), seed)
            off.append(traced.F.toarray() - F)
            stated.append(traced.error.toarray())
        errors.append(np.sqrt(np.mean(np.square(off))))
        ratios.append(errors[-1] / np.sqrt(np.mean(np.square(stated))))
    slope = np.polyfit(np.log(rays), np.log(errors), 1)[0]
    print("rays", rays, "errors", errors, "slope", slope, "over stated", ratios)
    record(record_property, slope, -0.5, "or steeper")
    assert slope < -0.5
    assert 0.7 < np.mean(ratios) < 1.3
