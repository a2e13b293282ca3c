"""Manufactured solutions: order in space and in time of the transient with radiating faces."""

from typing import Any

import basix
import numpy as np
import pytest
from bodies import SIGMA, Solid, audited, column, orders, rowwise, run

from meshes.structured import structured_box

RHO_C, K, DECAY, EMITTANCE, SINK = 2.42e6, 167.0, 1000.0, 0.85, 4.0


def cosines(p: Any) -> Any:
    """cos(pi x) cos(pi y) cos(pi z) at points (..., 3)."""
    return np.cos(np.pi * p).prod(axis=-1)


def exact(t: float, p: Any) -> Any:
    """The field of the order in space [K]: no conductive flux through any face of the unit cube."""
    return 300 + 50 * np.exp(-t / DECAY) * cosines(p)


def cube(cells: int) -> tuple[Solid, Any]:
    """The unit cube with the source (-rho c/tau + 3 k pi^2)(T - 300) and the inflow eps sigma (T^4 - Ts^4) that `exact` needs."""
    solid = Solid(structured_box((cells,) * 3, (1.0, 1.0, 1.0)), K, RHO_C)
    points = solid.assembly.points[solid.layout.nodes]
    load = solid.model().product(solid.M, cosines(points)) / RHO_C
    strength = (-RHO_C / DECAY + 3 * K * np.pi**2) * 50
    source = column("source", load, lambda t: strength * np.exp(-t / DECAY))
    inflow = rowwise("inflow", solid.area("box:*"), lambda t: EMITTANCE * SIGMA * (exact(t, points) ** 4 - SINK**4))
    return solid, solid.model(emitters={"box:*": (EMITTANCE, SINK)}, ways=[source, inflow])


def l2_error(solid: Solid, T: Any, t: float) -> float:
    """L2 norm of the error of the P1 field [K m1.5], by quadrature of degree 5."""
    places, weights = basix.make_quadrature(basix.CellType.tetrahedron, 5)
    shape = np.column_stack([1 - places.sum(axis=1), places])
    corners = solid.assembly.points[solid.assembly.cells]
    error = solid.layout.gather(T)[solid.assembly.cells] @ shape.T - exact(t, np.einsum("qi,cij->cqj", shape, corners))
    return float(np.sqrt((error**2 @ weights) @ np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1]))))


def test_second_order_in_space():
    """T = 300 + 50 exp(-t/1000) cos(pi x) cos(pi y) cos(pi z): the L2 error at 500 s falls with h^2, and every run balances to 1e-8."""
    assert exact(500.0, np.full(3, 0.25)) == pytest.approx(310.7220485620, abs=1e-9)
    cells, errors = (10, 20), []
    for n in cells:
        solid, model = cube(n)
        T, ledger = audited(model, solid.start(lambda p: exact(0.0, p)), (0.0, 500.0), tolerance=1e-3)
        errors.append(l2_error(solid, T, 500.0))
        assert ledger.closure() < 1e-8
    assert orders([1 / n for n in cells], errors) == pytest.approx([2.0], abs=0.1)


@pytest.mark.parametrize(("scheme", "order", "steps"), [("rosw", 3, (4, 8, 16, 32)), ("implicit_euler", 1, (20, 40, 80, 160))])
def test_order_in_time(scheme, order, steps):
    """T = 300 + 25 exp(-t/1000)(1 + x) is exact in space, so that what remains is the error in time."""
    solid = Solid(structured_box((2, 2, 2), (1.0, 1.0, 1.0)), K, RHO_C)
    points = solid.assembly.points[solid.layout.nodes]
    field = 25 * (1 + points[:, 0])

    def at(t: float) -> Any:
        return 300 + np.exp(-t / DECAY) * field

    load = solid.model().product(solid.M, field) / RHO_C
    sources = [
        column("source", load, lambda t: -RHO_C / DECAY * np.exp(-t / DECAY)),
        column("conducted", solid.area("box:+x") - solid.area("box:-x"), lambda t: 25 * K * np.exp(-t / DECAY)),
        rowwise("inflow", solid.area("box:*"), lambda t: EMITTANCE * SIGMA * (at(t) ** 4 - SINK**4)),
    ]
    model = solid.model(emitters={"box:*": (EMITTANCE, SINK)}, ways=sources)
    errors = [np.abs(run(model, at(0.0), (0.0, 2000.0), scheme=scheme, fixed_steps=n) - at(2000.0)).max() for n in steps]
    assert orders([1 / n for n in steps], errors) == pytest.approx([order] * 3, abs=0.1)
