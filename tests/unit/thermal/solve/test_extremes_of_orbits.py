"""Extremes of a periodic state are those of the state, however long the steps are."""

import numpy as np
import pytest
from bodies import Solid

from meshes.join import join
from meshes.structured import structured_box
from thermal.solve.periodic_march import Constant, PeriodicMarch
from thermal.solve.settings import Solver
from thermal.solve.solution import Task

PERIOD = 600.0


def strip():
    """A panel between two heat pipes under a warm plate: 56 mm in two cells, where heat from the plate spreads over 9 mm."""
    panel = structured_box((2, 4, 1), (0.056, 0.16, 0.02), name="panel")
    plate = structured_box((2, 4, 1), (0.056, 0.16, 0.016), (0.0, 0.0, 0.02), name="plate")
    return Solid(join([panel, plate]), [9.0, 167.0], [1.5e5, 2.4e6])


def orbit(solid, tolerance):
    """Its temperatures with heat in the plate that swings."""
    pipes = {"panel:-x": (3000.0, 290.0), "panel:+x": (3000.0, 290.0)}
    heat = {"plate": lambda t: 60.0 + 30.0 * np.sin(2 * np.pi * t / PERIOD)}
    model = solid.model(films=pipes, heat=heat, contact=2000.0)
    task = Task(model, solid.volumes, np.linspace(0.0, PERIOD, 5), Solver(linear="direct", tolerance=tolerance), lambda words, done: None)
    return PeriodicMarch(task, Constant((0.0, PERIOD))).solve().history


def test_nodes_that_stand_above_all_their_neighbours_count():
    """Nodes of the panel are hotter than the plate that alone heats them, by the mesh; with a tenth of the tolerance they still count."""
    solid = strip()
    coarse, fine = orbit(solid, 0.05), orbit(solid, 0.005)
    assert fine.hottest[0] > fine.hottest[1] + 0.5
    assert coarse.hottest == pytest.approx(fine.hottest, abs=0.02)
    assert coarse.coldest == pytest.approx(fine.coldest, abs=0.02)
    own = np.unique(solid.assembly.cells[solid.assembly.cell_part == 0])
    assert 0.0 <= fine.hottest[0] - fine.fields[:, own].max() < 0.05
