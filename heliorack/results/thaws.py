"""What became of loops that may start frozen: when each thawed, what is left, and whether that keeps the run from a verdict."""

from collections.abc import Iterator

import numpy as np

from heliorack.case.case import Case
from heliorack.casefile.errors import listed
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.networks.built import BuiltNetwork
from heliorack.runfolder.figures.network import ThawFigures
from thermal.network.loops.alarms import place
from thermal.network.loops.frozen import FrozenState, Ways
from thermal.network.loops.loop import Loop
from thermal.network.record import Record


def of_loop(loop: Loop, record: Record) -> ThawFigures | None:
    """Figures of one; None of a loop that is not meant to start frozen."""
    law, ways = loop.law, loop.ways
    if ways is None or not isinstance(law, FrozenState):
        return None
    capacity = record.network.capacity[loop.rows]
    first, last = (law.solid_part(y[loop.rows]) @ capacity / capacity.sum() for y in (record.states[0], record.states[-1]))
    below = np.maximum(law.freezing - record.states[-1][loop.rows], 0.0)
    opened = ways.opened()
    return ThawFigures(
        thawed_s=None if opened is None else max(opened, record.times[0]),
        branches_s={name: float(ways.changes[b, 1]) for name, b in _frozen_at_first(loop, ways) if np.isfinite(ways.changes[b, 1])},
        solid_at_start=float(first),
        solid_at_end=float(last),
        to_thaw_J=float(capacity @ below),
        mass_kg=float(capacity.sum() / loop.specific_heat),
        latent_J_kg=law.solid.latent,
        source=law.solid.source,
    )


def _frozen_at_first(loop: Loop, ways: Ways) -> list[tuple[str, int]]:
    """Branches that were frozen at the start: names of their segments, and number."""
    return [(branch_name(loop, int(b)), int(b)) for b in np.flatnonzero(ways.changes[:, 0] == 0.0)]


def branch_name(loop: Loop, branch: int) -> str:
    """Names of the segments of a branch."""
    numbers = dict.fromkeys(loop.segment[loop.branch == branch].tolist())
    return listed([loop.segments[number].name for number in numbers], "and")


def late(case: Case, built: BuiltNetwork, record: Record) -> Iterator[str]:
    """Loops that were not thawed by the time that the case gives them."""
    for name, loop, limit in _limited(case, built):
        opened = None if loop.ways is None else loop.ways.opened()
        if opened is not None and opened <= limit:
            continue
        said = _left(loop, record) if opened is None else f"thawed at t = {opened:.6g} s"
        yield f"loop {name}: {said}, and was to be thawed by {limit:.6g} s"


def _limited(case: Case, built: BuiltNetwork) -> Iterator[tuple[str, Loop, float]]:
    for one in () if case.network is None else case.network.loops:
        if one.cold_start is not None and one.cold_start.thawed_by is not None:
            yield one.name, built.loops[one.name], one.cold_start.thawed_by


def unjudged(case: Case, built: BuiltNetwork, record: Record) -> Iterator[str]:
    """Loops that are still frozen somewhere at the end, and those of which nobody says what heat thaws them."""
    failed = {name for name, loop, _ in _limited(case, built) if loop.ways is not None and loop.ways.opened() is None}
    for name, loop in built.loops.items():
        found = of_loop(loop, record)
        if found is None or loop.ways is None:
            continue
        if name not in failed and _still(loop, loop.ways, record.times[-1]):
            yield f"loop {name}: {_left(loop, record)}; a longer run says more"
        if found.latent_J_kg is None and found.solid_at_start > 0.0:
            of = loop.liquid.name
            yield f"loop {name}: no latent heat is known of {of}, and it thaws without any; give network.fluids with latent_heat_J_kg"


def _still(loop: Loop, ways: Ways, t: float) -> list[int]:
    """Branches that are frozen at a time [s], but for those that have leaked out."""
    return [int(b) for b in np.flatnonzero(~ways.open(t) & ~loop.shut(t))]


def _left(loop: Loop, record: Record) -> str:
    """What is still frozen at the end, in words."""
    found, ways = of_loop(loop, record), loop.ways
    assert found is not None
    assert ways is not None
    y, T = record.states[-1][loop.rows], record.network.temperatures(record.states[-1])[0][loop.rows]
    coldest = int(np.argmin(y))
    branches = [branch_name(loop, b) for b in _still(loop, ways, record.times[-1])]
    what = "still frozen" if not ways.flows(record.times[-1]) else f"its branch {listed(branches, 'and')} is still frozen"
    of = f"{100 * found.solid_at_end:.3g} % of its {found.mass_kg:.3g} kg solid"
    where = f"{T[coldest] - ZERO_CELSIUS:.2f} degC at {place(loop, coldest)}"
    return f"{what} at t = {record.times[-1]:.6g} s: {of}, {where}, {found.to_thaw_J / 1e3:.4g} kJ short of liquid"


def bursts(built: BuiltNetwork, record: Record) -> Iterator[str]:
    """Fluids that take more room frozen, where any was."""
    for name, loop in built.loops.items():
        law = loop.law
        if not isinstance(law, FrozenState) or law.solid.density is None or float(record.coldest[loop.rows].min()) >= law.freezing:
            continue
        liquid = float(loop.liquid.at(law.freezing).density)
        if law.solid.density < liquid:
            more = 100 * (liquid / law.solid.density - 1)
            grows = f"{loop.liquid.name} takes {more:.2g} % more room as it freezes ({liquid:.4g} to {law.solid.density:.4g} kg/m3)"
            yield f"warning: loop {name}: {grows}; a tube that is frozen shut may burst, which shows when it thaws"


def coldest(loop: Loop, record: Record) -> float:
    """Coldest of a loop's fluid since a way through it is open, or of all the run [K]; of cells that no valve shuts off."""
    rows, opened = loop.rows[loop.filled], None if loop.ways is None else loop.ways.opened()
    if opened is None or not np.isfinite(opened):
        return float(record.coldest[rows].min())
    since = np.array(record.times) >= opened
    return float(record.temperatures()[since][:, rows].min())
