"""Builds tiny run folders out of boxes, as `heliorack run` leaves them."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

TETRAHEDRA = np.array([[0, 1, 3, 5], [0, 3, 2, 6], [0, 5, 4, 6], [3, 5, 7, 6], [0, 3, 6, 5]])  # of a box with corners in binary order
CORNERS = np.array([[x, y, z] for z in (0, 1) for y in (0, 1) for x in (0, 1)], dtype=float)

VOLUMES = np.linalg.det(CORNERS[TETRAHEDRA[:, 1:]] - CORNERS[TETRAHEDRA[:, :1]])
TETRAHEDRA[VOLUMES < 0] = TETRAHEDRA[VOLUMES < 0][:, [0, 2, 1, 3]]

Box = tuple[str, tuple[float, float, float], tuple[float, float, float], float]  # name, lowest corner [m], size [m], degC

BOXES: tuple[Box, ...] = (
    ("panel", (0, 0, 0), (1.0, 0.5, 0.02), 30.0),
    ("tray.gpu1", (0.1, 0.1, 0.02), (0.1, 0.1, 0.05), 60.0),
    ("tray.gpu2", (0.7, 0.1, 0.02), (0.1, 0.1, 0.05), 65.0),
    ("battery", (0.4, 0.2, -0.1), (0.1, 0.1, 0.1), 12.0),
)


def limit(on: str, side: str, value: float, calculated: float, at: str = "part") -> dict[str, Any]:
    """A judged limit with 5 K of uncertainty."""
    predicted = calculated + (5 if side == "max" else -5)
    margin = value - predicted if side == "max" else predicted - value
    return {
        "on": on, "at": at, "level": "rating", "side": side, "limit_degC": value, "allowed_degC": value,
        "calculated_degC": calculated, "predicted_degC": predicted, "note": "", "margin_K": margin, "holds": margin >= 0,
    }  # fmt: skip


def summary(boxes: Sequence[Box] = BOXES, case: str = "", warmer: float = 0.0) -> dict[str, Any]:
    """The figures of a periodic run."""
    parts = {
        name: {"min_degC": T - 5 + warmer, "max_degC": T + 5 + warmer, "mean_degC": T + warmer, "mass_kg": 1.0} for name, _, _, T in boxes
    }
    hottest = max(parts, key=lambda name: parts[name]["max_degC"])
    limits = [limit(hottest, "max", 85.0, parts[hottest]["max_degC"]), limit("battery", "min", 0.0, parts["battery"]["min_degC"])]
    failures = [f"{found['on']}: predicted too {'hot' if found['side'] == 'max' else 'cold'}" for found in limits if not found["holds"]]
    return {
        "title": "A <small> node & its sisters", "question": "Does it live?", "case": case, "kind": "periodic",
        "holds": not failures, "failures": failures, "parts": parts, "limits": limits, "thermocouples": [],
        "heat_pipes": [],
        "orbit": {"period_s": 5700.0, "inclination_deg": 97.6, "beta_deg": 20.0, "eclipse_s": 2000.0, "eclipse_fraction": 0.351,
                  "solar_W_m2": 1361.0, "albedo": 0.3, "earth_ir_W_m2": 240.0},
        "heat_W": {"space": -500.0, "sun": 20.0, "compute": 480.0},
        "first_law": {"closure": 3e-14, "limit": 1e-9, "time_error": 4e-5, "throughput_J": 3e6, "stored_J": 1.0},
        "periodic": {"converged": True, "orbits": 3, "estimated_error_K": 0.004, "change_per_orbit_K": 0.003},
        "steps": 40, "nodes": 32, "cells": 20,
        "power": {"array_area_m2": 2.5, "array_sized": True, "array_peak_W": 900.0, "array_mean_drawn_W": 570.0, "cells_max_degC": 51.0,
                  "load_mean_W": 530.0, "load_peak_W": 600.0, "pack_capacity_Wh": 1085.0, "pack_sized": True, "depth_of_discharge": 0.3,
                  "min_state_of_charge": 0.7, "unserved_Wh": 0.0, "deficit_Wh": 0.0, "undrawn_Wh": 0.0, "bus_closure": 0.0, "warnings": []},
        "mass_kg": {"meshed parts": 4.0, "solar array": 7.0, "total": 11.0},
        "assumptions": ["nothing else"],
    }  # fmt: skip


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
    (folder / "summary.json").write_text(json.dumps(summary(boxes, case, warmer)))
    (folder / "case.toml").write_text('title = "A <small> node"\n')
    if finished:
        (folder / "manifest.json").write_text(json.dumps({"kind": "run", "versions": {"python": "3.12.1"}}))
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
