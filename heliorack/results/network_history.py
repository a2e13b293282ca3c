"""Nodes and loops over time: columns of history.csv, and the tubes that pictures show."""

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.patterns import matching
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.body import Body
from heliorack.results.network_result import NetworkResult
from heliorack.runfolder.tubes_file import Tubes
from meshes.assembly import Assembly
from meshes.shapes.lines_on_faces import line_back_and_forth, lines_along
from thermal.network.flows import Instant
from thermal.network.loops.hydraulics import flowing
from thermal.network.loops.loop import Segment
from thermal.network.tables import SegmentTable

Floats = NDArray[np.float64]
Line = tuple[Floats, Floats]  #: points (m, 3), and their places along the cells of a segment (m,)

DRAWN = 16  #: tubes of a segment that are drawn at most, side by side
MOMENTS = 120  #: that are kept of their fluid


def of_loops(result: NetworkResult, count: int) -> dict[str, Floats]:
    """Of every loop over the first `count` times of the record: outlets of its segments, flow, pressure drop and pump, by heading."""
    record, built = result.record, result.built
    T, found = record.temperatures()[:count] - ZERO_CELSIUS, {}
    for name, loop in built.loops.items():
        moving = [flowing(loop, Instant(built.network, t, y)) for t, y in zip(record.times[:count], record.states[:count], strict=True)]
        for segment in loop.segments:
            found[f"loop {name}.{segment.name} out_degC"] = T[:, segment.rows[-1]]
        found[f"loop {name} flow_kg_s"] = np.array([float(one.branches[loop.sections[0]].sum()) for one in moving])
        found[f"loop {name} drop_Pa"] = np.array([one.drop for one in moving])
        found[f"loop {name} pump_W"] = np.array([one.power for one in moving])
    return found


def at_times(result: NetworkResult, times: Floats) -> dict[str, Floats]:
    """Nodes and loops of a network that is solved with parts, at the times of their history [s], by heading."""
    known = np.array(result.record.times)
    T = result.record.temperatures() - ZERO_CELSIUS
    found = {f"{name} {what}_degC": T[:, result.built.nodes[name]] for name in result.named for what in ("mean", "min", "max")}
    found |= of_loops(result, len(known))
    return {heading: np.interp(times, known, values) for heading, values in found.items()}


def tubes(result: NetworkResult, body: Body) -> Tubes | None:
    """Where the tubes of loops run over faces and along given paths, with their fluid over time; None where none does."""
    assert result.case.network is not None
    drawn: list[tuple[str, SegmentTable, list[Line]]] = []
    for loop in result.case.network.loops:
        for tube in loop.segments:
            found = _lines(body.assembly, tube, len(_segment(result, loop.name, tube.name).rows))
            drawn += [(loop.name, tube, found)] if found else []
    lines = [(number, line) for number, (_, _, found) in enumerate(drawn) for line in found]
    if not lines:
        return None
    record = result.record
    kept = np.unique(np.linspace(0, len(record.times) - 1, MOMENTS).round().astype(int))
    value = []
    for k in kept:
        now = Instant(result.built.network, record.times[k], record.states[k])
        fluid = [_fluid(result, now, loop, tube) for loop, tube, _ in drawn]
        value.append(np.concatenate([np.interp(place, np.arange(len(fluid[n])), fluid[n]) for n, (_, place) in lines]))
    sizes = [len(points) for _, (points, _) in lines]
    return Tubes(
        tuple(f"{loop}.{tube.name}" for loop, tube, _ in drawn),
        np.vstack([points for _, (points, _) in lines]),
        np.repeat(np.arange(len(lines)), sizes),
        np.repeat([n for n, _ in lines], sizes),
        np.array([0.5 * tube.diameter for _, tube, _ in drawn]),
        np.array([record.times[k] for k in kept]),
        np.array(value),
    )


def _segment(result: NetworkResult, loop: str, name: str) -> Segment:
    return next(one for one in result.built.loops[loop].segments if one.name == name)


def _fluid(result: NetworkResult, now: Instant, name: str, tube: SegmentTable) -> Floats:
    """Fluid at the inlet of a segment and at the outlets of its cells (cells + 1,) [degC]."""
    loop, rows = result.built.loops[name], _segment(result, name, tube.name).rows
    first = int(np.flatnonzero(loop.rows == rows[0])[0])
    return np.append(flowing(loop, now).inlets[first], now.T[rows]) - ZERO_CELSIUS


def _lines(mesh: Assembly, tube: SegmentTable, cells: int) -> list[Line]:
    """Lines of a segment with places between 0 and the number of its cells."""
    if tube.path:
        way = np.array(tube.path)
        length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(way, axis=0), axis=1))])
        corners = cells * length / length[-1]
        place = np.unique(np.concatenate([np.arange(cells + 1), corners]))
        return [(np.stack([np.interp(place, corners, way[:, i]) for i in range(3)], axis=1), place)]
    if tube.faces is None:
        return []
    faces = [mesh.face_names.index(name) for name in matching(tube.faces, mesh.face_names)]
    if tube.along is not None:
        return lines_along(mesh, faces, tube.along, min(tube.tubes, DRAWN), cells)
    return [line for line in (line_back_and_forth(mesh, face, cells) for face in faces) if line is not None]
