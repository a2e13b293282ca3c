"""Coefficients of the Rosenbrock-W method: order conditions of Rang and Angermann (2005)."""

import numpy as np
import pytest

from thermal import tableau

B, A, G = tableau.WEIGHTS, tableau.ALPHA, tableau.COUPLING
a, g = A.sum(axis=1), G.sum(axis=1)
EXACT = 1e-14


def test_order_three_for_any_jacobian():
    """1; b.alpha = 1/2, b.gamma = 0; b.alpha^2 = 1/3, b A alpha = 1/6, and every product with a gamma vanishes."""
    assert B.sum() == pytest.approx(1, abs=EXACT)
    assert B @ a == pytest.approx(1 / 2, abs=EXACT)
    assert B @ g == pytest.approx(0, abs=EXACT)
    assert B @ a**2 == pytest.approx(1 / 3, abs=EXACT)
    assert B @ A @ a == pytest.approx(1 / 6, abs=EXACT)
    for mixed in (B @ A @ g, B @ G @ a, B @ G @ g):
        assert mixed == pytest.approx(0, abs=EXACT)


def test_embedded_weights_have_order_two_for_any_jacobian():
    """1; 1/2; 0; and not order 3, or the estimate would vanish."""
    E = tableau.EMBEDDED
    assert [E.sum(), E @ a, E @ g] == pytest.approx([1, 1 / 2, 0], abs=EXACT)
    assert abs(E @ a**2 - 1 / 3) > 1e-2 or abs(E @ A @ a - 1 / 6) > 1e-2


def test_stiffly_accurate():
    """The weights are the last row of alpha + gamma and the last stage lies at the end of the step, so that R(infinity) = 0."""
    assert A[3] + G[3] == pytest.approx(B, abs=EXACT)
    assert a[3] == pytest.approx(1, abs=EXACT)
    assert 1 - B @ np.linalg.solve(A + G, np.ones(4)) == pytest.approx(0, abs=1e-13)


def test_one_gamma_on_the_diagonal():
    """The same matrix serves all stages; gamma is the root of x^3 - 3 x^2 + 3/2 x - 1/6 for which the method is L-stable."""
    assert np.diag(G) == pytest.approx(tableau.GAMMA)
    x = tableau.GAMMA
    assert x**3 - 3 * x**2 + 1.5 * x - 1 / 6 == pytest.approx(0, abs=1e-14)


def test_damps_everything_on_the_left():
    """|R(iy)| <= 1 on the imaginary axis with the exact Jacobian."""
    for y in np.logspace(-3, 4, 200):
        R = 1 + 1j * y * B @ np.linalg.solve(np.eye(4) - 1j * y * (A + G), np.ones(4))
        assert abs(R) <= 1 + 1e-12


def test_dense_output():
    """b(0) = 0, b(1) = the weights, order 2 for any Jacobian inside, b.alpha^2 = theta^3/3; the slopes are its derivative."""
    theta = np.linspace(0, 1, 11)
    b = tableau.dense_weights(theta)
    assert b[0] == pytest.approx(np.zeros(4), abs=EXACT)
    assert b[-1] == pytest.approx(B, abs=1e-13)
    assert b.sum(axis=1) == pytest.approx(theta, abs=1e-13)
    assert b @ a == pytest.approx(theta**2 / 2, abs=1e-13)
    assert b @ g == pytest.approx(np.zeros(11), abs=1e-13)
    assert b @ a**2 == pytest.approx(theta**3 / 3, abs=1e-13)
    middle = (tableau.dense_weights(0.4 + 1e-6) - tableau.dense_weights(0.4 - 1e-6)) / 2e-6
    assert tableau.dense_slopes(0.4) == pytest.approx(middle, abs=1e-8)


def test_forms_of_the_stages():
    """STAGE and CARRY restate k = INVERSE U: alpha k and (1/gamma - INVERSE) U."""
    U = np.arange(8.0).reshape(4, 2)
    k = np.linalg.solve(G, U)
    assert pytest.approx(A @ k) == tableau.STAGE @ U
    assert pytest.approx(U / tableau.GAMMA - k) == tableau.CARRY @ U
