"""Bubbles on edges: quadratic elements in hierarchical form."""

import numpy as np
import pytest

from meshes.assemble import assemble
from meshes.shapes.basic import Box
from thermal.conduction.enrichment import Enrichment
from thermal.conduction.surface_loads import facet_densities

K = np.array([[2.0, 0.3, 0.0], [0.3, 1.0, 0.1], [0.0, 0.1, 3.0]])


@pytest.fixture(scope="module")
def cube():
    return assemble([Box(name="b", size=(1.0, 0.8, 0.6), material="m", coating="w", mesh=0.25)])


def enriched(mesh, **more) -> Enrichment:
    fixed = np.zeros(len(mesh.points), dtype=bool)
    return Enrichment(mesh.points, mesh.cells, np.tile(K, (len(mesh.cells), 1, 1)), [], fixed, mesh.facets, **more)


def surplus(space: Enrichment, quadratic) -> np.ndarray:
    """Heights of the bubbles of a quadratic field: what its middles of edges have over the mean of the ends."""
    ends = space.points[space.edges]
    return quadratic(ends.mean(axis=1)) - (quadratic(ends[:, 0]) + quadratic(ends[:, 1])) / 2


def test_a_quadratic_field_balances_its_own_heat(cube):
    """For x^2 the heat by volume is -2 k_xx and what crosses the surface 2 x (k e_x).n: nothing is left on any bubble or node."""
    space = enriched(cube)

    def field(x):
        return x[..., 0] ** 2

    e, T = surplus(space, field), field(cube.points)
    corners = cube.points[cube.facets]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    flux = 2 * corners[:, :, 0] * (normal @ K[:, 0])[:, None]
    load = space.from_cells(np.full((len(cube.cells), 4), -2 * K[0, 0])) + space.from_facets(cube.facets, flux)
    assert space.conducted(T) + space.bubbles(e) == pytest.approx(load, abs=1e-12)


def test_the_mixed_part_is_symmetric(cube):
    """What bubbles draw from nodes is what nodes draw from bubbles, losses of the surface included."""
    space = enriched(cube, losses=(cube.facets, np.linspace(1, 2, len(cube.facets))))
    rng = np.random.default_rng(1)
    T, e, d = rng.normal(size=len(cube.points)), rng.normal(size=len(space.edges)), rng.normal(size=len(space.edges))
    assert T @ space.hats(e) == pytest.approx(e @ space.edges_under(T))
    assert d @ space.bubbles(e) == pytest.approx(e @ space.bubbles(d))
    assert e @ space.bubbles(e) > 0


def test_lumping_moves_heat_and_makes_none(cube):
    """The difference to lumped loads has no sum, and is nothing for an even load."""
    space = enriched(cube)
    assert space.unlumped(cube.facets, np.ones((len(cube.facets), 3))) == pytest.approx(0, abs=1e-15)
    uneven = space.unlumped(cube.facets, cube.points[cube.facets][:, :, 0] ** 2)
    assert np.abs(uneven).max() > 1e-4
    assert uneven.sum() == pytest.approx(0, abs=1e-12)


def test_faces_get_their_own_loads_back(cube):
    """Six faces with six loads, told apart from heat by node, edges and corners included."""
    area = np.linalg.norm(np.cross(*(cube.points[cube.facets[:, i]] - cube.points[cube.facets[:, 0]] for i in (1, 2))), axis=1) / 2
    load = np.array([0.0, 5.0, -3.0, 100.0, 1.0, 0.0])[cube.facet_face]
    heat = np.bincount(cube.facets.ravel(), np.repeat(area * load / 3, 3), len(cube.points))
    found = facet_densities(cube.points, cube.facets, cube.facet_face, heat)
    assert found == pytest.approx(np.tile(load[:, None], (1, 3)), abs=1e-9)
