"""A wing that turns before a fixed panel: exchange between its poses is interpolated, conserves, and converges with their number."""

import numpy as np
import pytest
from bodies import SIGMA, alone
from case_text import box, orbit, turning
from triangles import record

from heliorack.case.case import loads
from heliorack.model.body import build_body
from heliorack.model.radiation import radiating
from heliorack.model.surroundings import surroundings
from heliorack.runtime.progress import silent
from thermal.heat import Moment
from thermal.radiation.poses import midpoint_error

CASE = 'title = "wing before a panel"\n' + orbit(0, ("-x", "nadir"), ("+z", "velocity"), "mean")
CASE += box("panel", (400, 400, 10), coating="grey", mesh=200) + box("wing", (300, 300, 10), (100, 0, 200), coating="grey", mesh=200)
CASE += turning("wing", more='at = "sun"\npivot_mm = [100, 0, 200]')
CASE += """
[coatings.grey]
solar_absorptance = 0.4
infrared_emittance = 0.7
source = "given"
[radiation]
cluster_mm = 1000
rays = 16384
"""


def solved(positions):
    """The traced radiation of the case."""
    case = loads(CASE, [f"radiation.positions={positions}"])
    return radiating(case, build_body(case, alone()), surroundings(case), silent)


@pytest.fixture(scope="module")
def fine():
    """At 32 poses."""
    return solved(32)


def test_interpolated_exchange_conserves(fine, record_property):
    """At any time: rows and sky add up to the emittance, A_i B_ij is symmetric, and all at one temperature exchanges nothing, to 1e-12."""
    enclosure = fine.enclosure()
    period, layout = fine.motion.period, fine.body.layout
    assert len(enclosure.poses) == 32
    worst = 0.0
    for t in np.array([0.0, 0.013, 0.21, 0.5, 0.777, 0.999, 1.0, 3.21]) * period:
        blend = enclosure.at(t)
        assert sum(w for w, _ in blend) == pytest.approx(1.0, rel=1e-14)
        B = sum(w * pose.returned for w, pose in blend)
        rows = B.sum(axis=1) + sum(w * pose.sky for w, pose in blend)
        worst = max(worst, float(np.abs(rows - fine.surfaces.emission).max()))
        exchanged = enclosure.areas[:, None] * B
        assert np.abs(exchanged - exchanged.T).max() < 1e-12 * enclosure.areas.max()
        T = np.full(layout.owned, enclosure.sink)
        assert np.abs(enclosure.load(Moment(layout, SIGMA, t, T))).sum() <= 1e-12 * SIGMA * enclosure.sink**4 * enclosure.areas.sum()
    record(record_property, worst, 0.0, "1e-12")
    assert worst < 1e-12


def test_more_poses_less_error(fine, record_property):
    """Against factors traced half way, 4, 8 and 16 poses: the rows' error (rms) falls at least to 0.4 from each to the next."""
    G = [kept.closed.G for kept in fine.views.factors]
    errors = []
    for step in (8, 4, 2):
        found = [midpoint_error(G[k], G[(k + step) % 32], G[k + step // 2], fine.views.areas).row_rms for k in range(0, 32, step)]
        errors.append(float(np.sqrt(np.mean(np.square(found)))))
    record(record_property, "{:.4f}, {:.4f}, {:.4f}".format(*errors), "falling", "a factor of 0.4")
    assert errors[1] < 0.4 * errors[0]
    assert errors[2] < 0.4 * errors[1]


def test_poses_are_those_of_the_times(fine):
    """Every second of 32 poses is a pose of 16, with the same factors to the last bit."""
    coarse = solved(16)
    assert coarse.motion.times == pytest.approx(fine.motion.times[::2], abs=1e-9)
    apart = [abs(a.closed.G - b.closed.G).max() for a, b in zip(coarse.views.factors, fine.views.factors[::2], strict=True)]
    assert max(apart) == 0.0
