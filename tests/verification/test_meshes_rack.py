"""A rack of 24 trays meshes whole: 75 solids, every contact found, every volume exact."""

from time import process_time

import numpy as np
import pytest

from meshes.assemble import assemble
from meshes.measure import part_volumes
from meshes.parts import all_solids
from meshes.shapes.rack import Rack
from meshes.shapes.tray import Device, Slab, Tray


def rack_of_24(mesh=None):
    """Boards fill the width up to the left wall, which is their cold wall; two packages on each; three walls."""
    board = Slab(size=(0.495, 0.7, 0.003), material="fr4")
    chip = Device(name="chip", size=(0.06, 0.06, 0.01), count=2, pitch=(0.2, 0), material="si")
    tray = Tray(name="blade", coating="w", mesh=mesh, position=(0.0025, 0, 0), board=board, devices=(chip,))
    walls = ("left", "bottom", "top")
    return Rack(name="rack", coating="w", size=(0.5, 0.8, 1.1), wall=0.005, material="al", walls=walls, tray=tray, trays=24, pitch=0.045)


def test_rack_of_24_trays():
    """Every wall, board and package with its exact volume and every contact with its exact area."""
    rack = rack_of_24(mesh=0.2)
    made = assemble([rack])
    assert part_volumes(made) == pytest.approx([solid.volume for solid in all_solids([rack])], rel=1e-9)
    areas = sorted(touch.area for touch in made.touches)
    expected = sorted([0.7 * 0.003] * 24 + [0.06 * 0.06] * 48 + [0.8 * 0.005] * 2)
    assert areas == pytest.approx(expected, rel=1e-9)
    left = made.part_names.index("rack.left")
    assert sum(left in (touch.part_a, touch.part_b) for touch in made.touches) == 26
    owner = np.full(len(made.points), -1)
    owner[made.cells.ravel()] = np.repeat(made.cell_part, 4)
    assert np.array_equal(owner[made.cells], np.repeat(made.cell_part[:, None], 4, axis=1))


@pytest.mark.full
def test_rack_of_24_trays_is_quick():
    """From parts to a DOLFINx mesh whose cells know their part: 60 000 cells in less than 8 s of one core."""
    from meshes.distribute import distribute, input_cells

    comm = pytest.importorskip("mpi4py.MPI").COMM_SELF
    start = process_time()
    made = assemble([rack_of_24(mesh=0.034)])
    mesh = distribute(made, comm)
    tags = made.cell_part[input_cells(mesh)]
    spent = process_time() - start
    assert len(made.part_names) >= 73
    assert len(tags) >= 60_000
    assert len(np.unique(tags)) == len(made.part_names)
    assert spent < 8
