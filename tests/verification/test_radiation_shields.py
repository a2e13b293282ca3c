"""Plates, with and without a shield between them, from traced view factors against the closed form of infinite plates."""

import numpy as np
import pytest
from triangles import record, rectangle, together

from thermal.constants import STEFAN_BOLTZMANN as SIGMA
from thermal.radiation.closure import close
from thermal.radiation.radiosity import exchange
from thermal.radiation.ray_factors import view_factors

E = SIGMA * np.array([400.0, 300.0]) ** 4
WIDE = 1e5  # plates this many gaps wide lose about 1/WIDE of their view past the edges


def traced(emittances):
    """Flux from the first to the last of square plates a unit apart that face each other in pairs; floating shields between."""
    plates = []
    for k in range(0, len(emittances), 2):
        lower = rectangle((0, 0, k), (WIDE, 0, 0), (0, WIDE, 0), 4, 4)
        plates += [lower, lower[:, ::-1] + [0, 0, 1.0]]
    view, groups = together(plates)
    found = view_factors(view, groups, 1 << 20, seed=5)
    closed = close(found.F, found.sky, found.areas, found.error)
    assert closed.sky.max() < 1e-4
    R = exchange(closed.F, np.asarray(closed.sky), closed.areas, np.asarray(emittances)).matrix
    bodies = np.repeat(np.arange(len(emittances) // 2 + 1), 2)[1:-1]
    add = np.zeros((bodies.max() + 1, len(bodies)))
    add[bodies, np.arange(len(bodies))] = 1
    K = add @ R @ add.T
    power = np.zeros(len(K))
    power[[0, -1]] = E
    power[1:-1] = np.linalg.solve(K[1:-1, 1:-1], -K[1:-1][:, [0, -1]] @ E)
    return float((K @ power)[0])


@pytest.mark.parametrize(
    ("sides", "expected"), [([0.8, 0.3], 276.92526232), ([0.8, 0.05, 0.05, 0.3], 23.30290857)], ids=["bare", "one shield"]
)
def test_flux_between_wide_plates(sides, expected, record_property):
    """400 and 300 K, emittances 0.8 and 0.3, bare and with a shield of 0.05: 276.92526232 and 23.30290857 W/m2 within 0.5 %."""
    found = traced(sides)
    record(record_property, found, expected, "0.5 %")
    assert found == pytest.approx(expected, rel=0.005)
