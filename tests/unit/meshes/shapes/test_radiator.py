"""Face sheets and the root of a radiator."""

from dataclasses import replace

import pytest

from meshes.assemble import assemble
from meshes.parts import solids
from meshes.settings import MeshSettings
from meshes.shapes.radiator import Radiator

PANEL = Radiator(
    name="rad", coating="white", width=0.6, length=0.4, thickness=0.02, material="core", pipes=2, pipe_width=0.02, pipe_material="pipe",
    sheet=0.0005, sheet_material="al", root_width=0.03, root_material="al", root_coating="insulated",
)  # fmt: skip


def areas(part):
    """Touching area by pair of sub-parts."""
    made = assemble([part], MeshSettings(size=0.1))
    return {tuple(made.part_names[i].removeprefix("rad.") for i in (t.part_a, t.part_b)): t.area for t in made.touches}


def test_sheets_cover_the_core_and_the_root_spans_the_edge():
    """21 mm in all; the root as thick, at the -y edge; coated by its own table."""
    found = {solid.name.removeprefix("rad."): solid for solid in solids(PANEL)}
    assert list(found) == ["panel", "pipe1", "pipe2", "front_sheet", "back_sheet", "root"]
    assert (found["front_sheet"].centre[2], found["back_sheet"].centre[2]) == (pytest.approx(0.01025), pytest.approx(-0.01025))
    assert found["root"].size == pytest.approx((0.6, 0.03, 0.021))
    assert found["root"].centre == pytest.approx((0, -0.215, 0))
    assert (found["root"].coatings["+x"], found["front_sheet"].coatings["+z"]) == ("insulated", "white")


def test_every_pair_touches_over_its_closed_form():
    """Pipes as high as the core touch both sheets and, with their ends, the root."""
    found = areas(PANEL)
    core, pipe = 0.6 * 0.4 - 2 * 0.02 * 0.4, 0.02 * 0.4
    expected = {("panel", "front_sheet"): core, ("panel", "back_sheet"): core, ("panel", "root"): (0.6 - 0.04) * 0.02}
    expected |= {("front_sheet", "root"): 0.6 * 0.0005, ("back_sheet", "root"): 0.6 * 0.0005}
    for name in ("pipe1", "pipe2"):
        expected |= {("panel", name): 2 * 0.4 * 0.02, (name, "front_sheet"): pipe, (name, "back_sheet"): pipe, (name, "root"): 0.02 * 0.02}
    assert found == pytest.approx(expected, rel=1e-9)


def test_pipes_on_a_face_lie_on_its_sheet():
    """And no longer touch the core."""
    found = areas(replace(PANEL, pipe_place="-z", pipe_height=0.01))
    assert found["pipe1", "back_sheet"] == pytest.approx(0.02 * 0.4, rel=1e-9)
    assert not {("panel", "pipe1"), ("pipe1", "root")} & set(found)


def test_a_sheet_is_one_flat_layer():
    """Half a millimetre of sheet costs the nodes of its two faces, no more."""
    made = assemble([PANEL], MeshSettings(size=0.05))
    sheet = made.part_names.index("rad.front_sheet")
    heights = made.points[made.cells[made.cell_part == sheet]][..., 2].ravel()
    assert (abs(abs(heights - 0.01025) - 0.00025) > 1e-9).mean() < 0.01
    assert (made.cell_part == sheet).sum() < 1500


def test_sheets_and_root_need_a_material():
    """And a material a measure."""
    with pytest.raises(ValueError, match="sheet needs sheet_material"):
        replace(PANEL, sheet_material=None)
    with pytest.raises(ValueError, match="root_material needs root_width"):
        replace(PANEL, root_width=None)
