"""Conduction along a bar that radiates at its end (NAFEMS T2)."""

import pytest
from bodies import bar

from thermal.constants import STEFAN_BOLTZMANN as SIGMA
from thermal.solve.steady import steady_state


@pytest.mark.parametrize(
    ("k", "sigma", "T_end", "flux"),
    [(55.6, 5.67e-8, 927.007606, 40583.771), (55.563, 5.67e-8, 926.970745, 40577.245), (55.6, SIGMA, 927.003950, 40585.804)],
)
@pytest.mark.parametrize("cells", [1, 7])
def test_end_temperature(cells, k, sigma, T_end, flux):
    """0.1 m between 1000 K and emittance 0.98 to 300 K: the root of k (1000 - T)/L = eps sigma (T^4 - 300^4).

    Linear in x, so that one element is exact. Published target 927 K; COMSOL prints 926.97 K for k = 55.563.
    Source: NAFEMS, The Standard NAFEMS Benchmarks (TNSB), Rev. 3, 1990, test T2.
    """
    solid = bar(cells, 0.1, 0.01, k)
    model = solid.model(held={"bar:-x": 1000.0}, emitters={"bar:+x": (0.98, 300.0)}, sigma=sigma)
    T = steady_state(model, solid.start(500.0), 0.0, "direct")
    assert solid.at(T, 0.1, 0.01, 0.0) == pytest.approx(T_end, abs=1e-6)
    assert k * (1000 - T.min()) / 0.1 == pytest.approx(flux, abs=1e-3)
