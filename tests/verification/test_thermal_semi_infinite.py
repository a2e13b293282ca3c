"""A thick solid under a constant flux."""

from math import erfc, exp, pi, sqrt

import pytest
from bodies import bar, orders, run


def test_temperature_below_the_surface():
    """T = T0 + q/k [2 sqrt(a t/pi) exp(-x^2/4at) - x erfc(x/(2 sqrt(a t)))]: 79.31 degC at 25 mm after 30 s, to 0.1 K; order 2.

    The bar is 0.15 m long, seven times sqrt(a t). Source: Holman, Heat Transfer, example 4.2 (prints 79.3).
    """
    q, k, a, x, t = 3.2e5, 45.0, 1.4e-5, 0.025, 30.0
    exact = 35 + q / k * (2 * sqrt(a * t / pi) * exp(-(x**2) / (4 * a * t)) - x * erfc(x / (2 * sqrt(a * t))))
    assert exact == pytest.approx(79.314159, abs=1e-6)

    def below(cells: int) -> float:
        solid = bar(cells, 0.15, 0.15 / cells, k, k / a)
        return solid.at(run(solid.model(fluxes={"bar:-x": q}), solid.start(35.0), (0.0, t), tolerance=1e-3), x, 0.0, 0.0)

    cells = (30, 60, 120)
    errors = [abs(below(n) - exact) for n in cells]
    assert errors[-1] < 0.1
    assert orders([1 / n for n in cells], errors)[-1] == pytest.approx(2.0, abs=0.2)
