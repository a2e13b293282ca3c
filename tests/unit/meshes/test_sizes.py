"""Default edge lengths and layers."""

import pytest

from meshes.parts import all_solids
from meshes.settings import MeshSettings
from meshes.shapes.basic import Box, Cylinder, Plate
from meshes.sizes import default_size, slices, target_sizes

PANEL = Plate(name="p", material="al", coating="w", width=1.0, length=0.5, thickness=0.01)


def test_parts_own_size_comes_before_the_meshs():
    """Then the table's, then the default."""
    fine = Box(name="b", material="al", coating="w", size=(0.1, 0.1, 0.1), mesh=0.004)
    both = all_solids([PANEL, fine])
    assert target_sizes(both, MeshSettings(size=0.05)).tolist() == [0.05, 0.004]
    assert target_sizes(both, MeshSettings())[0] == default_size(both)


def test_default_spends_nodes_on_area_or_volume():
    """A panel of 1.03 m² gets 17.0 mm; a cube of 1 m, by its volume, 62.5 mm."""
    assert default_size(all_solids([PANEL])) == pytest.approx(0.0170, rel=0.01)
    cube = Box(name="b", material="al", coating="w", size=(1, 1, 1))
    assert default_size(all_solids([cube])) == pytest.approx((1 / 4100) ** (1 / 3), rel=1e-12)


def test_small_parts_get_smaller_cells_within_limits():
    """Half the middle edge, but not below half the default."""
    chip = Box(name="chip", material="al", coating="w", size=(0.03, 0.02, 0.002))
    mite = Box(name="mite", material="al", coating="w", size=(0.003, 0.002, 0.002))
    sizes = target_sizes(all_solids([PANEL, chip, mite]), MeshSettings(size=None))
    assert sizes[1] == pytest.approx(0.01)
    assert sizes[2] == pytest.approx(sizes[0] / 2)


def test_cylinders_have_24_edges_around_at_least():
    """Half that at a diameter of 10 mm is 1.3 mm."""
    can = Cylinder(name="c", material="al", coating="w", radius=0.005, height=0.1)
    assert target_sizes(all_solids([can]), MeshSettings(size=0.01))[0] == pytest.approx(0.01 * 3.14159 / 24, rel=1e-5)


def test_slices_only_where_the_size_does_not_bring_the_layers():
    """Across the thinnest direction."""
    (panel,) = all_solids([PANEL])
    assert slices(panel, 0.02, 1) == (2, 1)
    assert slices(panel, 0.02, 3) == (2, 3)
    assert slices(panel, 0.002, 3) == (2, 1)
