"""Parallel plates, shields between them, and a wall that faces a black room, against closed forms."""

import numpy as np
import pytest
from triangles import record

from thermal.constants import STEFAN_BOLTZMANN as SIGMA
from thermal.radiation.radiosity import exchange

E = SIGMA * np.array([400.0, 300.0]) ** 4


def shielded(emittances):
    """Flux from the first to the last plate, infinite parallel plates with floating shields, emittance of each side in order."""
    n = len(emittances)
    F = np.zeros((n, n))
    for i in range(0, n, 2):
        F[i, i + 1] = F[i + 1, i] = 1.0
    R = exchange(F, np.zeros(n), np.ones(n), np.asarray(emittances)).matrix
    sides = np.repeat(np.arange(n // 2 + 1), 2)[1:-1]  # both sides of a shield are at one temperature
    add = np.zeros((n // 2 + 1, n))
    add[sides, np.arange(n)] = 1
    K = add @ R @ add.T
    power = np.zeros(n // 2 + 1)
    power[[0, -1]] = E
    power[1:-1] = np.linalg.solve(K[1:-1, 1:-1], -K[1:-1][:, [0, -1]] @ E)
    return float((K @ power)[0])


@pytest.mark.parametrize(
    ("sides", "expected"),
    [([0.8, 0.3], 276.92526232), ([0.8, 0.05, 0.05, 0.3], 23.30290857), ([0.03] * 22, 0.00138440 * (E[0] - E[1]))],
    ids=["bare", "one shield", "ten shields"],
)
def test_flux_between_plates(sides, expected, record_property):
    """400 and 300 K, emittances 0.8 and 0.3: 276.92526232 W/m2; one shield of 0.05: 23.30290857; N shields: 1/((N+1)(2/eps-1))."""
    found = shielded(sides)
    record(record_property, found, expected, 1e-6)
    assert found == pytest.approx(expected, rel=4e-6 if len(sides) > 4 else 1e-6)
    if len(sides) > 4:
        assert found / (E[0] - E[1]) == pytest.approx(1 / (11 * (2 / 0.03 - 1)), rel=1e-9)


def test_a_wall_that_faces_a_black_room(record_property):
    """Hollow cylinder of a published code test (VPCS TPNA01), sigma 5.73e-8: 105.559442 C inside, 500 C around: 11577.416 W/m2 enter."""
    wall, room = 5.73e-8 * (np.array([105.559442, 500.0]) + 273.15) ** 4
    one = np.ones(1)
    found = -float(exchange(np.zeros((1, 1)), one, one, np.array([0.6])).net(np.array([wall]), float(room))[0])
    record(record_property, found, 11577.416, 1e-6)
    assert found == pytest.approx(11577.416, rel=1e-6)
