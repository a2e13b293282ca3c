"""A cut body is closed by the face of the cut, and holds the temperatures of the field there."""

import numpy as np
import pytest

from heliorack.runfolder.fields import ViewError
from heliorack.visuals.excerpt import Excerpt, plane


@pytest.fixture(scope="module")
def frame(tmp_path_factory):
    """A block of 2 x 1 x 1 m whose temperature is 100 times x [m]."""
    import pyvista

    grid = pyvista.ImageData(dimensions=(9, 5, 5), spacing=(0.25, 0.25, 0.25)).to_tetrahedra()
    grid.clear_data()
    grid.cell_data["part"] = np.zeros(grid.n_cells, dtype=np.int32)
    grid.field_data["part_names"] = np.array(["block"])
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
