"""First law of exchange and of sunlight between grey surfaces."""

import numpy as np
from triangles import box, record, together

from thermal.radiation.closure import close
from thermal.radiation.radiosity import absorbed_matrix, exchange, incident
from thermal.radiation.ray_factors import view_factors


def cube(open_top):
    faces = box((0, 0, 0), (1, 1, 1), 2, inward=True)
    view, groups = together(faces[:5] if open_top else faces)
    traced = view_factors(view, groups, 4096)
    return close(traced.F, traced.sky, traced.areas, sealed=not open_top)


def test_a_closed_cube_gains_and_loses_nothing(record_property):
    """Random emittances and temperatures: net heat adds up to nothing, 1e-10 of the throughput; one temperature: no heat at all."""
    rng = np.random.default_rng(0)
    closed = cube(open_top=False)
    for _ in range(20):
        model = exchange(closed.F, closed.sky, closed.areas, rng.uniform(0.01, 1, 6))
        emissive = rng.uniform(10, 2000, 6)
        heat = model.net(emissive)
        assert abs(heat.sum()) < 1e-10 * np.abs(heat).sum()
        assert np.abs(model.net(np.full(6, 450.0))).max() < 1e-10
        np.testing.assert_array_equal(model.factors, model.factors.T)
    record(record_property, abs(heat.sum()) / np.abs(heat).sum(), 0.0, 1e-10)


def test_the_exchange_matrix_is_that_of_the_formula():
    """R = eps (I - F (I - (1 - eps) F)^-1 eps), to 1e-9 (the inverse taken of I - F rho, which is the same by reciprocity of F)."""
    closed, eps = cube(open_top=True), np.linspace(0.2, 0.9, 5)
    F, one = closed.F.toarray(), np.eye(5)
    R = eps[:, None] * (one - F @ np.linalg.inv(one - (1 - eps)[:, None] * F) @ np.diag(eps))
    np.testing.assert_allclose(exchange(F, closed.sky, closed.areas, eps).matrix, R, atol=1e-9)


def test_sunlight_in_an_open_box_is_absorbed_or_leaves(record_property):
    """Absorbed plus escaped is what came in, to 1e-12; bounce by bounce gives the same as the matrix."""
    closed = cube(open_top=True)
    alpha = np.linspace(0.1, 0.9, 5)
    first = np.array([1361.0, 0, 300, 0, 1000])
    absorbed = absorbed_matrix(closed.F, alpha) @ first
    arriving = incident(closed.F, 1 - alpha, first)
    np.testing.assert_allclose(alpha * arriving, absorbed, rtol=1e-11)
    leaves = closed.areas @ ((1 - alpha) * arriving * closed.sky)
    came = closed.areas @ first
    record(record_property, (closed.areas @ absorbed + leaves) / came, 1.0, 1e-12)
    assert abs(closed.areas @ absorbed + leaves - came) < 1e-12 * came
