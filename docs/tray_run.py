"""Measures on a run of cases/gpu_tray_leo.toml what docs/tray_by_hand.py estimates: a radiator that sees no neighbours."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIGMA = 5.670374419e-8  # W/m2K4
ROOT = Path(__file__).resolve().parent.parent
CLEAR = 0.3  # m: farther than this from the tray's edge, the panel no longer feels it


def solve_tray(say: Callable[[str, float], None]) -> Any:
    """The hot operational case of the eight-GPU tray, every face as if it were alone; about a minute."""
    from heliorack import load, simulate

    return simulate(load(ROOT / "cases" / "gpu_tray_leo.toml", ["radiation.model=open"], case="hot_operational"), say=say)


def measure(body: Any, times: Floats, fields: Floats, emittance: float = 0.92) -> dict[str, float]:
    """Orbit figures of the radiator and what hangs on it.

    Args:
        body: The meshed body.
        times: (f,) s, one whole orbit.
        fields: (f, n) temperatures of all nodes [K].
        emittance: Of every emitting face of the radiator.
    """
    span = times[-1] - times[0]

    def over_time(values: Floats) -> Any:
        return np.trapezoid(values, times, axis=0) / span

    a = body.assembly
    mean_T = over_time(fields)  # (n,)
    mean_T4 = over_time(fields**4)
    emitting = _corner_areas(a, (a.facet_touch < 0) & _on(a, "radiator.*"))
    area = float(emitting.sum())
    fourth = float(emitting @ mean_T4) / area
    plain = float(emitting @ mean_T) / area
    still = float(emitting @ mean_T**4) / area  # fourth power of the time mean: what remains is the swing in time
    edges = _corner_areas(a, (a.facet_touch < 0) & _on(a, "radiator.*") & ~_on(a, "*:[+-]z"))
    into, jump, contact_area = _contact(body, mean_T, "tray.cold_plate", "radiator.*")
    into_pipes, jump_pipes, pipe_area = _contact(body, mean_T, "tray.cold_plate", "radiator.pipe*")
    parts = {name: float(mean_T @ _volumes(body, name) / _volumes(body, name).sum()) for name in a.part_names}
    gpus = [parts[name] for name in a.part_names if fnmatchcase(name, "tray.gpu*")]
    return {
        "fourth_root_of_mean_T4_K": fourth**0.25,
        "mean_T_K": plain,
        "swing_in_time_K": fourth**0.25 - still**0.25,
        "spread_in_space_K": still**0.25 - plain,
        "emitted_W": emittance * SIGMA * area * (fourth - 2.725**4),
        "emitting_m2": area,
        "edges_m2": float(edges.sum()),
        "edges_emit_W": emittance * SIGMA * float(edges @ mean_T4),
        "heat_from_tray_W": into,
        "covered_m2": contact_area,
        "plate_above_radiator_K": jump,
        "plate_above_pipes_K": jump_pipes,
        "through_pipes_W": into_pipes,
        "pipe_contact_m2": pipe_area,
        "cold_plate_mean_K": parts["tray.cold_plate"],
        "gpu_mean_K": float(np.mean(gpus)),
        "gpu_above_footprint_K": float(np.mean(gpus)) - _footprint(body, mean_T, "tray.gpu*", "tray.cold_plate"),
        "gpu_hottest_K": float(max(fields[:, _nodes(a, name)].max() for name in a.part_names if fnmatchcase(name, "tray.gpu*"))),
        **_across(a, mean_T),
        **_along(a, mean_T),
        **_transport(body, fields),
    }


def _on(a: Any, pattern: str) -> NDArray[np.bool_]:
    """Facets of the faces whose name matches."""
    named = np.array([fnmatchcase(name, pattern) for name in a.face_names])
    return np.asarray(named[a.facet_face])


def _facet_areas(a: Any, rows: Any) -> Floats:
    x = a.points[a.facets[rows]]
    return np.asarray(0.5 * np.linalg.norm(np.cross(x[:, 1] - x[:, 0], x[:, 2] - x[:, 0]), axis=1))


def _corner_areas(a: Any, rows: Any) -> Floats:
    """A third of every facet to each of its corners, (n,) m2."""
    corners = a.facets[rows]
    return np.bincount(corners.ravel(), weights=np.repeat(_facet_areas(a, rows) / 3, 3), minlength=len(a.points))


def _volumes(body: Any, part: str) -> Floats:
    return np.asarray(body.layout.gather(body.volumes[:, [body.assembly.part_names.index(part)]].toarray().ravel()))


def _nodes(a: Any, part: str) -> NDArray[np.int64]:
    return np.unique(a.cells[a.cell_part == a.part_names.index(part)])


def _contact(body: Any, T: Floats, first: str, second: str) -> tuple[float, float, float]:
    """Heat from parts called `first` to parts called `second` [W], mean jump [K] and area [m2] of all contacts between them."""
    a = body.assembly
    heat = jump = area = 0.0
    for touch, conductance in zip(a.touches, body.contacts, strict=True):
        sides = ((a.part_names[touch.part_a], touch.facets_a), (a.part_names[touch.part_b], touch.facets_b))
        for (near, from_facets), (far, to_facets) in (sides, sides[::-1]):
            if fnmatchcase(near, first) and fnmatchcase(far, second):
                weights = _facet_areas(a, from_facets)
                step = float(weights @ (T[a.facets[from_facets]].mean(axis=1) - T[a.facets[to_facets]].mean(axis=1)))
                heat, jump, area = heat + conductance * step, jump + step, area + float(weights.sum())
    return heat, jump / area, area


def _footprint(body: Any, T: Floats, chips: str, plate: str) -> float:
    """Mean temperature of the plate where the chips stand on it [K]."""
    a, total, area = body.assembly, 0.0, 0.0
    for touch in a.touches:
        sides = ((a.part_names[touch.part_a], touch.facets_a), (a.part_names[touch.part_b], touch.facets_b))
        for (near, _), (far, facets) in (sides, sides[::-1]):
            if fnmatchcase(near, chips) and far == plate:
                weights = _facet_areas(a, facets)
                total, area = total + float(weights @ T[a.facets[facets]].mean(axis=1)), area + float(weights.sum())
    return total / area


def _across(a: Any, T: Floats) -> dict[str, float]:
    """Panel between inner pipes, and its outer strips, below the pipes beside them, away from the tray."""
    pipes = [name for name in a.part_names if fnmatchcase(name, "radiator.pipe*")]
    pipe = {name: _nodes(a, name) for name in pipes}
    far = lambda nodes: nodes[np.abs(a.points[nodes, 1]) > 0.25 + CLEAR]  # noqa: E731
    panel = far(_nodes(a, "radiator.panel"))
    x = a.points[panel, 0]
    centres = np.array([a.points[nodes, 0].mean() for nodes in pipe.values()])
    order = np.argsort(centres)
    between = []
    for left, right in pairwise(order):
        here = panel[(x > centres[left] + 0.021) & (x < centres[right] - 0.021)]
        if len(here):
            beside = np.concatenate([far(pipe[pipes[left]]), far(pipe[pipes[right]])])
            between.append(T[beside].mean() - T[here].mean())
    strips = []
    for outer, side in ((order[0], -1), (order[-1], 1)):
        rim = panel[side * x > 0.999]
        strips.append(T[far(pipe[pipes[outer]])].mean() - T[rim].mean())
    walls = []
    for name, centre in zip(pipes, centres, strict=True):
        wall = panel[np.abs(np.abs(x - centre) - 0.020) < 1e-6]
        walls.append(T[far(pipe[name])].mean() - T[wall].mean())
    return {
        "gap_middle_below_pipe_K": float(np.mean(between)) if between else float("nan"),
        "groove_wall_below_pipe_K": float(np.mean(walls)),
        "outer_rim_below_pipe_K": float(np.mean(strips)),
    }


def _along(a: Any, T: Floats) -> dict[str, float]:
    """Middle of the pipes above their tips, mean and range over the pipes."""
    drops, means = [], []
    for name in a.part_names:
        if fnmatchcase(name, "radiator.pipe*"):
            nodes = _nodes(a, name)
            y = np.abs(a.points[nodes, 1])
            drops.append(T[nodes][y < 0.06].mean() - T[nodes][y > y.max() - 1e-6].mean())
            means.append(T[nodes].mean())
    return {
        "pipe_middle_above_tip_K": float(np.mean(drops)),
        "pipe_coldest_mean_K": float(min(means)),
        "pipe_warmest_mean_K": float(max(means)),
    }


def _transport(body: Any, fields: Floats) -> dict[str, float]:
    from thermal.solve.transport import transport

    a, loads = body.assembly, []
    for i, name in enumerate(a.part_names):
        if fnmatchcase(name, "radiator.pipe*"):
            cells = a.cells[a.cell_part == i]
            load = transport(a.points, cells, body.conductivity[i], np.array([0.0, 1.0, 0.0]))
            loads.append(max(load(T) for T in fields))
    return {"pipe_load_mean_W_m": float(np.mean(loads)), "pipe_load_W_m": float(max(loads))}
