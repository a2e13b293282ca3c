"""An assembly as a DOLFINx mesh, on one and two ranks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("dolfinx_solver" if Path(sys.executable).with_name("mpiexec").exists() else "dolfinx")

SCRIPT = """
from heliorack.runtime.parallel import on_first
from meshes.distribute import distribute, input_cells, input_dofs, input_nodes
from mpi4py import MPI
import dolfinx.fem, numpy as np
from meshes.assemble import assemble
from meshes.errors import GeometryError
from meshes.shapes.basic import Box

comm = MPI.COMM_WORLD
box = dict(material="al", coating="w", size=(0.1, 0.1, 0.1))
parts = [Box(name="one", **box), Box(name="two", position=(0.1, 0, 0), **box)]
made = on_first(comm, lambda: assemble(parts))
mesh = distribute(made, comm)
space = dolfinx.fem.functionspace(mesh, ("Lagrange", 1))
assert np.abs(mesh.geometry.x - made.points[input_nodes(mesh)]).max() < 1e-15
assert np.abs(space.tabulate_dof_coordinates() - made.points[input_dofs(space)]).max() < 1e-15
local = mesh.topology.index_map(3).size_local
seen = comm.allgather(input_cells(mesh)[:local])
assert np.array_equal(np.sort(np.concatenate(seen)), np.arange(len(made.cells)))
cells = made.cells[input_cells(mesh)]
assert np.array_equal(np.sort(cells), np.sort(input_nodes(mesh)[mesh.geometry.dofmaps[0]]))
assert space.dofmap.index_map.size_global == len(made.points)
try:
    on_first(comm, lambda: assemble([parts[0], parts[0]]))
except GeometryError as error:
    words = str(error)
assert comm.allgather("named twice" in words) == [True] * comm.size
if comm.rank == 0:
    print("agreed on", comm.size)
"""


@pytest.mark.parametrize("ranks", [1, pytest.param(2, marks=pytest.mark.mpi)])
def test_numbers_of_the_assembly_come_back(ranks):
    """Every cell on one rank, every node and degree of freedom at its place; errors of rank 0 reach all."""
    launcher = [str(Path(sys.executable).with_name("mpiexec")), "-n", str(ranks)] if ranks > 1 else []
    if launcher and not Path(launcher[0]).exists():
        (pytest.fail if os.environ.get("HELIORACK_CI") else pytest.skip)("no mpiexec beside the interpreter; pip installs it with mpich")
    done = subprocess.run([*launcher, sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == f"agreed on {ranks}", done.stderr
