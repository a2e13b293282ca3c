"""What is differentiated: the figure behind the nearest margin of each limit, or a part's extreme or mean that is asked for."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.case.margins import Limit, Verdict
from heliorack.casefile.patterns import matching, unmatched
from heliorack.results.verdicts import modes
from heliorack.results.verdicts.junctions import rises
from heliorack.studies.sensitivity.solved import Solved
from thermal.errors import SensitivityError
from thermal.sensitivity.objective import Objective, at, extreme, extreme_of_mean, mean, of_state

Floats = NDArray[np.float64]

KINDS = ("max", "min", "mean")
SHARE = 1e-3  #: by which power is scaled to either side
NUDGE = 0.05  #: K, to either side, for the slope of a junction's rise over its case


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A temperature of one load case."""

    name: str  #: in words
    on: str  #: part or face
    objective: Objective
    verdict: Verdict | None = None  #: None where no limit asks for it
    #: by place of a compute entry in the case, what the figure gains straight from a factor on its power [K]
    direct: dict[int, float] = field(default_factory=dict)


def nearest(case: Case, judged: tuple[Verdict, ...]) -> list[Verdict]:
    """Of each limit the verdict with the least margin, in the order of the limits; each place and side once."""
    found: list[Verdict] = []
    for limit in case.limits:
        mine = [v for v in judged if _of(limit, v)]
        if mine:
            one = min(mine, key=lambda v: v.margin)
            if not any((one.on, one.at, one.side) == (v.on, v.at, v.side) for v in found):
                found.append(one)
    return found


def _of(limit: Limit, v: Verdict) -> bool:
    return (
        (limit.at, limit.level, limit.mode) == (v.at, v.level, v.mode)
        and v.limit == (limit.max if v.side == "max" else limit.min)
        and bool(matching(limit.on, (v.on,)))
    )


def of_limit(solved: Solved, v: Verdict) -> Target:
    """The figure that a verdict judged."""
    words = {"part": "hottest" if v.side == "max" else "coldest", "face": f"{v.side} of the mean", "junction": "junction"}[v.at]
    name = f"{v.on}, {words}" + ("" if v.mode == "operating" else f" ({v.mode.replace('_', '-')})")
    greatest, body = v.side == "max", solved.ready.body
    if v.mode == "switch_on":
        return Target(name, v.on, _when_switched_on(solved, v), v)
    if v.at == "face":
        column = body.assembly.face_names.index(v.on)
        rows = np.asarray(body.faces[:, [column]].todense()).ravel() / body.face_area[column]
        return Target(name, v.on, _mean_extreme(solved, rows, greatest), v)
    if v.at == "junction" and greatest and v.note != "case, not junction":
        return _junction(solved, v, name)
    return Target(name, v.on, _extreme(solved, _rows(solved, v.on), greatest), v)


def split(text: str) -> tuple[str, str]:
    """Pattern and kind of `--of`.

    Raises:
        SensitivityError: it is no PART:max, PART:min or PART:mean.
    """
    pattern, _, kind = text.rpartition(":")
    if kind not in KINDS or not pattern:
        raise SensitivityError(f"--of {text}: expected PART:max, PART:min or PART:mean, such as module*:max")
    return pattern, kind


def asked(solved: Solved, text: str) -> Target:
    """What `--of PART:max|min|mean` asks for; of several parts the extreme of all, or the mean by volume.

    Raises:
        SensitivityError: no such part, or another word than max, min or mean.
    """
    pattern, kind = split(text)
    names, body = tuple(solved.ready.body.assembly.part_names), solved.ready.body
    parts = matching(pattern, names)
    if not parts:
        raise SensitivityError(f"--of {text}: {unmatched(pattern, names, 'part')}")
    columns = [names.index(name) for name in parts]
    words = {"max": "hottest", "min": "coldest", "mean": "mean over the orbit"}[kind]
    if kind == "mean":
        rows = np.asarray(body.volumes[:, columns].sum(axis=1)).ravel() / body.part_volume[columns].sum()
        return Target(f"{pattern}, {words}", pattern, _mean(solved, rows))
    among = np.unique(np.concatenate([_rows(solved, name) for name in parts]))
    return Target(f"{pattern}, {words}", pattern, _extreme(solved, among, kind == "max"))


def _rows(solved: Solved, part: str) -> NDArray[np.int64]:
    body = solved.ready.body
    column = body.volumes[:, [body.assembly.part_names.index(part)]].tocsc()
    return np.asarray(column.indices, dtype=np.int64)


def _extreme(solved: Solved, among: NDArray[np.int64], greatest: bool) -> Objective:
    if solved.orbit is not None:
        return extreme(solved.orbit.steps, among, greatest)
    T = solved.state
    row = int(among[np.argmax(T[among]) if greatest else np.argmin(T[among])])
    return of_state(T, _one(len(T), row), row)


def _one(size: int, row: int) -> Floats:
    rows = np.zeros(size)
    rows[row] = 1.0
    return rows


def _mean_extreme(solved: Solved, rows: Floats, greatest: bool) -> Objective:
    return of_state(solved.state, rows) if solved.orbit is None else extreme_of_mean(solved.orbit.steps, rows, greatest)


def _mean(solved: Solved, rows: Floats) -> Objective:
    return of_state(solved.state, rows) if solved.orbit is None else mean(solved.orbit.steps, rows)


def _at(solved: Solved, t: float, rows: Floats) -> Objective:
    return of_state(solved.state, rows) if solved.orbit is None else at(solved.orbit.steps, t, rows)


def _state_at(solved: Solved, t: float) -> Floats:
    if solved.orbit is None:
        return solved.state
    return next(step.at(t) for step in solved.orbit.steps if t <= step.end + 1e-9 * (step.end - step.start))


def _when_switched_on(solved: Solved, v: Verdict) -> Objective:
    """At the worst of the moments at which the part is switched on."""
    body, loads, sign = solved.ready.body, solved.ready.coupling.loads.marched, 1.0 if v.side == "max" else -1.0
    part = v.on.rpartition(":")[0] if v.at == "face" else v.on
    starts = modes.modes(solved.case, body, loads).rises[part]
    period = float(loads.times[-1])
    times = modes.switch_on_times(starts, period, period).tolist()
    states = [_state_at(solved, t) for t in times]
    if v.at == "face":
        column = body.assembly.face_names.index(v.on)
        rows = np.asarray(body.faces[:, [column]].todense()).ravel() / body.face_area[column]
        return _at(solved, times[int(np.argmax([sign * (rows @ T) for T in states]))], rows)
    among = _rows(solved, v.on)
    worst = int(np.argmax([(sign * T[among]).max() for T in states]))
    return _at(solved, times[worst], _one(len(states[0]), int(among[np.argmax(sign * states[worst][among])])))


def _junction(solved: Solved, v: Verdict, name: str) -> Target:
    """Hottest case temperature and the junction's rise over it, at the recorded time at which they are the most."""
    case, body, loads = solved.case, solved.ready.body, solved.ready.coupling.loads.marched
    names, history = tuple(body.assembly.part_names), solved.solution.history
    part, among = names.index(v.on), _rows(solved, v.on)
    of_entries = list(rises(case, body, loads, history, part, solved.ready.devices))
    worst = max(of_entries, key=lambda one: float((history.high[:, part] + one.over).max()))
    device, k = worst.device, int(np.argmax(history.high[:, part] + worst.over))
    t, mean_then = float(history.times[k]), float(history.mean[k, part])
    T = _state_at(solved, t)
    rows, straight = _one(len(T), int(among[np.argmax(T[among])])), float(worst.over[k])
    if device is not None:
        moved = [worst.again(device, k, mean_then + nudge) for nudge in (NUDGE, -NUDGE)]
        slope = (moved[0] - moved[1]) / (2 * NUDGE)
        rows += slope * np.asarray(body.volumes[:, [part]].todense()).ravel() / body.part_volume[part]
        scaled = [worst.again(device.with_power(1 + share), k, mean_then) for share in (SHARE, -SHARE)]
        straight = (scaled[0] - scaled[1]) / (2 * SHARE)
    found = _at(solved, t, rows)
    return Target(name, v.on, replace(found, value=float(T[among].max() + worst.over[k])), v, {worst.column: straight})
