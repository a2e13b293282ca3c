"""Percentiles and the worst corner of stacked margins against a Gaussian plane."""

import numpy as np
import pytest
from scipy.stats import norm, qmc

from heliorack.sweep.analysis.sensitivity import fitted
from heliorack.sweep.analysis.stacked_margins import percentiles, worst_corner


def test_percentiles_and_corner_of_a_gaussian_plane():
    """T = 50 + 3 z1 + 4 z2: Gaussian with deviation 5, so 95 % at +1.645 x 5 and 99 % at +2.326 x 5; the corner is the sum of both ends."""
    z = norm.ppf(qmc.Sobol(2, rng=1).random(4096).clip(1e-6, 1 - 1e-6))
    T = 50 + 3 * z[:, 0] + 4 * z[:, 1]
    hot, cold = percentiles("T", "max", z, T), percentiles("T", "min", z, T)
    assert hot.nominal == pytest.approx(50, abs=0.01)
    assert hot.p95 == pytest.approx(50 + 5 * norm.ppf(0.95), abs=0.1)
    assert hot.p99 == pytest.approx(50 + 5 * norm.ppf(0.99), abs=0.25)
    assert cold.p99 == pytest.approx(50 - 5 * norm.ppf(0.99), abs=0.25)
    assert hot.corner == pytest.approx(50 + 3 * z[:, 0].max() + 4 * z[:, 1].max(), rel=1e-9)
    assert cold.corner == pytest.approx(50 + 3 * z[:, 0].min() + 4 * z[:, 1].min(), rel=1e-9)
    assert hot.stacked == pytest.approx(hot.corner - hot.p99)
    assert cold.stacked > 0
    low, high = hot.p99_between
    assert low < 50 + 5 * norm.ppf(0.99) < high
    low, high = cold.p99_between
    assert low < 50 - 5 * norm.ppf(0.99) < high


def test_corner_of_many_axes_is_found_without_looking_at_all():
    """Of a plane in twenty variables the corner is at the ends that the signs say."""
    x = np.random.default_rng(2).random((200, 20))
    weights = np.where(np.arange(20) % 3, 1.0, -2.0)
    surface = fitted(x, x @ weights)
    wanted = np.where(weights > 0, x.max(axis=0), x.min(axis=0)) @ weights
    assert worst_corner(surface, x, 1.0) == pytest.approx(wanted, rel=1e-6)


def test_few_samples_do_not_bound_a_percentile():
    """A hundred samples cannot say how far the 99th percentile may lie above them."""
    x = np.random.default_rng(0).normal(size=(100, 1))
    assert percentiles("T", "max", x, x[:, 0]).p99_between[1] is None
    assert percentiles("T", "min", x, x[:, 0]).p99_between[0] is None
