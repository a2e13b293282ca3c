"""The light surface of a body: its vertices are nodes with their own temperatures, and few enough."""

import numpy as np
import pytest
from sample_run import BOXES, wave, write_run

from heliorack.runfolder.fields import ViewError
from heliorack.visuals.light_surface import light_surface, sharp_edges


@pytest.fixture(scope="module")
def fine(tmp_path_factory):
    """A run folder whose boxes are cut into small cells, with one moment: hot where x is large."""
    import pyvista

    folder = tmp_path_factory.mktemp("fine")
    (folder / "fields").mkdir()
    pieces = [pyvista.ImageData(dimensions=(13, 9, 5), spacing=(0.1, 0.1, 0.1), origin=(2 * i, 0, 0)).to_tetrahedra() for i in range(2)]
    grid = pieces[0].merge(pieces[1], merge_points=False)
    grid.clear_data()
    grid.cell_data["part"] = np.repeat([0, 1], pieces[0].n_cells).astype(np.int32)
    grid.field_data["part_names"] = np.array(["left", "right"])
    grid.point_data["temperature_degC"] = (100 * grid.points[:, 0]).astype(np.float32)
    grid.save(folder / "fields/frame_000.vtu")
    (folder / "fields.pvd").write_text('<DataSet timestep="0" group="" part="0" file="fields/frame_000.vtu"/>')
    return folder


def area(surface):
    """Area of all triangles."""
    a, b, c = np.moveaxis(surface.points[surface.triangles], 1, 0)
    return 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1).sum()


def test_fewer_vertices_are_still_nodes_with_their_temperature(fine):
    """Boxes stay boxes: area to 1e-6, corners kept, temperature of every vertex exact; two parts of equal share."""
    whole, light = light_surface(fine), light_surface(fine, most=200)
    assert len(light.points) <= 200 < len(whole.points)
    assert len(light.triangles) < light.whole == len(whole.triangles)
    assert area(light) == pytest.approx(area(whole), rel=1e-6)
    np.testing.assert_allclose(light.value[0], 100 * light.points[:, 0], rtol=1e-5)
    np.testing.assert_allclose([light.points.min(axis=0), light.points.max(axis=0)], [whole.points.min(axis=0), whole.points.max(axis=0)])
    assert set(light.part) == {0, 1}
    assert light.left_out == ()


def test_parts_that_are_too_many_are_named(fine):
    """Eight corners each do not fit ten vertices."""
    light = light_surface(fine, most=10)
    assert len(light.left_out) >= 1
    assert set(light.left_out) < {"left", "right"} or len(light.points) == 0


def test_every_moment_and_part_of_a_small_run(tmp_path):
    """Nothing is left out; values go with the wave."""
    found = light_surface(write_run(tmp_path / "run"))
    assert found.part_names == tuple(name for name, *_ in BOXES)
    assert len(found.triangles) == found.whole == 12 * len(BOXES)
    np.testing.assert_allclose(found.value[:, 0] - found.value[0, 0], wave(found.times) - wave(found.times[:1]), atol=1e-4)


def test_a_box_has_twelve_sharp_edges(tmp_path):
    """Diagonals of its faces are none."""
    found = light_surface(write_run(tmp_path / "run"))
    assert len(found.edges) == 12 * len(BOXES)
    assert len(sharp_edges(np.eye(3), np.array([[0, 1, 2]]))) == 3


def test_a_run_without_fields_is_refused(tmp_path):
    """In words."""
    with pytest.raises(ViewError, match=r"no fields\.pvd"):
        light_surface(tmp_path)
