"""Writes a result into its run folder: case, figures, histories, fields, radiation on the surface, restart state."""

import csv
import platform
import shutil
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.case.files import INPUTS, InputError, copies
from heliorack.casefile import document
from heliorack.casefile.paths import Override, overridden
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.networks.network_start import stored
from heliorack.results import radiation_figures
from heliorack.results.network_history import tubes
from heliorack.results.power_figures import write
from heliorack.results.result import Result
from heliorack.results.surface_figures import skin
from heliorack.results.tables import mesh_grid
from heliorack.runfolder import folder, surface_file, tubes_file
from heliorack.runfolder import heat_flows as heat_flows_file
from heliorack.runfolder.fields import CONDUCTIVITY
from heliorack.runfolder.frame_file import FrameFiles
from heliorack.runfolder.heat_flows import HeatFlows
from heliorack.runfolder.manifest import LedgerErrors, RunManifest
from heliorack.runfolder.numbered import typed
from heliorack.runfolder.summary import PowerFigures, RadiationReuse

Floats = NDArray[np.float64]

CASE = "case.toml"
PACKAGES = (
    "heliorack",
    "fenics-dolfinx",
    "dolfinx-solver-real",
    "fenics-basix",
    "gmsh",
    "numpy",
    "scipy",
    "numba",
    "pyvista",
    "mpi4py",
    "sgp4",
    "pyerfa",
)


def begin(case: Case, place: Path) -> None:
    """Write the resolved case with copies of the files that it names, so that it runs again from `place`; the case comes last.

    Raises:
        InputError: a file cannot be read.
    """
    names = copies(case.files)
    for key, path in case.files.items():
        try:
            (place / INPUTS).mkdir(exist_ok=True)
            shutil.copyfile(path, place / INPUTS / names[key])
        except OSError as error:
            raise InputError(f"{key}: {path} cannot be read ({(error.strerror or str(error)).lower()})") from error
    temporary = place / f"{CASE}.tmp"
    temporary.write_text(resolved(case), encoding="utf-8")
    temporary.rename(place / CASE)


def resolved(case: Case, found: PowerFigures | None = None) -> str:
    """Text of the case with every override in its place; files that it names lie in a folder beside it.

    Args:
        found: With what is sized as it was found, which a run of this text then flies.
    """
    beside = [Override(key, f"{INPUTS}/{name}") for key, name in copies(case.files).items()]
    sizes = [] if found is None else [("array_area_m2", found.array_sized, found.array_area_m2)]
    sizes += [] if found is None else [("pack_capacity_Wh", found.pack_sized, found.pack_capacity_Wh)]
    given = [Override(f"power.{key}", size) for key, sized, size in sizes if sized and size]
    return document.write(overridden(case.document, [*beside, *given]))


def answer(case: Case, place: Path, found: PowerFigures | None) -> None:
    """Write the resolved case once more, with the sizes that were found; nothing changes where nothing is sized."""
    if found is not None and (found.array_sized or found.pack_sized):
        temporary = place / f"{CASE}.tmp"
        temporary.write_text(resolved(case, found), encoding="utf-8")
        temporary.rename(place / CASE)


def save(result: Result, work: Path, flows: HeatFlows | None) -> None:
    """Write everything into `work` but the case, which `begin` wrote, and the manifest; `flows` are `heat_flows(result)`."""
    folder.write_json(work / "summary.json", result.summary().json())
    history(result, work / "history.csv")
    state(result, work / "state.npz")
    fields(result, work)
    surface_file.write(skin(result), work / surface_file.NAME)
    pipes = None if result.network is None else tubes(result.network, result.body)
    if pipes is not None:
        tubes_file.write(pipes, work / tubes_file.NAME)
    if flows is not None:
        folder.write_json(work / heat_flows_file.NAME, flows.json())
    write(result, work)


def history(result: Result, path: Path) -> None:
    """Temperatures of parts, sunlight and power over time, one row per sample."""
    table = result.history
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(table)
        writer.writerows([f"{value:.9g}" for value in row] for row in zip(*table.values(), strict=True))


def state(result: Result, path: Path) -> None:
    """Temperatures at the end, by input node: the start of another run on the same mesh, with any number of ranks."""
    assembly, swing = result.body.assembly, result.solution.swing
    further: dict[str, Any] = {} if swing is None else {"swing_K": swing.start, "group_swing_K": swing.groups}
    if result.network is not None:
        further |= stored(result.network.built.network, result.network.end)
    np.savez_compressed(
        path,
        **further,
        temperature_K=result.solution.end,
        points_m=assembly.points,
        part=assembly.cell_part,
        part_names=np.array(assembly.part_names),
        time_s=result.solution.history.times[-1],
    )


def fields(result: Result, work: Path) -> None:
    """`fields.pvd` with one compressed .vtu per kept moment: temperature by node, part by cell; readable by ParaView and PyVista."""
    grid = mesh_grid(result.body.assembly)
    grid.field_data[CONDUCTIVITY] = result.body.conductivity.reshape(-1, 9)
    h = result.solution.history
    (work / "fields").mkdir(exist_ok=True)
    files, entries = FrameFiles(grid), []
    for n, (t, T) in enumerate(zip(h.frames, h.fields, strict=True)):
        name = f"fields/frame_{n:03d}.vtu"
        files.write(work / name, T - ZERO_CELSIUS)
        entries.append(f'    <DataSet timestep="{t:.9g}" group="" part="0" file="{name}"/>')
    body = "\n".join(entries)
    (work / "fields.pvd").write_text(
        f'<?xml version="1.0"?>\n<VTKFile type="Collection" version="0.1" byte_order="LittleEndian">\n  <Collection>\n{body}\n'
        "  </Collection>\n</VTKFile>\n",
        encoding="utf-8",
    )


def manifest(result: Result, source: Path) -> RunManifest:
    """What is needed to make the run again and to trust it."""
    case, assembly, settings = result.case, result.body.assembly, result.case.solver
    return RunManifest(
        kind="run",
        case_file=source.name,
        load_case=case.load_case,
        hashes=hashes(case, source),
        versions=versions(),
        seeds={"rays": case.radiation.seed},
        solver={name: getattr(settings, name) for name in settings.__slots__},
        wall_time_s=result.wall_time,
        ranks=result.body.layout.comm.size,
        nodes=int(result.body.layout.size),
        mesh="cached" if assembly.reused else "made",
        mesh_key=assembly.mesh_key,
        radiation=typed(RadiationReuse, radiation_figures.reuse(result.radiation)),
        holds=result.holds,
        first_law=LedgerErrors(closure=result.closure, time_error=result.time_error),
    )


def hashes(case: Case, source: Path) -> dict[str, str]:
    """SHA-256 of the case file and of every file that it names, by their names in a run folder."""
    copied = copies(case.files)
    read = {source.name: source} | {copied[key]: path for key, path in case.files.items()}
    return {name: folder.digest(path) for name, path in read.items() if path.exists()}


@cache
def versions() -> dict[str, str]:
    """Versions of everything that shapes the numbers."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
