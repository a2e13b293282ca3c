"""A cut body is closed by the face of the cut, and holds the temperatures of the field there."""

import numpy as np
import pytest

from heliorack.runfolder.fields import CONDUCTIVITY, ViewError
from heliorack.runfolder.quantity import FLUX
from heliorack.visuals.excerpt import Excerpt, plane
from heliorack.visuals.heat_flux import arrows


@pytest.fixture(scope="module")
def frame(tmp_path_factory):
    """A block of 2 x 1 x 1 m whose temperature is 100 times x [m]."""
    import pyvista

    grid = pyvista.ImageData(dimensions=(9, 5, 5), spacing=(0.25, 0.25, 0.25)).to_tetrahedra()
    grid.clear_data()
    grid.cell_data["part"] = np.zeros(grid.n_cells, dtype=np.int32)
    grid.field_data["part_names"] = np.array(["block"])
    grid.field_data[CONDUCTIVITY] = np.diag([5.0, 7.0, 7.0]).reshape(1, 9)
    grid.point_data["temperature_degC"] = (100 * grid.points[:, 0]).astype(np.float32)
    path = tmp_path_factory.mktemp("cut") / "frame.vtu"
    grid.save(path)
    return path


@pytest.mark.parametrize(("text", "low", "high"), [("x=0.6", 0.0, 0.6), ("-x=0.6", 0.6, 2.0), ("x", 0.0, 1.0)])
def test_a_cut_body_is_closed(frame, text, low, high):
    """Area of a box of what is left, temperatures of its ends on the face of the cut."""
    found = Excerpt(slice=text).surface(frame)
    length = high - low
    assert found.areas().sum() == pytest.approx(2 + 4 * length, rel=1e-5)
    assert (found.value.min(), found.value.max()) == (pytest.approx(100 * low, abs=1e-3), pytest.approx(100 * high, abs=1e-3))
    np.testing.assert_allclose(found.value, 100 * found.points[:, 0], atol=1e-3)


@pytest.mark.parametrize("text", ["x", "y", "x=0.999999999"])
def test_parts_that_touch_keep_their_temperatures(tmp_path, text):
    """Two cubes at 10 and 90 degC, face to face at x = 1 m: a cut through both, and one along the contact, mixes nothing."""
    import pyvista

    cubes = []
    for i, value in enumerate((10.0, 90.0)):
        cube = pyvista.ImageData(dimensions=(3, 3, 3), spacing=(0.5, 0.5, 0.5), origin=(float(i), 0, 0)).to_tetrahedra()
        cube.clear_data()
        cube.cell_data["part"] = np.full(cube.n_cells, i, dtype=np.int32)
        cube.point_data["temperature_degC"] = np.full(cube.n_points, value, dtype=np.float32)
        cubes.append(cube)
    grid = pyvista.merge(cubes, merge_points=False)
    grid.field_data["part_names"] = np.array(["cold", "hot"])
    grid.save(tmp_path / "frame.vtu")
    for excerpt in (Excerpt(slice=text), Excerpt(slice=f"-{text}"), Excerpt(threshold=(5.0, 95.0))):
        found = excerpt.surface(tmp_path / "frame.vtu")
        assert set(found.value[found.triangles[found.part == 0]].ravel().tolist()) <= {10.0}
        assert set(found.value[found.triangles[found.part == 1]].ravel().tolist()) <= {90.0}


def test_ends_of_the_colours(frame):
    """As given, or those of what is shown."""
    whole = Excerpt().surface(frame)
    assert Excerpt().range(whole) == (0.0, 200.0)
    assert Excerpt(limits=(5.0, 9.0)).range(whole) == (5.0, 9.0)


def test_a_plane_is_an_axis_and_a_place():
    """Anything else is refused in words."""
    assert plane("z = -1e-2") == (2, -0.01, False)
    for text in ("", "q", "x=", "x=1m"):
        with pytest.raises(ViewError, match="give an axis"):
            plane(text)


def test_flux_is_fouriers(frame):
    """-k dT/dx = -500 W/m2 everywhere, on the outside and on the face of a cut; arrows go to the cold end."""
    for excerpt in (Excerpt(), Excerpt(slice="y")):
        found = excerpt.surface(frame, FLUX)
        np.testing.assert_allclose(found.vector, np.tile([-500.0, 0.0, 0.0], (len(found.triangles), 1)), atol=1e-3)
        np.testing.assert_allclose(found.value, 500.0, rtol=1e-5)
    middle, arrow = arrows(found)
    assert len(middle) > 20
    assert (arrow[:, 0] < 0).all()
    np.testing.assert_allclose(arrow[:, 1:], 0.0, atol=1e-6)


def test_a_threshold_leaves_a_closed_body(frame):
    """Between 50 and 120 degC: a box of 0.7 m; what is nowhere is refused with what there is."""
    found = Excerpt(threshold=(50.0, 120.0)).surface(frame)
    assert found.areas().sum() == pytest.approx(2 + 4 * 0.7, rel=1e-5)
    assert (found.value.min(), found.value.max()) == (pytest.approx(50.0, abs=1e-3), pytest.approx(120.0, abs=1e-3))
    with pytest.raises(ViewError, match=r"nothing of the body is left; it goes from 0\.0 to 200\.0 degC"):
        Excerpt(threshold=(300.0, 400.0)).surface(frame)


@pytest.mark.parametrize(("text", "where"), [("3", [0.5, 1.0, 1.5]), ("33.0,120", [0.33, 1.2])])
def test_surfaces_of_one_temperature(frame, text, where):
    """Squares across the block where it has that temperature."""
    found = Excerpt(iso=text).surface(frame)
    assert found.areas().sum() == pytest.approx(len(where), rel=1e-5)
    np.testing.assert_allclose(sorted({round(float(x), 4) for x in found.points[:, 0]}), where, atol=1e-4)
    for wrong in ("", "0", "a", "400.0"):
        with pytest.raises(ViewError, match="--iso"):
            Excerpt(iso=wrong).surface(frame)


def test_parts_go_apart(tmp_path):
    """Each by the factor of its distance from the middle, its shape and temperatures as they were."""
    from sample_run import write_run

    path = write_run(tmp_path / "run") / "fields" / "frame_001.vtu"
    whole, apart = Excerpt().surface(path), Excerpt(explode=0.5).surface(path)
    middle = 0.5 * (whole.points.min(axis=0) + whole.points.max(axis=0))
    np.testing.assert_allclose(apart.centres() - middle, 1.5 * (whole.centres() - middle), atol=1e-6)
    assert apart.areas().sum() == pytest.approx(whole.areas().sum(), rel=1e-6)
    assert apart.labelled() == whole.labelled()
