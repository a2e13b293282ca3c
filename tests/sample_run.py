"""Builds tiny run folders out of boxes, as `heliorack run` leaves them."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from heliorack.runfolder.manifest import LedgerErrors, RunManifest, SetManifest, content
from heliorack.runfolder.summary import (
    FirstLaw,
    LimitFigures,
    MassFigures,
    MassLine,
    OpenRadiation,
    OrbitFigures,
    PartFigures,
    PeriodicFigures,
    PowerFigures,
    RadiationReuse,
    Summary,
)

TETRAHEDRA = np.array([[0, 1, 3, 5], [0, 3, 2, 6], [0, 5, 4, 6], [3, 5, 7, 6], [0, 3, 6, 5]])  # of a box with corners in binary order
CORNERS = np.array([[x, y, z] for z in (0, 1) for y in (0, 1) for x in (0, 1)], dtype=float)

VOLUMES = np.linalg.det(CORNERS[TETRAHEDRA[:, 1:]] - CORNERS[TETRAHEDRA[:, :1]])
TETRAHEDRA[VOLUMES < 0] = TETRAHEDRA[VOLUMES < 0][:, [0, 2, 1, 3]]

Side = Literal["max", "min"]
Place = Literal["part", "face", "junction"]
Box = tuple[str, tuple[float, float, float], tuple[float, float, float], float]  # name, lowest corner [m], size [m], degC

BOXES: tuple[Box, ...] = (
    ("panel", (0, 0, 0), (1.0, 0.5, 0.02), 30.0),
    ("tray.gpu1", (0.1, 0.1, 0.02), (0.1, 0.1, 0.05), 60.0),
    ("tray.gpu2", (0.7, 0.1, 0.02), (0.1, 0.1, 0.05), 65.0),
    ("battery", (0.4, 0.2, -0.1), (0.1, 0.1, 0.1), 12.0),
)


def limit(on: str, side: Side, value: float, calculated: float, at: Place = "part") -> LimitFigures:
    """A judged limit with 5 K of uncertainty."""
    predicted = calculated + (5 if side == "max" else -5)
    margin = value - predicted if side == "max" else predicted - value
    return LimitFigures(
        on=on, at=at, level="rating", side=side, limit_degC=value, allowed_degC=value,
        calculated_degC=calculated, predicted_degC=predicted, note="", margin_K=margin, holds=margin >= 0,
    )  # fmt: skip


def summary(boxes: Sequence[Box] = BOXES, case: str = "", warmer: float = 0.0) -> Summary:
    """The figures of a periodic run."""
    parts = {
        name: PartFigures(min_degC=T - 5 + warmer, max_degC=T + 5 + warmer, mean_degC=T + warmer, mass_kg=1.0) for name, _, _, T in boxes
    }
    hottest = max(parts, key=lambda name: parts[name].max_degC)
    limits = (limit(hottest, "max", 85.0, parts[hottest].max_degC), limit("battery", "min", 0.0, parts["battery"].min_degC))
    failures = tuple(f"{found.on}: predicted too {'hot' if found.side == 'max' else 'cold'}" for found in limits if not found.holds)
    masses = {"meshed parts": 4.0, "solar array": 7.0}
    return Summary(
        title="A <small> node & its sisters", question="Does it live?", case=case, kind="periodic",
        holds=not failures, failures=failures, remarks=(), parts=parts, limits=limits, heat_pipes=(), thermocouples=(),
        orbit=OrbitFigures(
            period_s=5700.0, inclination_deg=97.6, beta_deg=20.0, eclipse_s=2000.0, eclipse_fraction=0.351, edges_s=(1800.0, 3800.0),
            umbra_s=1990.0, penumbra_s=10.0, shadow_equivalent_s=1995.0, solar_W_m2=1361.0, albedo=0.3, earth_ir_W_m2=240.0,
        ),
        heat_W={"space": -500.0, "sun": 20.0, "compute": 480.0},
        radiation=OpenRadiation(groups=0, model="open"),
        first_law=FirstLaw(closure=3e-14, limit=1e-9, time_error=4e-5, throughput_J=3e6, stored_J=1.0),
        satellite_ledger=None,
        periodic=PeriodicFigures(converged=True, orbits=3, estimated_error_K=0.004, time_bias_K=0.0, change_per_orbit_K=0.003),
        steps=40, nodes=32, cells=20,
        power=PowerFigures(
            carries=True, array_area_m2=2.5, array_sized=True, array_peak_W=900.0, array_mean_drawn_W=570.0, cells_max_degC=51.0,
            load_mean_W=530.0, load_peak_W=600.0, pack_capacity_Wh=1085.0, pack_sized=True, depth_of_discharge=0.3,
            min_state_of_charge=0.7, unserved_Wh=0.0, deficit_Wh=0.0, undrawn_Wh=0.0, bus_closure=0.0, warnings=(), life=None,
        ),
        delivered={}, compute={}, switching=None, starts=None,
        mass_kg=masses | {"total": 11.0},
        mass=MassFigures(
            lines=tuple(MassLine(name=name, mass_kg=mass, uncertainty_kg=0.0, source="weighed") for name, mass in masses.items()),
            total_kg=11.0, uncertainty_kg=0.0, without_uncertainty=(),
        ),
        assumptions=("nothing else",),
    )  # fmt: skip


def manifest(case: str | None = None) -> RunManifest:
    """What such a run says of itself."""
    return RunManifest(
        kind="run", case_file="node.toml", load_case=case, hashes={"node.toml": "0" * 64},
        versions={"python": "3.12.1", "heliorack": "0.1.0"}, seeds={"rays": 0}, solver={"scheme": "rosw", "max_step": None},
        wall_time_s=1.5, ranks=1, nodes=32, mesh="made", mesh_key="",
        radiation=RadiationReuse(view_factors=0, view_factors_reused=0, sun_directions=0, sun_directions_reused=0),
        holds=True, first_law=LedgerErrors(closure=3e-14, time_error=4e-5),
    )  # fmt: skip


def set_manifest(*cases: str) -> SetManifest:
    """What a set of such runs says of itself."""
    one = manifest()
    return SetManifest(
        kind="load cases", case_file=one.case_file, load_cases=cases, hashes=one.hashes, versions=one.versions, seeds={},
        mesh=dict.fromkeys(cases, one.mesh), solver=dict.fromkeys(cases, one.solver), wall_time_s=3.0, holds=True,
        first_law=dict.fromkeys(cases, one.first_law),
    )  # fmt: skip


def rewrite(folder: Path, found: Summary) -> Summary:
    """Put another summary into a run folder."""
    (folder / "summary.json").write_text(json.dumps(found.json()))
    return found


def wave(t: np.ndarray, period: float = 5700.0) -> np.ndarray:
    """Swing of all temperatures [K]: hottest at a quarter of the orbit, coldest at three quarters."""
    return 5 * np.sin(2 * np.pi * t / period)


def write_run(folder: Path, boxes: Sequence[Box] = BOXES, case: str = "", finished: bool = True, warmer: float = 0.0) -> Path:
    """A run folder with five kept moments."""
    import pyvista

    (folder / "fields").mkdir(parents=True)
    points = np.vstack([np.array(corner) + CORNERS * np.array(size) for _, corner, size, _ in boxes])
    cells = np.vstack([TETRAHEDRA + 8 * i for i in range(len(boxes))])
    part = np.repeat(np.arange(len(boxes), dtype=np.int32), len(TETRAHEDRA))
    mean = np.repeat([T + warmer for *_, T in boxes], 8)
    grid = pyvista.UnstructuredGrid({pyvista.CellType.TETRA: cells}, points)
    grid.cell_data["part"] = part
    grid.field_data["part_names"] = np.array([name for name, *_ in boxes])
    kept = np.linspace(0, 5700, 5)
    entries = []
    for n, t in enumerate(kept):
        grid.point_data["temperature_degC"] = (mean + wave(t)).astype(np.float32)
        grid.save(folder / f"fields/frame_{n:03d}.vtu")
        entries.append(f'    <DataSet timestep="{t:.9g}" group="" part="0" file="fields/frame_{n:03d}.vtu"/>')
    (folder / "fields.pvd").write_text('<?xml version="1.0"?>\n<VTKFile>\n' + "\n".join(entries) + "\n</VTKFile>\n")
    _write_history(folder / "history.csv", boxes, warmer)
    rewrite(folder, summary(boxes, case, warmer))
    (folder / "case.toml").write_text('title = "A <small> node"\n')
    if finished:
        (folder / "manifest.json").write_text(json.dumps(content(manifest())))
    return folder


def _write_history(path: Path, boxes: Sequence[Box], warmer: float) -> None:
    times = np.linspace(0, 5700, 41)
    sun = ((times < 1800) | (times > 3900)).astype(float)
    header, columns = ["time_s"], [times]
    for name, *_, T in boxes:
        header += [f"{name} mean_degC", f"{name} min_degC", f"{name} max_degC"]
        columns += [T + warmer + wave(times)] * 3
    header += ["sunlight_-", "load_W", "array_available_W", "array_drawn_W", "state_of_charge_-"]
    columns += [sun, 500 + 0 * times, 900 * sun, 800 * sun, 0.85 - 0.15 * np.cos(2 * np.pi * times / 5700)]
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(zip(*columns, strict=True))
