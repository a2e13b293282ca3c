"""A plate with convection at two edges (NAFEMS T4)."""

import pytest
from bodies import Solid, orders

from meshes.structured import structured_box
from thermal.solve.steady import steady_state

E, INSULATED = 18.25375654, 70.06066309  #: degC at (0.6, 0.2) and (0, 0.2): eigenfunction series, lambda tan(0.6 lambda) = h/k


def plate(cells: int) -> tuple[float, float]:
    """Temperatures [degC] at (0.6, 0.2) and (0, 0.2) m with `cells` along the 0.6 m."""
    solid = Solid(structured_box((cells, cells * 5 // 3, 1), (0.6, 1.0, 0.6 / cells), name="plate"), 52.0)
    model = solid.model(held={"plate:-y": 373.15}, films={"plate:+x": (750.0, 273.15), "plate:+y": (750.0, 273.15)})
    T = steady_state(model, solid.start(300.0), 0.0, "direct")
    return solid.at(T, 0.6, 0.2, 0.0) - 273.15, solid.at(T, 0.0, 0.2, 0.0) - 273.15


def test_temperature_at_the_convecting_edge():
    """0.6 x 1 m, k = 52, 100 degC below, film of 750 W/m2K to 0 degC right and above: 18.254 degC at (0.6, 0.2), to 0.1 K at 0.05 m.

    The order there is that of a point near a corner where 100 degC meets the film: at least 1.5. Far from it, at (0, 0.2), it is 2.
    Source: NAFEMS TNSB, Rev. 3, 1990, test T4 (target 18.3 degC).
    """
    cells = (6, 12, 24)
    found = [plate(n) for n in cells]
    assert found[1][0] == pytest.approx(E, abs=0.1)
    at_edge = orders([1 / n for n in cells], [abs(T - E) for T, _ in found])
    at_middle = orders([1 / n for n in cells], [abs(T - INSULATED) for _, T in found])
    assert min(at_edge) > 1.5
    assert at_middle == pytest.approx([2.0, 2.0], abs=0.1)
