"""Bubbles on edges: quadratic elements in hierarchical form."""

import numpy as np
import pytest

from meshes.assemble import assemble
from meshes.shapes.basic import Box
from thermal.conduction.enrichment import Enrichment
from thermal.conduction.surface_loads import SurfaceLoads

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
    assert space.conducted(T) + space.taken(0.0, 0 * T, e)[1] == pytest.approx(load, abs=1e-12)


def test_the_mixed_part_is_symmetric(cube):
    """What bubbles draw from nodes is what nodes draw from bubbles, losses of the surface included."""
    space = enriched(cube, losses=(cube.facets, np.linspace(1, 2, len(cube.facets))))
    rng = np.random.default_rng(1)
    T, e, d = rng.normal(size=len(cube.points)), rng.normal(size=len(space.edges)), rng.normal(size=len(space.edges))
    nothing = np.zeros(len(T)), np.zeros(len(e))
    assert T @ space.taken(0.0, nothing[0], e)[0] == pytest.approx(e @ space.taken(0.0, T, nothing[1])[1])
    assert d @ space.taken(0.0, nothing[0], e)[1] == pytest.approx(e @ space.taken(0.0, nothing[0], d)[1])
    assert e @ space.taken(0.0, nothing[0], e)[1] > 0


def test_what_is_stored_is_that_of_the_field(cube):
    """At rates x and x^2, bubbles included: the integrals of x^2 and x^4 over a box from -1/2 to 1/2, 1/12 and 1/80 of its volume."""
    space = enriched(cube, capacity=np.full(len(cube.cells), 3.0))
    lumped = 3.0 * np.bincount(cube.cells.ravel(), np.repeat(space.volume / 4, 4), len(cube.points))
    x, bent = cube.points[:, 0], surplus(space, lambda points: points[..., 0] ** 2)
    for rate, bubbles, exact in ((x, 0 * bent, 1 / 12), (x**2, bent, 1 / 80)):
        nodes, edges = space.stored(rate, bubbles)
        assert rate @ (lumped * rate + nodes) + bubbles @ edges == pytest.approx(3.0 * 0.48 * exact)


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
    found = SurfaceLoads(cube.points, cube.facets, cube.facet_face).densities(heat)
    assert found == pytest.approx(np.tile(load[:, None], (1, 3)), abs=1e-9)


def test_the_next_load_case_takes_what_cells_make_of_it(cube):
    """Other losses on the same cells: conduction and capacity are those of before, to the bit as if made anew; other capacities are not."""
    capacity = np.full(len(cube.cells), 3.0)
    first = enriched(cube, capacity=capacity)
    losses = (cube.facets, np.linspace(1, 2, len(cube.facets)))
    after = enriched(cube, capacity=capacity.copy(), losses=losses)
    assert after._stores is first._stores
    assert enriched(cube, capacity=2 * capacity)._stores is not first._stores
    anew = enriched(cube, capacity=capacity, losses=losses)
    assert anew._stores is not first._stores
    T, e = cube.points[:, 0], np.linspace(0.0, 1.0, len(first.edges))
    for one, other in zip(after.taken(0.1, T, e), anew.taken(0.1, T, e), strict=True):
        assert (one == other).all()
