"""A slab whose two faces are suddenly held at another temperature."""

import numpy as np
import pytest
from bodies import audited, bar

#: Fo -> temperature at the centre: (4/pi) sum (-1)^n/(2n+1) exp(-(2n+1)^2 pi^2 Fo)
CENTRE = {0.01: 0.9991860960, 0.05: 0.7723116069, 0.10: 0.4744874604, 0.20: 0.1768671397}


def mean(Fo: float) -> float:
    """Mean temperature of the slab: (8/pi^2) sum exp(-(2n+1)^2 pi^2 Fo)/(2n+1)^2."""
    m = 2 * np.arange(2000) + 1
    return float(8 / np.pi**2 * np.sum(np.exp(-((m * np.pi) ** 2) * Fo) / m**2))


def test_centre_and_heat_through_the_faces():
    """From 1 to 0 at both faces: the centre follows its series to 1e-4, and so does the heat that has left, 1 - mean.

    Source: Carslaw and Jaeger, Conduction of Heat in Solids, 2nd ed., 3.3.
    """
    cells = 200  # a nodal start takes half a cell at each face from the slab at once: an error of 4 h^2 in the heat at Fo = 0.01
    solid = bar(cells, 1.0, 1 / cells, 1.0, 1.0)
    model = solid.model(held={"bar:-x": 0.0, "bar:+x": 0.0})
    T, t, left = solid.start(1.0), 0.0, 0.0
    for Fo, exact in CENTRE.items():
        T, ledger = audited(model, T, (t, Fo), tolerance=1e-5)
        t, left = Fo, left - sum(ledger.heat().values()) * cells**2
        assert solid.at(T, 0.5, 0.0, 0.0) == pytest.approx(exact, abs=1e-4)
        assert left == pytest.approx(1 - mean(Fo), abs=1e-4)
