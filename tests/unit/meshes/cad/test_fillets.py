"""Small fillets: how short edges along them may be, and what that costs."""

from contextlib import contextmanager

import pytest
from file_parts import DATA

from meshes.assemble import assemble
from meshes.cad.curvature import ALONG, bends
from meshes.cad.imported import Piece
from meshes.cad.step import Step
from meshes.gmsh_session import session
from meshes.measure import part_volumes
from meshes.settings import MeshSettings


@contextmanager
def millimetres():
    """A session in which files are written and read in mm, whatever other tests have asked of the kernel."""
    with session() as gmsh:
        before = gmsh.option.getString("Geometry.OCCTargetUnit")
        gmsh.option.setString("Geometry.OCCTargetUnit", "MM")
        yield gmsh
        gmsh.option.setString("Geometry.OCCTargetUnit", before)


@pytest.fixture
def package(tmp_path):
    """A package of 6 x 6 x 1 mm with fillets of 0.05 mm on all its edges."""
    with millimetres() as gmsh:
        box = gmsh.model.occ.addBox(0, 0, 0, 6, 6, 1)
        gmsh.model.occ.synchronize()
        gmsh.model.occ.fillet([box], [tag for _, tag in gmsh.model.getEntities(1)], [0.05])
        gmsh.model.occ.synchronize()
        gmsh.write(str(tmp_path / "package.step"))
    return tmp_path / "package.step"


def edges(file, **given):
    """Edge lengths [mm] at the points of curved faces, and the length [mm] of all its curves."""
    with millimetres() as gmsh:
        found = gmsh.model.occ.importShapes(str(file), highestDimOnly=True)
        gmsh.model.occ.synchronize()
        sizes = bends(gmsh.model, [tag for _, tag in found], 24, **given)
        return sizes, sum(gmsh.model.occ.getMass(1, tag) for _, tag in gmsh.model.getEntities(1))


def test_fillets_all_around_do_not_ask_for_more_than_so_many_cells(package):
    """0.05 mm asks for edges of 0.04 mm; with as many as allowed they are longer. Faces that the case names keep their own."""
    wanted, _ = edges(package, bounded=False)
    assert min(wanted.values()) == pytest.approx(0.0393, abs=1e-3)
    given, length = edges(package)
    assert min(given.values()) > 2 * min(wanted.values())
    assert length / min(given.values()) < 1.3 * ALONG
    asked, _ = edges(package, least=0.4)
    assert set(asked.values()) == {0.4}


def test_holes_are_not_fillets():
    """The edges of a hole of 3 mm are what its curvature asks for, bounded or not."""
    assert edges(DATA / "bored.step") == edges(DATA / "bored.step", bounded=False)


def test_a_least_edge_bounds_the_mesh(package):
    """Edges of 0.5 mm: a few thousand cells, and what the chords of the fillets take is less than 1 % of the volume."""
    pieces = (Piece(name="a", match="*", material="m"),)
    part = Step(name="p", file=str(package), coating="z93", solids=pieces, least_edge=5e-4)
    made = assemble([part], MeshSettings(size=5e-4))
    assert len(made.cells) < 20_000
    assert part_volumes(made) == pytest.approx([36e-9], rel=0.01)
