"""Error control does not lose sight of a small part on a large mesh."""

import numpy as np
import pytest
from bodies import Solid

from meshes.join import join
from meshes.structured import structured_box
from thermal.solve.march import march
from thermal.solve.settings import Solver

POWER, TURN, JOINT, CAPACITY = 8.0, 20.0, 1500.0 * 1e-4, 2.0  #: W, s per radian, W/K, J/K


def exact(t: float) -> float:
    """Response of C dT/dt = P (1 + sin(t/TURN)) - G (T - 300) from 300 K."""
    rate, w = JOINT / CAPACITY, 1 / TURN
    swing = (rate * np.sin(w * t) - w * np.cos(w * t) + w * np.exp(-rate * t)) / (rate**2 + w**2)
    return float(300 + POWER / JOINT * (1 - np.exp(-rate * t)) + POWER / CAPACITY * swing)


def worst(cells: int, tolerance: float) -> float:
    """Greatest error [K] over 300 s of a 1 cm3 chip in contact with a held panel of (cells + 1)^2 x 2 nodes."""
    panel = structured_box((cells, cells, 1), (0.01 * cells, 0.01 * cells, 0.01), name="panel")
    chip = structured_box((1, 1, 1), (0.01, 0.01, 0.01), (0.0, 0.0, 0.01), name="chip")
    solid = Solid(join([panel, chip]), [100.0, 1e6], CAPACITY / 1e-6)
    model = solid.model(held={"panel:*": 300.0}, heat={"chip": lambda t: POWER * (1 + np.sin(t / TURN))}, contact=JOINT / 1e-4)
    share, error = solid.spread("chip"), 0.0
    for step in march(model, solid.start(300.0), (0.0, 300.0), Solver(tolerance=tolerance, linear="direct")):
        for t in np.linspace(step.start, step.end, 5)[1:]:
            error = max(error, abs(float(share @ step.at(t)) - exact(t)))
    return error


@pytest.mark.parametrize("tolerance", [0.5, 0.05, 0.005])
def test_a_chip_on_a_large_panel(tolerance):
    """16 W peak to peak into 2 J/K and 0.15 W/K: within the tolerance, and the same on 3370 nodes as on 40."""
    small, large = worst(3, tolerance), worst(40, tolerance)
    assert small < tolerance
    assert large == pytest.approx(small, rel=1e-3)
