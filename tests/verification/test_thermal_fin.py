"""Radiating fins."""

import pytest
from bodies import SIGMA, Solid, orders

from meshes.structured import structured_box
from thermal.solve.steady import steady_state

LENGTH, THICKNESS, BASE, EMITTANCE = 0.15, 0.001, 320.0, 0.85


def fin(cells: int, k: float) -> tuple[float, float, float]:
    """Tip over base temperature, efficiency, heat per width [W/m] of a fin that emits from both faces, edges insulated."""
    width = LENGTH / cells
    solid = Solid(structured_box((cells, 1, 1), (LENGTH, width, THICKNESS), name="fin"), k)
    model = solid.model(held={"fin:-x": BASE}, emitters={"fin:[+-]z": (EMITTANCE, 0.0)})
    T = steady_state(model, solid.start(BASE), 0.0, "direct")
    load, _ = model.outside(0.0, T)
    heat = float((model.product(model.A, T) - load)[model.held[0].rows].sum()) / width
    return solid.at(T, LENGTH, 0.0, 0.0) / BASE, heat / (2 * EMITTANCE * SIGMA * BASE**4 * LENGTH), heat


@pytest.mark.parametrize(
    ("zeta", "tip", "efficiency"),
    [
        (0.10, 0.95682050, 0.89003515),
        (0.25, 0.90888870, 0.77950642),
        (0.50, 0.85232919, 0.66343471),
        (1.00, 0.77914516, 0.53398921),
        (2.00, 0.69431831, 0.40954634),
        (4.00, 0.60451359, 0.30319480),
    ],
)
def test_efficiency(zeta, tip, efficiency):
    """zeta = 2 eps sigma Tb^3 L^2/(k t), tip adiabatic, 0 K sink: eta = sqrt(0.4 zeta (1 - theta^5))/zeta to 0.1 %, at order 2.

    theta (tip over base) from the integral of 1/sqrt(u^5 - theta^5) from theta to 1 = sqrt(0.4 zeta).
    Problem of Lieblein, NASA TN D-196, 1959, and Mackay, Design of Space Powerplants, 1963.
    """
    k = 2 * EMITTANCE * SIGMA * BASE**3 * LENGTH**2 / (zeta * THICKNESS)
    cells = (20, 40, 80)
    found = [fin(n, k) for n in cells]
    assert found[-1][1] == pytest.approx(efficiency, rel=1e-3)
    assert found[-1][0] == pytest.approx(tip, rel=1e-3)
    assert orders([1 / n for n in cells], [abs(eta - efficiency) for _, eta, _ in found]) == pytest.approx([2.0, 2.0], abs=0.1)


def test_aluminium_fin():
    """167 W/mK, 1 mm, 0.15 m, 320 K, 0.85 on both faces: 104.962 W per metre of width and a tip of 277.465 K, to 0.1 %."""
    tip, _, heat = fin(60, 167.0)
    assert heat == pytest.approx(104.962476, rel=1e-3)
    assert tip * BASE == pytest.approx(277.464693, rel=1e-3)
