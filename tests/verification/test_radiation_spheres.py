"""Concentric spheres: exchange with exact and with traced factors, and a cap between them that blocks the view."""

import numpy as np
import pytest
from triangles import ball, record, together

from thermal.constants import STEFAN_BOLTZMANN as SIGMA
from thermal.radiation.closure import close
from thermal.radiation.howell import concentric
from thermal.radiation.radiosity import exchange
from thermal.radiation.ray_factors import view_factors

INNER, OUTER, EPS = 0.1, 0.2, np.array([0.8, 0.3])
E = SIGMA * np.array([400.0, 300.0]) ** 4


def test_exchange_with_exact_factors(record_property):
    """r 0.1 and 0.2 m, emittances 0.8 and 0.3, 400 and 300 K: 68.01711618 W to 1e-6; the two sides cancel to round-off."""
    areas = 4 * np.pi * np.array([INNER, OUTER]) ** 2
    heat = exchange(np.array(concentric(*areas)), np.zeros(2), areas, EPS).net(E)
    record(record_property, heat[0], 68.01711618, 1e-6)
    assert heat[0] == pytest.approx(68.01711618, rel=1e-6)
    assert abs(heat.sum()) < 1e-13 * heat[0]


def test_exchange_with_traced_factors(record_property):
    """The same with traced factors between spheres of flat triangles that have the spheres' areas: 0.5 %."""
    view, groups = together([ball(INNER, 32, exact_area=True), ball(OUTER, 32, inward=True, exact_area=True)])
    traced = view_factors(view, groups, 1 << 16)
    closed = close(traced.F, traced.sky, traced.areas, sealed=True)
    heat = exchange(closed.F, closed.sky, closed.areas, EPS).net(E)
    record(record_property, heat[0], 68.01711618, "0.5 %")
    assert heat[0] == pytest.approx(68.01711618, rel=0.005)


@pytest.mark.parametrize("angle_deg", [30.0, 60.0, 120.0])
def test_a_cap_between_takes_its_solid_angle(angle_deg, record_property):
    """A cap of half angle b between the spheres takes (1 - cos b)/2 of what the inner sphere emits, the rest gets past; 0.5 %."""
    top = np.radians(angle_deg)
    cap = 0.15
    view, groups = together(
        [ball(INNER, 40), ball(cap, 40, inward=True, top=top), ball(cap * 1.002, 40, top=top), ball(OUTER, 40, inward=True)]
    )
    F = view_factors(view, groups, 1 << 17, seed=1).F.toarray()
    expected = (1 - np.cos(top)) / 2
    record(record_property, F[0, 1], expected, "0.5 %")
    assert F[0, 1] == pytest.approx(expected, rel=0.005)
    assert F[0, 3] == pytest.approx(1 - expected, rel=0.005)
    assert F[0, 2] == 0
