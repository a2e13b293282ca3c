"""Solar wings: panels in a row, hinges in the gaps, a yoke."""

from dataclasses import replace

import pytest

from meshes.assemble import assemble
from meshes.parts import solids
from meshes.settings import MeshSettings
from meshes.shapes.wing import PanelArray

WING = PanelArray(
    name="wing", coating="white", panels=3, width=1.0, length=0.8, thickness=0.02, gap=0.01, material="honeycomb", hinge_width=0.2,
    hinge_thickness=0.004, hinge_material="ti", yoke_width=0.3, yoke_length=0.5, yoke_thickness=0.01, yoke_material="cfrp",
    coatings={"panel*:+z": "cells"},
)  # fmt: skip


def test_the_wing_extends_along_y_from_the_edge_that_holds_it():
    """Yoke from 0 to 0.5 m, then panels of 0.8 m with gaps of 10 mm that the hinges fill."""
    found = {solid.name: solid for solid in solids(WING)}
    assert list(found) == ["wing.panel1", "wing.panel2", "wing.panel3", "wing.hinge1", "wing.hinge2", "wing.yoke"]
    assert [found[f"wing.panel{i}"].centre[1] for i in (1, 2, 3)] == pytest.approx([0.9, 1.71, 2.52])
    assert found["wing.yoke"].centre == pytest.approx((0, 0.25, 0))
    assert found["wing.hinge1"].centre[1] == pytest.approx(1.305)
    assert found["wing.hinge2"].size == pytest.approx((0.2, 0.01, 0.004))
    assert (found["wing.panel2"].coatings["+z"], found["wing.panel2"].coatings["-z"]) == ("cells", "white")


def test_panels_touch_by_their_hinges_and_the_yoke():
    """Areas are section of the thinner; panels themselves do not touch across a gap."""
    made = assemble([WING], MeshSettings(size=0.3))
    areas = {tuple(made.part_names[i].removeprefix("wing.") for i in (t.part_a, t.part_b)): t.area for t in made.touches}
    hinge = pytest.approx(0.2 * 0.004, rel=1e-9)
    joints = {("panel1", "hinge1"), ("panel2", "hinge1"), ("panel2", "hinge2"), ("panel3", "hinge2")}
    assert areas == dict.fromkeys(joints, hinge) | {("panel1", "yoke"): pytest.approx(0.3 * 0.01, rel=1e-9)}


def test_panels_without_gap_touch_edge_to_edge():
    """Two joints of three panels; the first begins at the edge that holds the wing."""
    bare = PanelArray(name="wing", coating="w", panels=3, width=1.0, length=0.8, thickness=0.02, gap=0.0, material="al")
    assert [touch.area for touch in assemble([bare], MeshSettings(size=0.3)).touches] == pytest.approx([0.02] * 2, rel=1e-9)
    assert solids(bare)[0].centre[1] == pytest.approx(0.4)


def test_contradictory_wings_are_refused():
    """Hinges need a gap and a material, a yoke all its measures."""
    with pytest.raises(ValueError, match=r"^hinge_width needs a gap between two panels"):
        replace(WING, gap=0.0)
    with pytest.raises(ValueError, match=r"^hinge_width needs a gap between two panels"):
        replace(WING, panels=1)
    with pytest.raises(ValueError, match=r"^hinge_width needs hinge_material"):
        replace(WING, hinge_material=None)
    with pytest.raises(ValueError, match=r"^yoke_width needs yoke_length and yoke_material"):
        replace(WING, yoke_length=None, yoke_material=None)
