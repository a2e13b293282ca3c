"""Which cases share a mesh."""

import shutil
from pathlib import Path

import pytest
from case_text import box

from heliorack.case.case import Case, load, loads
from heliorack.model.bodies import MOST_BODIES, Bodies, key_of
from heliorack.runtime.parallel import world
from heliorack.runtime.progress import silent

STEP = Path(__file__).parents[3] / "data" / "labelled.step"

CAD = (
    '[run]\nkind = "steady"\n[[parts]]\nkind = "step"\nname = "set"\nfile = "part.step"\ncoating = "z93"\nmesh_mm = 4\n'
    '[[parts.solids]]\nname = "plate"\nmatch = "plate"\nmaterial = "al_6061"\nheat_W = 1\n'
    '[[parts.solids]]\nname = "block"\nmatch = "block"\nmaterial = "al_6061"\ncount = 2\n'
)


def plate(*overrides: str, width: float = 100) -> Case:
    """A plate under a lamp."""
    return loads('[run]\nkind = "steady"\n' + box("a", (width, 100, 10), more="heat_W = 3"), overrides)


def test_loads_and_optics_share_a_mesh():
    """Heat and coating are the case's own: the same mesh, and solids that say what this case asks for."""
    first, second = plate(), plate("parts.a.heat_W=5", 'parts.a.coating="a276"')
    bodies = Bodies()
    one, other = (bodies.of(case, world(), silent) for case in (first, second))
    assert one.assembly is other.assembly
    assert [solid.heat for solid in (*one.solids, *other.solids)] == [3.0, 5.0]


@pytest.mark.parametrize("change", ["parts.a.mesh_mm=59", 'parts.a.material="copper"', "parts.a.size_mm=[100,100,10.000000000000002]"])
def test_other_geometry_is_another_mesh(change):
    """To the last bit of a number."""
    assert key_of(plate()) != key_of(plate(change))


def test_a_file_counts_by_what_it_holds(tmp_path):
    """The same name with other content is other geometry; a missing file is refused where it is read."""
    shutil.copy(STEP, tmp_path / "part.step")
    path = tmp_path / "case.toml"
    path.write_text(CAD)
    before = key_of(load(path))
    assert before == key_of(load(path))
    (tmp_path / "part.step").write_bytes(STEP.read_bytes() + b"\n")
    assert before != key_of(load(path))


def test_an_adapted_mesh_belongs_to_its_loads():
    """Its key is the whole case; without something that solves, it is refused."""
    assert key_of(plate("mesh.adapt=true")) != key_of(plate("mesh.adapt=true", "parts.a.heat_W=5"))
    with pytest.raises(RuntimeError, match="bodies that can solve"):
        Bodies().of(plate("mesh.adapt=true"), world(), silent)


def test_the_oldest_body_goes():
    """Memory holds a few."""
    bodies = Bodies()
    for width in range(100, 101 + MOST_BODIES):
        bodies.of(plate(width=width), world(), silent)
    assert len(bodies._known) == MOST_BODIES
    assert key_of(plate(width=100)) not in bodies._known
