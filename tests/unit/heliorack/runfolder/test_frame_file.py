"""Moments of which only the temperatures are written are whole files to VTK, and are read as VTK reads them."""

import numpy as np
import pytest
import pyvista

from heliorack.runfolder.frame_file import FrameFiles, temperatures


@pytest.mark.parametrize("shape", [(2, 2, 2), (16, 16, 32), (21, 20, 24)])  # less than a block, exactly one, more than one
def test_every_moment_is_what_vtk_writes(tmp_path, shape):
    """Mesh, parts and temperatures of all moments, by VTK and by the short way, each with its own range."""
    grid = pyvista.ImageData(dimensions=shape).to_tetrahedra()
    grid.cell_data["part"] = np.arange(grid.n_cells, dtype=np.int32) % 3
    grid.field_data["part_names"] = np.array(["a", "b", "c"])
    moments = [np.random.default_rng(seed).normal(20, 30, grid.n_points).astype(np.float32) for seed in range(3)]
    files = FrameFiles(grid.copy())
    for n, values in enumerate(moments):
        files.write(tmp_path / f"{n}.vtu", values)
    for n, values in enumerate(moments):
        found = pyvista.read(tmp_path / f"{n}.vtu")
        np.testing.assert_array_equal(found.point_data["temperature_degC"], values)
        np.testing.assert_array_equal(temperatures(tmp_path / f"{n}.vtu"), values)
        np.testing.assert_array_equal(found.points, grid.points)
        np.testing.assert_array_equal(found.cell_data["part"], grid.cell_data["part"])
        assert list(found.field_data["part_names"]) == ["a", "b", "c"]
        said = f'RangeMin="{float(values.min())!r}" RangeMax="{float(values.max())!r}"'
        assert said in (tmp_path / f"{n}.vtu").read_text()


def test_files_that_are_no_moments_are_refused(tmp_path):
    """Of another form, without temperatures, or cut."""
    grid = pyvista.ImageData(dimensions=(3, 3, 3)).to_tetrahedra()
    grid.save(tmp_path / "bare.vtu")
    with pytest.raises(ValueError, match=r"bare.vtu holds no temperature_degC"):
        temperatures(tmp_path / "bare.vtu")
    grid.point_data["temperature_degC"] = np.linspace(0, 1, grid.n_points).astype(np.float32)
    grid.save(tmp_path / "words.vtu", binary=False)
    with pytest.raises(ValueError, match="as a run writes it"):
        temperatures(tmp_path / "words.vtu")
    FrameFiles(grid).write(tmp_path / "whole.vtu", grid.point_data["temperature_degC"])
    text = (tmp_path / "whole.vtu").read_text()
    at = text.index("AQAAA", text.index('Name="temperature_degC"'))
    (tmp_path / "cut.vtu").write_text(text[: at + 60] + text[at + 64 :])
    with pytest.raises(ValueError, match="damaged"):
        temperatures(tmp_path / "cut.vtu")
