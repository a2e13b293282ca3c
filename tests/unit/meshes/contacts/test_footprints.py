"""Default edge lengths about contacts that are smaller than a face."""

from dataclasses import replace

import numpy as np
import pytest

from meshes.assemble import _assemble, assemble
from meshes.assembly import Assembly
from meshes.contacts.footprints import AT_MOST, CELLS_PER_NODE, FINEST, PLAIN, Footprint, Grading, affordable, words
from meshes.settings import MeshSettings
from meshes.shapes.basic import Array, Box, Cylinder
from meshes.shapes.solid import Cavity, Solid
from meshes.sizes import nodes

BLOCK = Box(name="block", size=(0.06, 0.06, 0.03), position=(0.0, 0.0, -0.015), material="m", coating="w")
CHIP = Box(name="chip", size=(0.001, 0.001, 0.001), position=(0.0, 0.0, 0.0005), material="m", coating="w")


def edges(mesh: Assembly, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean edge length of each cell of a part, and where its middle is [m]."""
    corners = mesh.points[mesh.cells[mesh.cell_part == mesh.part_names.index(part)]]
    pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    return np.mean([np.linalg.norm(corners[:, a] - corners[:, b], axis=1) for a, b in pairs], axis=0), corners.mean(axis=1)


def test_cells_under_a_small_part_are_a_quarter_of_its_side():
    """A chip of 1 mm on a block of 60 mm: 0.25 mm below the chip, 2 mm and more far from it."""
    length, middle = edges(assemble([BLOCK, CHIP]), "block")
    below = np.abs(middle).max(axis=1) < 0.0005
    assert below.sum() > 100
    assert np.quantile(length[below], 0.9) < 0.25e-3
    assert np.median(length[np.linalg.norm(middle, axis=1) > 0.02]) > 2e-3


def test_a_round_footprint_is_one_of_its_diameter():
    """A pin of 2 mm: a quarter of it below."""
    pin = Cylinder(name="pin", radius=0.001, height=0.004, position=(0.0, 0.0, 0.002), material="m", coating="w")
    length, middle = edges(assemble([BLOCK, pin]), "block")
    assert np.quantile(length[np.linalg.norm(middle, axis=1) < 0.001], 0.9) < 0.5e-3


@pytest.mark.parametrize("given", [MeshSettings(size=0.003), MeshSettings()])
def test_sizes_that_are_given_are_obeyed(given):
    """By the table or by the part: the mesh far from the chip is the mesh below it."""
    sized = [BLOCK, CHIP] if given.size else [replace(BLOCK, mesh=0.003), replace(CHIP, mesh=0.001)]
    length, middle = edges(assemble(sized, given), "block")
    assert np.median(length[np.linalg.norm(middle, axis=1) < 0.003]) > 1e-3


def test_a_whole_section_spreads_no_heat():
    """Two equal slabs, and a plate that ends on a wall: their common face takes no cells more than a single slab's."""
    slab = Box(name="slab", size=(0.06, 0.06, 0.03), position=(0.0, 0.0, 0.015), material="m", coating="w")
    length, middle = edges(assemble([BLOCK, slab]), "block")
    near = np.abs(middle[:, 2]) < 0.003
    assert np.median(length[near]) > 0.7 * np.median(length[~near])


def test_many_contacts_share_what_a_default_mesh_has():
    """16 chips of 1 mm take no more than twice the cells of a default mesh of 17 parts."""
    array = Array(count=(4, 4, 1), pitch=(0.015, 0.015, 0.0))
    chips = Box(name="chip", size=(0.001, 0.001, 0.001), position=(0.0, 0.0, 0.0005), material="m", coating="w", array=array)
    mesh = assemble([BLOCK, chips])
    assert len(mesh.cells) < 2 * CELLS_PER_NODE * nodes(17)
    assert not mesh.assumptions


def nodes_across(mesh: Assembly, parts: str, width: float) -> np.ndarray:
    """Places across [m], from the middle, of the nodes at which the plate touches strips of the given width; their ends are left out."""
    found = []
    for touch in mesh.touches:
        names = {mesh.part_names[touch.part_a], mesh.part_names[touch.part_b]}
        if any(name.startswith(parts) for name in names):
            nodes_here = np.unique(mesh.facets[touch.facets_a])
            x, y = mesh.points[nodes_here][:, :2].T
            inner = np.abs(y) < 0.8 * np.abs(y).max()
            found.append(x[inner] - (x.max() + x.min()) / 2)
    across = np.concatenate(found)
    assert np.abs(across).max() == pytest.approx(width / 2)
    return across


@pytest.mark.parametrize(
    ("count", "width"),
    [(1, 0.002), (4, 0.005), pytest.param(20, 0.002, marks=pytest.mark.full), pytest.param(20, 0.001, marks=pytest.mark.full)],
)
def test_the_foot_of_a_fin_has_cells_across_its_width(count, width):
    """Fins of 100 mm on a plate: half their width from node to node and less, in the plate too, and a bounded number of cells."""
    plate = Box(name="plate", size=(0.1, 0.1, 0.005), position=(0.0, 0.0, -0.0025), material="m", coating="w")
    rows = Array(count=(count, 1, 1), pitch=(0.1 / count, 0.0, 0.0))
    fins = Box(name="fin", size=(width, 0.1, 0.03), position=(0.0, 0.0, 0.015), material="m", coating="w", array=rows)
    mesh = assemble([plate, fins])
    across = nodes_across(mesh, "fin", width)
    assert np.count_nonzero(np.abs(across) < 0.4 * width) > 0.2 * len(across)
    assert len(mesh.cells) < (1 + AT_MOST) * CELLS_PER_NODE * nodes(count + 1)
    assert not mesh.assumptions


def test_the_foot_of_a_tube_has_cells_across_its_wall():
    """A square tube with walls of 1 mm, upright on a block: the ring on which it stands is a strip bent round."""
    through = Cavity((0.0, 0.0, 0.0), (0.018, 0.018, 0.01))
    tube = Solid("tube", "box", (0.02, 0.02, 0.01), "m", centre=(0.0, 0.0, 0.005), cavities=(through,))
    mesh = _assemble([*BLOCK.solids(), tube], MeshSettings(), lambda a, b: False)
    (touch,) = mesh.touches
    x, y = np.abs(mesh.points[np.unique(mesh.facets[touch.facets_a])][:, :2].T)
    from_outside = 0.01 - np.maximum(x, y)
    assert np.count_nonzero((from_outside > 2e-4) & (from_outside < 8e-4)) > 20
    assert np.sort(np.unique(from_outside.round(6)))[[0, -1]] == pytest.approx([0.0, 0.001])


def test_what_stays_coarse_is_said():
    """Two strips for which there are too few cells, and nothing where there are enough."""
    strips = [Footprint(0, (i,), 1.0, 2.01, 0.02, 0.03) for i in (1, 2)]
    coarse, plain = Grading(0.3, 0.8), Grading.of(0.0)
    (said,) = words(strips, np.array([0.012]), [coarse, plain])
    assert "1 of 2 contacts" in said
    assert words(strips, np.array([0.012]), [plain, Grading.of(0.5)]) == ()
    assert words(strips, np.array([0.004]), [coarse, coarse]) == ()


def test_what_has_its_fill_leaves_the_rest_to_others():
    """One large and one tiny footprint: a budget for the first alone is not split evenly; none is finer than the finest."""
    large = Footprint(0, (1,), 0.01, 0.04, 0.01, 0.03)
    strip = Footprint(0, (2,), 1.0, 2.01, 0.02, 0.03)
    sizes = np.array([0.012])
    finest, some = Grading.of(1.0), Grading.of(0.7)
    assert (finest.border, finest.growth) == pytest.approx(FINEST)
    need = large.cells(finest, 0.012)
    assert strip.cells(finest, 0.012) > strip.cells(some, 0.012) > need
    together = affordable([large, strip], sizes, need + strip.cells(some, 0.012))
    assert together[0] == finest
    assert together[1].border == pytest.approx(some.border, rel=0.02)
    assert affordable([large], sizes, 1e9) == [finest]


def test_plain_footprints_cost_a_bounded_number_of_cells():
    """Every footprint is plain while they take no more than thrice the budget; beyond, all share one budget."""
    large, sizes = Footprint(0, (1,), 0.01, 0.04, 0.01, 0.03), np.array([0.012])
    plain = large.cells(Grading.of(0.0), 0.012)
    assert affordable([large] * 3, sizes, 3 * plain / (0.99 * AT_MOST))[0].border == pytest.approx(PLAIN[0])
    beyond = affordable([large] * 6, sizes, 3 * plain / AT_MOST)
    assert beyond[0].border > PLAIN[0]
    assert sum(large.cells(grade, 0.012) for grade in beyond) <= 3 * plain / AT_MOST * 1.001


def test_refine_makes_all_of_it_finer():
    """Cells below the chip get smaller with the others, so that a study on three meshes converges."""
    below = [_below(edges(assemble([BLOCK, CHIP], MeshSettings(refine=refine)), "block")) for refine in (0.5, 1.0)]
    assert below[0] / below[1] == pytest.approx(2.0, rel=0.35)


def _below(found: tuple[np.ndarray, np.ndarray]) -> float:
    length, middle = found
    return float(np.median(length[np.linalg.norm(middle, axis=1) < 0.0005]))
