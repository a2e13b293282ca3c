"""Samples of a sweep: strata, distributions, and what they do to a case."""

import numpy as np
import pytest

import cases
from heliorack.case.case import load
from heliorack.case.sweep import Lognormal, Normal, Samples, Triangular, Uniform
from heliorack.sweep.design.samples import quantiles, unit_samples

EDGE = cases.path("edge_node")


OVER = [
    Uniform(kind="uniform", path="a", low=-1.0, high=3.0),
    Normal(kind="normal", path="b", mean=10.0, std=2.0),
    Normal(kind="normal", path="b", mean=1.0, std=0.5, low=0.8, high=1.1),
    Lognormal(kind="lognormal", path="c", median=2000.0, sigma=0.3),
    Triangular(kind="triangular", path="d", low=1.0, mode=1.5, high=4.0),
]
MEANS = [1.0, 10.0, None, 2000.0 * np.exp(0.3**2 / 2), (1.0 + 1.5 + 4.0) / 3]


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
@pytest.mark.parametrize("seed", [0, 7])
def test_samples_fill_every_stratum_once(method, seed):
    """Each of n equal slices of every axis holds one of n = 2^m samples; the same seed gives the same samples, another seed others."""
    samples = Samples(method=method, count=64, seed=seed, over=tuple(OVER))
    found, _ = unit_samples(samples)
    assert found.shape == (64, 5)
    for column in found.T:
        assert sorted((column * 64).astype(int)) == list(range(64))
    assert (found == unit_samples(samples)[0]).all()
    assert (found != unit_samples(Samples(method=method, count=64, seed=seed + 1, over=tuple(OVER)))[0]).any()


@pytest.mark.parametrize(
    ("over", "mean"), list(zip(OVER, MEANS, strict=True)), ids=["uniform", "normal", "truncated", "lognormal", "triangular"]
)
def test_samples_follow_their_distribution(over, mean):
    """Mid-strata give the mean within the quadrature error of 4096 points, and nothing lies outside the bounds."""
    u = (np.arange(4096) + 0.5) / 4096
    found = quantiles(over, u)
    assert (np.diff(found) > 0).all()
    low, high = getattr(over, "low", None), getattr(over, "high", None)
    assert low is None or found.min() >= low
    assert high is None or found.max() <= high
    if mean is not None:
        assert found.mean() == pytest.approx(mean, rel=1e-3)
    if isinstance(over, Lognormal):
        assert quantiles(over, np.array([0.5])) == pytest.approx([over.median], rel=1e-12)


def test_a_sample_scales_or_shifts_what_the_case_says(planned):
    """A factor on an entry of the library writes the entry out; a difference adds to what an axis has set."""
    found = planned(
        """
        [[sweep.axes]]
        path = "contacts.0.conductance_W_m2K"
        values = [1000, 3000]
        [sweep.samples]
        count = 4
        seed = 3
        [[sweep.samples.over]]
        path = "coatings.z93.solar_absorptance"
        kind = "uniform"
        low = 0.9
        high = 1.2
        apply = "factor"
        [[sweep.samples.over]]
        path = "contacts.0.conductance_W_m2K"
        name = "joint"
        kind = "uniform"
        low = -100
        high = 100
        apply = "add"
        """
    )
    assert len(found.points) == 8
    for point in found.points:
        made = load(EDGE, point.arguments, point.case)
        factor, shift = point.values["coatings.z93.solar_absorptance.factor"], point.values["joint"]
        assert 0.9 <= factor <= 1.2
        assert made.coatings["z93"].solar_absorptance == pytest.approx(0.17 * factor, rel=1e-9)
        assert made.coatings["z93"].infrared_emittance == 0.92
        assert made.contacts[0].conductance == pytest.approx(point.values["contacts.0.conductance_W_m2K"] + shift, rel=1e-9)
    assert found.geometries == 1  # contacts and coatings leave the mesh as it is
