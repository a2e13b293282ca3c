"""surface.vtp of a run folder: absorbed fluxes, view to space and visibility of the Sun on every facet, for pictures and ParaView."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder import numbered, summary
from heliorack.runfolder.quantity import RADIATION, Quantity
from heliorack.runfolder.surface import Surface

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Bytes = NDArray[np.uint8]

NAME = "surface.vtp"
WHOLE = 255  #: a facet all of which sees the Sun


class SurfaceError(ValueError):
    """The file is missing or not one of ours."""


@dataclass(frozen=True, slots=True, eq=False)
class Sky:
    """Direct sunlight over the revolution; k moments, none without an orbit."""

    times: Floats  #: (k,) s
    period: float  #: s
    sun: Floats  #: (k, 3) unit, body frame
    flux: Floats  #: (k,) on a face towards the Sun [W/m2]
    illumination: Floats  #: (k,) visible part of the solar disc
    visible: Bytes  #: (k, f) part of each facet that sees the Sun, in 255ths; 0 where it faces away and in eclipse
    joint: NDArray[np.int16]  #: (n,) joint that turns each point, -1 for none
    pivot: Floats  #: (j, 3) m
    rotation: Floats  #: (j, k, 3, 3)


@dataclass(frozen=True, slots=True, eq=False)
class Skin:
    """Facets of the body, outward, with what they absorb; not a number where a facet exchanges no radiation."""

    points: Floats  #: (n, 3) m
    triangles: Ids  #: (f, 3)
    part: Ids  #: (f,)
    part_names: tuple[str, ...]
    fields: dict[str, Floats]  #: (f,) each, by the key of its quantity
    sky: Sky

    def surface(self, quantity: Quantity) -> Surface:
        """The facets with one quantity on them."""
        return self.surface_with(self.points, self.fields[quantity.key], quantity)

    def surface_with(self, points: Floats, value: Floats, quantity: Quantity) -> Surface:
        """The facets with their points elsewhere and any value on them."""
        return Surface(points, self.triangles, self.part, value, self.part_names, quantity)


def no_sky(visible: Bytes, joint: NDArray[np.int16]) -> Sky:
    """Sunlight of a case without an orbit: no moments, the facets (0, f) and joints as they are."""
    none = np.empty(0)
    return Sky(none, 0.0, np.empty((0, 3)), none, none, visible, joint, np.empty((0, 3)), np.empty((0, 0, 3, 3)))


def write(shown: Skin, path: Path) -> None:
    """Write the file; compressed."""
    import pyvista

    n = len(shown.triangles)
    mesh = pyvista.PolyData(shown.points, np.hstack([np.full((n, 1), 3), shown.triangles]).ravel())
    mesh.cell_data["part"] = shown.part.astype(np.int32)
    for quantity in RADIATION:
        mesh.cell_data[quantity.key] = shown.fields[quantity.key].astype(np.float32)
    sky = shown.sky
    mesh.field_data[numbered.FORMAT] = np.array([numbered.NUMBERS[NAME]])
    mesh.field_data["part_names"] = np.array(shown.part_names)
    if len(sky.times):
        mesh.cell_data["sun_visible"] = np.ascontiguousarray(sky.visible.T)
        mesh.point_data["joint"] = sky.joint
        mesh.field_data["time_s"] = sky.times
        mesh.field_data["period_s"] = np.array([sky.period])
        mesh.field_data["sun"] = sky.sun
        mesh.field_data["sunlight_W_m2"] = sky.flux
        mesh.field_data["illumination"] = sky.illumination
        if len(sky.pivot):
            mesh.field_data["joint_pivot_m"] = sky.pivot
            mesh.field_data["joint_rotation"] = sky.rotation.reshape(-1, 9)
    mesh.save(path)


def read(run_dir: Path) -> Skin:
    """The facets that a run left.

    Raises:
        SurfaceError: the file is missing, as in runs made before it was kept, or damaged.
        FormatError: of a form that this version does not read.
    """
    import pyvista

    from heliorack.runtime.graphics import quiet_vtk

    path = run_dir / NAME
    if not path.exists():
        if (run_dir / summary.NAME).exists() and not summary.read(run_dir).cells:
            raise SurfaceError(f"{run_dir} has no facets: of nodes alone heat_flows() and summary.heat_W say what each takes up")
        raise SurfaceError(f"{run_dir} holds no {NAME}: the run was made before radiation was kept for pictures; run the case again")
    quiet_vtk()
    try:
        with warnings.catch_warnings():  # what VTK says of a damaged file, we say in words of our own
            warnings.simplefilter("ignore")
            mesh = pyvista.read(path)
        cells, data = mesh.cell_data, mesh.field_data
        numbered.check(path, int(data[numbered.FORMAT][0]) if numbered.FORMAT in data else None)
        fields = {quantity.key: np.asarray(cells[quantity.key], dtype=float) for quantity in RADIATION}
        names = tuple(str(name) for name in data["part_names"])
        triangles = np.asarray(mesh.faces.reshape(-1, 4)[:, 1:], dtype=np.int64)
        return Skin(
            np.asarray(mesh.points, dtype=float), triangles, np.asarray(cells["part"], dtype=np.int64), names, fields, _read_sky(mesh)
        )
    except numbered.FormatError:
        raise
    except (OSError, KeyError, ValueError, AttributeError) as error:
        raise SurfaceError(f"{path} cannot be read ({error}); run the case again") from error


def _read_sky(mesh: Any) -> Sky:
    cells, data = mesh.cell_data, mesh.field_data
    if "time_s" not in data:
        return no_sky(np.zeros((0, mesh.n_cells), dtype=np.uint8), np.full(mesh.n_points, -1, dtype=np.int16))
    times = np.asarray(data["time_s"], dtype=float).reshape(-1)
    k = len(times)
    turns = "joint_pivot_m" in data
    return Sky(
        times=times,
        period=float(data["period_s"][0]),
        sun=np.asarray(data["sun"], dtype=float).reshape(k, 3),
        flux=np.asarray(data["sunlight_W_m2"], dtype=float),
        illumination=np.asarray(data["illumination"], dtype=float),
        visible=np.asarray(cells["sun_visible"], dtype=np.uint8).reshape(-1, k).T,
        joint=np.asarray(mesh.point_data["joint"], dtype=np.int16),
        pivot=np.asarray(data["joint_pivot_m"], dtype=float).reshape(-1, 3) if turns else np.empty((0, 3)),
        rotation=np.asarray(data["joint_rotation"], dtype=float).reshape(-1, k, 3, 3) if turns else np.empty((0, k, 3, 3)),
    )
