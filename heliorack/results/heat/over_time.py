"""Heat into bodies over time, as straight pieces between few points."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from heliorack.results.heat.bodies import Kept
from thermal.heat import Moment, Way
from thermal.solve.model import Model
from thermal.solve.ways import Source

Floats = NDArray[np.float64]
Table = tuple[Floats, Floats]  #: times and values at them

NEAR = 1e-7  #: of the span: so far beside a jump its two values are taken
EXACT = 1e-3  #: of the greatest heat into any body: error of the pieces at most
MOST = 6000  #: points at which heat is looked at


def heat_over_time(model: Model, kept: Kept, ways: Sequence[Way], times: Floats) -> tuple[Floats, Floats]:
    """Heat that some ways bring to every body over the run. Collective.

    Args:
        model: Solved.
        kept: Its bodies and moments.
        ways: Whose heat is told; of a film without what its fluid takes.
        times: At which loads are known; a jump stands twice [s].

    Returns:
        Times (k,) [s], a jump standing twice, and heat (k, b) [W]; none of a steady state.
    """
    if len(kept.times) < 2:
        return np.zeros(0), np.zeros((0, kept.count))
    times = times[(times >= kept.times[0]) & (times <= kept.times[-1])]
    jumps = times[1:][np.diff(times) == 0]
    every = times[np.append(True, np.diff(times) > 0)]
    every = np.union1d(every[:: max(1, len(every) // MOST)], [*kept.times, *jumps])
    span = float(np.ptp(kept.times))
    doubled = np.sort(np.concatenate([every, jumps]))
    first = np.append(np.diff(doubled) == 0, False)
    second = np.append(False, np.diff(doubled) == 0)
    looked = np.clip(doubled + NEAR * span * (second.astype(float) - first), kept.times[0] + NEAR * span, kept.times[-1] - NEAR * span)
    heat = np.zeros((len(doubled), kept.count))
    rows = np.arange(len(kept.of_row))
    gathered = csr_matrix((np.ones(len(rows)), (kept.of_row, rows)), shape=(kept.count, len(rows)))
    others = [way for way in ways if not isinstance(way, Source)]
    for way in ways:
        if isinstance(way, Source):
            heat += way.rate(looked) @ np.asarray(kept.layout.sum((gathered @ csr_matrix(way.spread)).toarray())).T
    for k, t in enumerate(looked) if others else ():
        now = Moment(model.layout, model.sigma, float(t), kept.at(float(t)))
        heat[k] += kept.summed(np.sum([way.load(now) for way in others], axis=0))
    few = pieces(doubled, heat, EXACT * float(np.abs(heat).max(initial=0.0)))
    return doubled[few], heat[few]


def both(one: Table, other: Table) -> Table:
    """Two tables of heat over time (k,) and (k, m), one beside the other at the times of both; a jump of either stands twice."""
    if not len(other[0]):
        return one[0], np.hstack([one[1], np.zeros((len(one[0]), other[1].shape[1]))])
    jumps = [times[1:][np.diff(times) == 0] for times, _ in (one, other)]
    times = np.sort(np.concatenate([np.union1d(one[0], other[0]), np.union1d(*jumps)]))
    after = np.append(False, np.diff(times) == 0)
    return times, np.hstack([_at(table, times, after) for table in (one, other)])


def _at(table: Table, times: Floats, after: NDArray[np.bool_]) -> Floats:
    """Values of a table; where a time is the second of two, those after a jump."""
    known, values = table
    last = len(known) - 1
    right = np.clip(np.where(after, np.searchsorted(known, times, side="right"), np.searchsorted(known, times, side="left")), 1, last)
    width = known[right] - known[right - 1]
    share = np.where(width > 0, (times - known[right - 1]) / np.where(width > 0, width, 1.0), 1.0)
    return np.asarray((1 - share)[:, None] * values[right - 1] + share[:, None] * values[right])


def pieces(times: Floats, values: Floats, within: float) -> NDArray[np.int64]:
    """Points between which straight lines follow all values (k, m) to `within`; by Ramer, Douglas and Peucker, jumps kept.

    >>> pieces(np.array([0.0, 1.0, 2.0, 3.0]), np.array([[0.0], [1.0], [2.0], [0.0]]), 1e-9).tolist()
    [0, 2, 3]
    """
    chosen, open_ends = {0, len(times) - 1}, [(0, len(times) - 1)]
    while open_ends:
        a, b = open_ends.pop()
        if b - a < 2:
            continue
        width = times[b] - times[a]
        share = (times[a + 1 : b] - times[a]) / width if width > 0 else np.zeros(b - a - 1)
        off = np.abs(values[a + 1 : b] - values[a] - share[:, None] * (values[b] - values[a])).max(axis=1)
        worst = int(np.argmax(off))
        if off[worst] > within:
            at = a + 1 + worst
            chosen.add(at)
            open_ends += [(a, at), (at, b)]
    return np.array(sorted(chosen), dtype=np.int64)
