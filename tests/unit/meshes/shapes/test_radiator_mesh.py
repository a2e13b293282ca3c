"""Radiator panels with heat pipes."""

from dataclasses import replace

import pytest

from meshes.assemble import assemble
from meshes.measure import part_volumes
from meshes.parts import solids
from meshes.shapes.radiator import Radiator

PANEL = Radiator(
    name="rad", coating="white", width=0.6, length=0.4, thickness=0.02, material="honeycomb", pipes=3, pipe_width=0.02, pipe_height=0.012,
    pipe_material="pipe", transport_limit=300.0,
)  # fmt: skip


def test_pipes_are_cut_from_the_panel():
    """Volumes of panel and pipes add up to the slab; pipes carry the transport limit."""
    panel, *pipes = solids(PANEL)
    assert panel.volume + sum(pipe.volume for pipe in pipes) == pytest.approx(0.6 * 0.4 * 0.02, rel=1e-13)
    assert [pipe.name for pipe in pipes] == ["rad.pipe1", "rad.pipe2", "rad.pipe3"]
    assert [pipe.centre[0] for pipe in pipes] == pytest.approx([-0.2, 0, 0.2])
    assert panel.transport_limit is None
    assert {pipe.transport_limit for pipe in pipes} == {300.0}
    assert panel.coatings["inside"] == "insulated"
    assert panel.coatings["+z"] == "white"


@pytest.mark.parametrize("height", [0.012, None])
def test_pipe_touches_the_panel_over_its_groove(height):
    """Buried: four walls of the groove; as high as the panel: the two upright ones, and the pipe shows on both faces."""
    made = assemble([replace(PANEL, pipe_height=height, mesh=0.04)])
    walls = 2 * 0.4 * (0.02 + 0.012) if height else 2 * 0.4 * 0.02
    assert [touch.area for touch in made.touches] == pytest.approx([walls] * 3, rel=1e-9)
    assert part_volumes(made) == pytest.approx(
        [solid.volume for solid in solids(PANEL if height else replace(PANEL, pipe_height=None))], rel=1e-9
    )
    assert "Heat pipes are conducting solids" in made.assumptions[0]


def test_pipes_on_a_face_touch_with_their_width():
    """The panel stays whole."""
    made = assemble([replace(PANEL, pipe_place="-z", mesh=0.04)])
    assert [touch.area for touch in made.touches] == pytest.approx([0.4 * 0.02] * 3, rel=1e-9)
    assert {made.face_names[face] for touch in made.touches for face in made.facet_face[touch.facets_a]} == {"rad.panel:-z"}


def test_pipes_that_do_not_fit_are_refused():
    """Too high, too wide for the pitch, too many for the width, without material."""
    with pytest.raises(ValueError, match="pipe_height is more than"):
        replace(PANEL, pipe_height=0.03)
    with pytest.raises(ValueError, match="pitch must be more than pipe_width"):
        replace(PANEL, pitch=0.02)
    with pytest.raises(ValueError, match="do not fit in the panel"):
        replace(PANEL, pitch=0.3)
    with pytest.raises(ValueError, match="pipes needs pipe_width and pipe_material"):
        replace(PANEL, pipe_material=None)


def test_a_panel_without_pipes_is_a_plate():
    """One solid without cavities."""
    (panel,) = solids(Radiator(name="rad", coating="white", width=0.6, length=0.4, thickness=0.02, material="al"))
    assert panel.faces == ("-x", "+x", "-y", "+y", "-z", "+z")
