"""Hollow cylinder and hollow sphere with radiation inside and convection outside, as meshed sectors of their walls.

The cases V4.41.001 and V4.43.001 of code_aster (after the guide VPCS, AFNOR 1990), which use sigma = 5.73e-8 W/m2K4. The radius of
0.392 m and the film of 133.5 W/m2K of the sphere are inferred from its published fluxes.
"""

from dataclasses import replace

import numpy as np
import pytest
from bodies import Solid
from scipy.optimize import brentq
from triangles import record

from meshes.structured import structured_box
from thermal.solve.steady import steady_state

SIGMA = 5.73e-8
ZERO = 273.15
INSIDE, K, EMITTANCE, INNER = 500.0 + ZERO, 40.0, 0.6, 0.300
AIR = 20.0 + ZERO


def sector(outer, spherical, cells=(6, 24, 8)):
    """A quarter of a cylinder 0.1 m high, or the part of a sphere within 30 deg of its equator over 60 deg; cut sides are adiabatic.

    Faces -x and +x of the box that it is made from are the inner and the outer side.
    """
    box = structured_box(cells, (1.0, 1.0, 1.0), name="wall")
    r, a, b = box.points.T
    r = INNER + r * (outer - INNER)
    if spherical:
        polar, azimuth = np.pi / 3 + b * np.pi / 3, a * np.pi / 3
        points = r[:, None] * np.stack([np.sin(polar) * np.cos(azimuth), np.sin(polar) * np.sin(azimuth), -np.cos(polar)], axis=1)
    else:
        points = np.stack([r * np.cos(a * np.pi / 2), r * np.sin(a * np.pi / 2), 0.1 * b], axis=1)
    return Solid(replace(box, points=points), K)


def exact(outer, film, resistance, spread):
    """Temperatures inside and outside [degC] and fluxes there [W/m2]: radiation, conduction and convection in series.

    Args:
        resistance: Of the wall, over the inner area [m2K/W].
        spread: Outer area over inner area.
    """

    def flux(T):
        return EMITTANCE * SIGMA * (INSIDE**4 - T**4)

    inner = brentq(lambda T: flux(T) - (T - AIR) / (resistance + 1 / (film * spread)), 250.0, 700.0, xtol=1e-12)
    q = flux(inner)
    return inner - ZERO, inner - q * resistance - ZERO, q, q / spread


CYLINDER = (0.391, 142.0, False)
SPHERE = (0.392, 133.5, True)


@pytest.mark.parametrize(
    ("outer", "film", "spherical", "published"),
    [(*CYLINDER, (105.559442, 82.555832, 11577.416, 8882.928)), (*SPHERE, (91.77065, 71.22041, 11674.92, 6837.92))],
    ids=["cylinder", "sphere"],
)
def test_wall_between_radiation_and_convection(outer, film, spherical, published, record_property):
    """Emittance 0.6 to 500 degC inside, film to 20 degC outside, k = 40 W/mK: both temperatures within 0.1 K, fluxes within 0.1 %."""
    if spherical:
        resistance, spread = INNER**2 * (1 / INNER - 1 / outer) / K, (outer / INNER) ** 2
    else:
        resistance, spread = INNER * np.log(outer / INNER) / K, outer / INNER
    assert exact(outer, film, resistance, spread) == pytest.approx(published, rel=1e-6)
    wall = sector(outer, spherical)
    model = wall.model(emitters={"wall:-x": (EMITTANCE, INSIDE)}, films={"wall:+x": (film, AIR)}, sigma=SIGMA)
    T = steady_state(model, wall.start(350.0), 0.0, "direct")
    inner, outside = (float(wall.area(face) @ T / wall.area(face).sum()) - ZERO for face in ("wall:-x", "wall:+x"))
    heat = model.outside(0.0, T)[1]
    record(record_property, inner, published[0], "0.1 K")
    assert (inner, outside) == pytest.approx(published[:2], abs=0.1)
    assert heat[0] / wall.area("wall:-x").sum() == pytest.approx(published[2], rel=1e-3)
    assert -heat[1] / wall.area("wall:+x").sum() == pytest.approx(published[3], rel=1e-3)
    assert heat.sum() == pytest.approx(0.0, abs=1e-9 * heat[0])
