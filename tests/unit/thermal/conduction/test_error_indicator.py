"""The estimated error of a field is nought where it should be and falls at the right order."""

import numpy as np
import pytest
from bodies import orders

from meshes.structured import structured_box
from thermal.conduction.error_indicator import recovery_error

K = np.diag([2.0, 3.0, 5.0])[None]


def test_a_linear_field_has_no_error() -> None:
    """Its flux is constant already, in an orthotropic material too."""
    mesh = structured_box((3, 4, 5), (0.1, 0.2, 0.3))
    T = 300 + mesh.points @ [10.0, -20.0, 30.0]
    assert recovery_error(mesh.points, mesh.cells, mesh.cell_part, K, T).max() < 1e-20


def test_parts_do_not_smooth_one_another() -> None:
    """A kink at the joint of two materials with the same flux through both is no error."""
    mesh = structured_box((4, 2, 2), (0.2, 0.1, 0.1))
    part = (mesh.points[mesh.cells].mean(axis=1)[:, 0] > 0.1).astype(np.int32)
    x = mesh.points[:, 0]
    T = np.where(x < 0.1, 100 * x, 10 + 10 * (x - 0.1))
    two = np.array([np.eye(3), 10 * np.eye(3)])
    assert recovery_error(mesh.points, mesh.cells, part, two, T).max() < 1e-20


def test_the_estimate_approaches_the_error() -> None:
    """T = x^2 on P1 cells: the squared energy error of the interpolant is h^2/3; the estimate falls alike, of the same size within 50 %."""
    counts, estimates, errors = (4, 8, 16), [], []
    for n in counts:
        mesh = structured_box((n, n, n), (1.0, 1.0, 1.0))
        T = mesh.points[:, 0] ** 2
        estimates.append(recovery_error(mesh.points, mesh.cells, mesh.cell_part, np.eye(3)[None], T).sum())
        errors.append(1 / (3 * n * n))  # the slope is off by 2 (x - middle) in every slab: 4 h^2 / 12
    assert orders([1 / n for n in counts], estimates) == pytest.approx([2.0, 2.0], abs=0.3)
    assert np.array(estimates) == pytest.approx(np.array(errors), rel=0.5)
