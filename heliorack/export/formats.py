"""`heliorack export`: a finished run in the form that another program reads."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from heliorack.export import conductor_network, moments_vtkhdf, nastran, parquet, structural_map, surface_gltf
from heliorack.export.lumped import Kind
from heliorack.runfolder.fields import ViewError, frames, moment, read_surface
from heliorack.runfolder.finished import FinishedCase, open_run
from heliorack.runfolder.heat_flows import NAME as HEAT_FLOWS
from heliorack.runfolder.heat_flows import HeatFlows
from heliorack.runtime.graphics import quiet_vtk

FOLDERS = ("csv", "glgr", "parquet")  #: forms that are several files


class ExportError(ValueError):
    """The run has not what the form needs; says what and what to try."""


def export(
    run_dir: Path,
    form: str,
    target: Path,
    case: str | None,
    at: str,
    onto: Path | None,
    unit_scale: float,
    tell: Callable[[str], None] = lambda said: None,
) -> list[Path]:
    """Write a run, or one load case of a set, in another form; the files that were written.

    Args:
        run_dir: A finished run.
        form: vtkhdf, gltf, csv, parquet, glgr or nastran.
        target: A folder for csv, parquet and glgr, else a file.
        case: Load case; of a set it has to be said.
        at: hottest, coldest or seconds; for gltf and nastran.
        onto: Bulk data whose grid points are given temperatures; for nastran.
        unit_scale: Metres per unit of `onto`.
        tell: Told what stays open.

    Raises:
        FolderError, FormatError: there is no finished run.
        ExportError, ViewError: the run has not what the form needs.
    """
    try:
        found = open_run(run_dir).case(case)
    except (ValueError, KeyError) as error:
        if type(error) in (ValueError, KeyError):
            raise ExportError(f"{error.args[0]!s}: --case NAME") from None
        raise
    target = target if form in FOLDERS else _suffixed(target, form)
    if form == "vtkhdf":
        quiet_vtk()
        return moments_vtkhdf.write(frames(found.folder), target)
    if form == "gltf":
        parts = found.summary.parts.values()
        limits = (min(part.min_degC for part in parts), max(part.max_degC for part in parts))
        return surface_gltf.write(read_surface(moment(found.folder, at).path), limits, target)
    if form == "nastran":
        return _nastran(found, at, onto, unit_scale, target, tell)
    if form == "parquet":
        return parquet.write(found, target)
    flows = _flows(found)
    if form == "csv":
        return [*conductor_network.write_matrix(flows, target), _parts(found, target)]
    title = ": ".join(filter(None, [found.summary.title, "network of its parts"]))
    return conductor_network.write(flows, title, _kind(found.summary.kind), target)


def _kind(run: str) -> Kind:
    """How the network of a run is solved."""
    return "periodic" if run == "periodic" else "transient" if run == "transient" else "steady"


def _suffixed(target: Path, form: str) -> Path:
    """A file with the suffix that readers know it by."""
    known = {"vtkhdf": (".vtkhdf",), "gltf": (".glb",), "nastran": (".bdf", ".nas", ".dat")}[form]
    if target.suffix.lower() not in known:
        raise ExportError(f"{target} must end in {' or '.join(known)}")
    return target


def _flows(found: FinishedCase) -> HeatFlows:
    flows = found.heat_flows()
    if flows is None:
        raise ExportError(f"{found.folder} holds no {HEAT_FLOWS}: it was run before that was kept, or ran away; run it again")
    return flows


def _parts(found: FinishedCase, folder: Path) -> Path:
    rows = [[name, p.min_degC, p.mean_degC, p.max_degC, p.mass_kg] for name, p in found.summary.parts.items()]
    conductor_network.table(folder / "parts.csv", ["part", "min_degC", "mean_degC", "max_degC", "mass_kg"], rows)
    return folder / "parts.csv"


def _nastran(found: FinishedCase, at: str, onto: Path | None, unit_scale: float, target: Path, tell: Callable[[str], None]) -> list[Path]:
    import pyvista

    quiet_vtk()
    frame = moment(found.folder, at)
    grid: Any = pyvista.read(frame.path)
    title = f"{found.summary.title}, t = {frame.time:.0f} s"
    if onto is not None:
        from meshes.cad.bulk_data import read_bulk

        raw = read_bulk(onto)
        if not len(raw.number):
            raise ViewError(f"{onto} holds no GRID cards")
        mapped = structural_map.onto(grid, raw, unit_scale)
        for said in mapped.said:
            tell(said)
        return nastran.write_onto(raw.number, mapped, title, onto, target)
    cells = np.asarray(grid.cells.reshape(-1, 5)[:, 1:], dtype=np.int64)
    names = tuple(str(name) for name in grid.field_data["part_names"])
    part, value = np.asarray(grid.cell_data["part"], dtype=np.int64), np.asarray(grid.point_data["temperature_degC"], dtype=float)
    return nastran.write_mesh(np.asarray(grid.points, dtype=float), cells, part, names, value, title, target)
