"""What errors of view factors do to temperatures."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from thermal.radiation.uncertainty import temperature_error


def pair(error):
    """Two groups of 2 and 1 m2 whose exchange area is known to within `error` [m2]."""
    return csr_array(np.array([[0.0, error], [error, 0.0]]))


def test_error_of_one_pair_by_hand():
    """Group 0 gains error x eps0 eps1 x emissive1, over its conductance; root mean square of eight normals."""
    draws = np.array([np.random.default_rng([draw, 7]).standard_normal(1)[0] for draw in range(8)])
    found = temperature_error(
        pair(0.01), np.array([0.9, 0.8]), np.array([0.0, 400.0]), np.array([2.0, 1.0]), lambda flux: flux[:1] * 2.0 / 5.0
    )
    assert found == pytest.approx(0.01 * 0.9 * 0.8 * 400.0 / 5.0 * np.sqrt((draws**2).mean()), rel=1e-12)


def test_error_is_linear_in_that_of_the_factors():
    """And nothing where factors are exact."""
    given = (np.array([0.9, 0.8]), np.array([100.0, 400.0]), np.array([2.0, 1.0]), lambda flux: flux)
    assert temperature_error(pair(0.02), *given) == pytest.approx(2 * temperature_error(pair(0.01), *given))
    assert temperature_error(pair(0.0), *given) == 0.0
