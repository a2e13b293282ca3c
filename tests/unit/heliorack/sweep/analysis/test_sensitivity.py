"""Influences on a figure against closed forms: Sobol indices, fitted surfaces, shares of a grid, bins."""

import numpy as np
import pytest
from sample_sweep import write_sweep
from scipy.stats import qmc

from heliorack.sweep.analysis.sensitivity import fitted, saltelli_blocks, sensitivity, share_of_levels, sobol_of_blocks, sobol_of_surface
from heliorack.sweep.analysis.table import read_table


def ishigami(x):
    """Ishigami and Homma, 1990; a = 7, b = 0.1."""
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices():
    """First-order and total indices in closed form (Saltelli et al., Global Sensitivity Analysis, 2008)."""
    a, b = 7.0, 0.1
    one, two, three = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + three
    return np.array([one, two, 0]) / whole, np.array([one + three, two, three]) / whole


def saltelli(n, d, seed=1):
    """Samples of the unit cube in A, B and mixed matrices."""
    drawn = qmc.Sobol(2 * d, rng=seed).random(n)
    a, b = drawn[:, :d], drawn[:, d:]
    mixed = [np.where(np.arange(d) == i, b, a) for i in range(d)]
    return np.vstack([a, b, *mixed])


def test_saltelli_design_gives_the_indices_of_ishigami(record_property):
    """Found among shuffled rows, whatever their order; first and total indices within 0.05 of the closed form at 1024 base samples."""
    x = np.random.default_rng(3).permutation((2 * saltelli(1024, 3) - 1) * np.pi)
    blocks = saltelli_blocks(x)
    assert blocks.shape == (5, 1024)
    assert len(np.unique(blocks)) == blocks.size
    found, exact = sobol_of_blocks(ishigami(x)[blocks]), ishigami_indices()
    record_property("found", str(np.round(found, 3).tolist()))
    record_property("expected", str(np.round(exact, 3).tolist()))
    record_property("tolerance", "0.05")
    assert found[0] == pytest.approx(exact[0], abs=0.05)
    assert found[1] == pytest.approx(exact[1], abs=0.05)


def test_other_samples_are_no_saltelli_design():
    """Latin hypercubes have no row that differs from another in one column alone; a design that lost rows keeps its whole blocks."""
    assert saltelli_blocks(qmc.LatinHypercube(4, rng=1).random(200)) is None
    x = saltelli(64, 3)
    assert saltelli_blocks(np.delete(x, [5, 200], axis=0)).shape == (5, 32)


def test_surface_gives_the_indices_of_a_quadratic():
    """y = 1 + 2 x1 + 3 x2 + 4 x1 x2 over the unit square, a third variable idle: variances 4/3, 25/12 and 1/9 in closed form."""
    x = qmc.LatinHypercube(3, rng=2).random(256)
    surface = fitted(x, 1 + 2 * x[:, 0] + 3 * x[:, 1] + 4 * x[:, 0] * x[:, 1])
    assert surface.fit == pytest.approx(1.0, abs=1e-9)
    first, total = sobol_of_surface(surface, x)
    one, two, both = 16 / 12, 25 / 12, 16 / 144
    exact = np.array([one, two, 0]) / (one + two + both)
    assert first == pytest.approx(exact, abs=0.01)
    assert total == pytest.approx(exact + np.array([both, both, 0]) / (one + two + both), abs=0.01)


def test_fit_is_that_of_samples_left_out():
    """The shortcut equals fitting anew without each sample; noise that depends on nothing is not foretold at all."""
    rng = np.random.default_rng(5)
    x = rng.random((40, 2))
    y = np.sin(3 * x[:, 0]) + x[:, 1] ** 3 + 0.1 * rng.normal(size=40)
    centre, scale = x.mean(axis=0), x.std(axis=0)

    def terms(points):
        z = (points - centre) / scale
        return np.column_stack([np.ones(len(z)), z, z[:, 0] ** 2, z[:, 0] * z[:, 1], z[:, 1] ** 2])

    errors = []
    for i in range(40):
        rest = np.arange(40) != i
        coefficients = np.linalg.lstsq(terms(x[rest]), y[rest], rcond=None)[0]
        errors.append(y[i] - (terms(x[i : i + 1]) @ coefficients)[0])
    assert fitted(x, y).fit == pytest.approx(1 - np.sum(np.square(errors)) / np.sum((y - y.mean()) ** 2), rel=1e-9)
    assert fitted(x, rng.normal(size=40)).fit < 0.3


def test_shares_of_a_full_grid_are_exact():
    """y = 3 a + b over a grid: 9 to 1, to round-off; bins of noise have, on the mean, no share."""
    a, b = (grid.ravel().astype(float) for grid in np.meshgrid(range(5), range(5)))
    assert share_of_levels(a, 3 * a + b) == pytest.approx(0.9, rel=1e-12)
    assert share_of_levels(b, 3 * a + b) == pytest.approx(0.1, rel=1e-12)
    rng = np.random.default_rng(1)
    plain = [share_of_levels(np.arange(200) % 10, rng.normal(size=200)) for _ in range(50)]
    honest = [share_of_levels(np.arange(200) % 10, rng.normal(size=200), chance=True) for _ in range(50)]
    assert np.mean(plain) > 0.035
    assert np.mean(honest) < 0.015


def test_bins_name_themselves(tmp_path):
    """A figure that no surface follows is judged by bins, and says so."""
    rng = np.random.default_rng(6)
    x = rng.random((300, 2))
    rows = [
        {"point": f"sample-{i:04d}_x", "u": u, "v": v, "holds": True, "mass_kg": float(np.sin(40 * u) > 0), "tightest_margin_K": u}
        for i, (u, v) in enumerate(x.tolist())
    ]
    found = sensitivity(read_table(write_sweep(tmp_path / "sweep", ("u", "v"), rows)), "mass_kg")
    assert found.method == "bins"
    assert "bins" in found.words
