"""Fixed points of several right-hand sides side by side."""

import numpy as np
import pytest

from thermal.sensitivity.gradient import Stage, over_stages
from thermal.sensitivity.repeating import repeating


def test_dense_systems_side_by_side():
    """x = s + L x of a dense L with slow modes is the direct answer, within what may be left open, in fewer applications than vectors."""
    random = np.random.default_rng(5)
    modes = np.linalg.qr(random.normal(size=(40, 40)))[0]
    L = modes * np.concatenate([[0.97, 0.8, 0.5], 0.05 * random.random(37)]) @ modes.T
    s = random.normal(size=(6, 40))
    exact = np.linalg.solve(np.eye(40) - L, s.T).T
    applied = 0

    def repeat(x: np.ndarray) -> np.ndarray:
        nonlocal applied
        applied += len(x)
        return x @ L.T

    near = np.linalg.inv(np.eye(40) - modes[:, :2] * [0.9, 0.8] @ modes[:, :2].T)
    scale = np.linalg.norm(s, axis=1)
    guess = s @ near.T
    ways = repeating(guess, s + guess @ L.T - guess, repeat, lambda r: r @ near.T, scale, 1e-6)
    found = next(found for found, off in ways if off <= 1.0)
    assert np.linalg.norm(found - exact, axis=1) == pytest.approx(0.0, abs=1e-5 * float(scale.max()))
    assert applied < 5 * 6


def test_weights_of_stages_are_the_transpose_of_those_of_cells():
    """What stages take of a change by cells is what the cells' worth takes of it."""
    random = np.random.default_rng(6)
    worth, change = random.normal(size=(4, 2)), random.normal(size=(16, 2))
    by_cells = (Stage(0.0, 1.0, np.zeros(4), {0: worth}).over_cells([0], 16) * change).sum()
    assert (worth * over_stages(change)).sum() == pytest.approx(by_cells)
