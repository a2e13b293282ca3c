"""A test beside its model: temperatures at thermocouples, and how far the measured ones are off."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.errors import CaseError, Problem
from heliorack.checks.measured_file import read_measured
from heliorack.model.body import Body
from thermal.solve.probes import History

Floats = NDArray[np.float64]

OUTSIDE = 2e-3  #: m; a point farther than this outside its part is refused


@dataclass(frozen=True, slots=True)
class Deviation:
    """Model minus measurement at one thermocouple [K]; `rows` measured values lie within the run."""

    name: str
    rows: int
    mean: float
    deviation: float  #: standard deviation
    worst: float  #: greatest magnitude, with its sign


def point_weights(case: Case, body: Body) -> Any:
    """Weights (owned, thermocouples) that read the temperature at each thermocouple's point, linear inside its tetrahedron.

    Raises:
        CaseError: a point lies outside its part.
    """
    from scipy.sparse import coo_matrix

    assembly, local = body.assembly, body.layout.local_of_node()
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    problems = []
    for j, tc in enumerate(case.thermocouples):
        part = assembly.part_names.index(tc.part)
        cells = assembly.cells[assembly.cell_part == part]
        corners = assembly.points[cells]
        edges = np.swapaxes(corners[:, 1:] - corners[:, :1], 1, 2)
        rest = np.linalg.solve(edges, (np.array(tc.point) - corners[:, 0])[..., None])[..., 0]
        share = np.column_stack([1 - rest.sum(axis=1), rest])
        best = int(share.min(axis=1).argmax())
        inside = np.clip(share[best], 0.0, None)
        inside /= inside.sum()
        off = float(np.linalg.norm(inside @ corners[best] - np.array(tc.point)))
        if off > OUTSIDE:
            said = f"lies {off * 1e3:.3g} mm outside {tc.part}; points are in body axes"
            problems.append(Problem(f"thermocouples.{tc.name}.point_mm", [round(x * 1e3, 6) for x in tc.point], said))
        for node, weight in zip(cells[best], inside, strict=True):
            if local[node] >= 0 and weight > 0:
                rows.append(int(local[node]))
                columns.append(j)
                values.append(float(weight))
    if problems:
        raise CaseError(case.source, problems)
    return coo_matrix(
        (np.array(values), (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))),
        shape=(body.layout.owned, len(case.thermocouples)),
    ).tocsr()


def deviations(case: Case, history: History, first: int) -> tuple[Deviation, ...]:
    """Model minus measurement at every thermocouple; `first` is the group in `history` of the first of them.

    Raises:
        CaseError: the measured file cannot be used.
    """
    if case.measured is None:
        return ()
    times, columns = measured(case)
    found = []
    for j, tc in enumerate(case.thermocouples):
        values = columns[tc.name]
        there = np.isfinite(values)
        if len(history.times) > 1:
            there &= (times >= history.times[0]) & (times <= history.times[-1])
            model = np.interp(times[there], history.times, history.mean[:, first + j])
        else:
            model = np.full(int(there.sum()), history.mean[0, first + j])
        off = model - values[there]
        if not len(off):
            said = f"no value of {tc.name} lies between {history.times[0]:g} and {history.times[-1]:g} s of the run"
            raise CaseError(case.source, [Problem("measured.file", case.measured.file, said)])
        found.append(Deviation(tc.name, len(off), float(off.mean()), float(off.std()), float(off[np.abs(off).argmax()])))
    return tuple(found)


def measured(case: Case) -> tuple[Floats, dict[str, Floats]]:
    """Times [s] and measured temperatures [K] by thermocouple; an empty cell is nan.

    Raises:
        CaseError: the file is missing, lacks a column, or holds something that is no number.
    """
    if case.measured is None:
        return np.empty(0), {}
    path = Path(case.source).parent / case.measured.file
    columns = {tc.name: tc.column or tc.name for tc in case.thermocouples}
    try:
        return read_measured(path, case.measured, columns)
    except (ValueError, OSError) as error:
        said = f"cannot be read ({error.strerror})" if isinstance(error, OSError) else str(error).removeprefix("measured.file ")
        raise CaseError(case.source, [Problem("measured.file", case.measured.file, said)]) from error
