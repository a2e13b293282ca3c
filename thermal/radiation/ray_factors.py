"""View factors between groups of facets and to the sky, by cosine-weighted low-discrepancy rays, each with its standard error."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from thermal.radiation.rays import BATCH, Scene

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
#: Entries of some rows: columns, hits, squares of hits by replicate, and how many of them each row has.
Piece = tuple[NDArray[np.int32], NDArray[np.int32], Floats, Ids]

#: Independent scrambled point sets per group; their spread is the standard error (known to about 1/4 with 8 of them).
REPLICATES = 8


@dataclass(frozen=True, slots=True, eq=False)
class ViewFactors:
    """Factors from each group (row) to each group (column) and to the sky. Rows, sky and `lost` add up to one."""

    F: csr_array  #: (g, g)
    error: csr_array  #: (g, g) standard error of F, same pattern; a factor that no ray found is absent and below about 3 / rays
    sky: Floats  #: (g,) factor to the sky
    sky_error: Floats  #: (g,) its standard error
    lost: Floats  #: (g,) part of the rays that ended on the back of a facet or on a facet of no group: zero for closed, outward bodies
    areas: Floats  #: (g,) m2
    rays: int  #: rays traced from each group


@dataclass(frozen=True, slots=True, eq=False)
class Emitters:
    """Facets in the order of their groups, ready to be picked by area."""

    groups: NDArray[np.int32]  #: (f,) group of each facet, -1 for none
    starts: Ids  #: (g + 1,) where each group starts in `members`
    members: Ids  #: (m,) facets
    shares: Floats  #: (m + g,) cumulative share of area, from 0 to 1 in each group; a group starts at starts[g] + g
    guide: NDArray[np.int32]  #: (m,) first member to look at for each equal slice of the unit interval
    areas: Floats  #: (g,) m2


def emitters(view: Scene, groups: Ids) -> Emitters:
    """Order the facets by group.

    Raises:
        ValueError: groups of the wrong shape, or numbers between 0 and the largest without a facet.
    """
    labels = np.asarray(groups)
    if labels.shape != (view.count,):
        raise ValueError(f"groups must have one number per facet, {view.count}, not shape {labels.shape}")
    count = int(labels.max(initial=-1)) + 1
    order = np.argsort(labels, kind="stable")
    members = order[np.searchsorted(labels[order], 0) :]
    sizes = np.bincount(labels[members], minlength=count)
    if count == 0 or (sizes == 0).any():
        empty = np.flatnonzero(sizes == 0)
        raise ValueError(f"groups without a facet: {empty[:5].tolist()}" if count else "no facet belongs to a group")
    starts = np.concatenate([[0], np.cumsum(sizes)])
    areas = np.bincount(labels[members], weights=view.areas[members], minlength=count)
    shares = np.empty(len(members) + count)
    guide = np.empty(len(members), dtype=np.int32)
    _shares(starts, view.areas[members], areas, shares, guide)
    return Emitters(labels.astype(np.int32), starts, members.astype(np.int64), shares, guide, areas)


def view_factors(view: Scene, groups: Ids, rays: int = 4096, seed: int = 0, threads: int = 1) -> ViewFactors:
    """View factors of groups of facets.

    Args:
        view: The scene.
        groups: Group of each facet, shape (f,), numbered from 0; -1 only casts shadows.
        rays: From each group, spread over its area; rounded up to 8 times a power of two.
        seed: The same seed gives the same bits, with any number of threads.
        threads: The ray generator and the tally run side by side; Embree's binding runs one thread at a time.

    Returns:
        The factors. Every factor is an unbiased estimate from its own row; `thermal.radiation.closure` joins the two estimates of a pair.

    Raises:
        ValueError: see `emitters`; fewer than one ray.

    Source:
        Scrambled Sobol points (Matousek's linear scramble and a digital shift per group): Owen, Monte Carlo Theory (2023), ch. 17.
    """
    if rays < 1:
        raise ValueError(f"rays = {rays} must be at least 1")
    source = emitters(view, groups)
    each = 1 << max(0, int(np.ceil(np.log2(rays / REPLICATES))))
    points = sobol_points(each, seed)
    count = len(source.areas)
    shifts = np.random.default_rng([seed, 2]).integers(0, 1 << 32, (count, REPLICATES, 4), dtype=np.uint32)
    total = each * REPLICATES
    step = max(1, BATCH // total)
    blocks = [(first, min(first + step, count)) for first in range(0, count, step)]

    def work(block: tuple[int, int]) -> Piece:
        return _trace(view, source, points, shifts, *block)

    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            pieces = list(pool.map(work, blocks))
    else:
        pieces = [work(block) for block in blocks]
    return _gather(pieces, source.areas, total)


def sobol_points(each: int, seed: int) -> NDArray[np.uint32]:
    """Scrambled Sobol points in order of their first coordinate, so that neighbouring rays start side by side; (REPLICATES, each, 4)."""
    from scipy.stats import qmc  # half a second, and for new factors alone

    sets = []
    for rng in np.random.default_rng([seed, 3]).spawn(REPLICATES):
        unit = qmc.Sobol(4, scramble=True, rng=rng).random(each)
        bits = (unit * 2.0**32).astype(np.uint32)
        sets.append(bits[np.argsort(bits[:, 0], kind="stable")])
    return np.ascontiguousarray(sets)


def _trace(view: Scene, source: Emitters, points: NDArray[np.uint32], shifts: NDArray[np.uint32], first: int, last: int) -> Piece:
    """Columns, hits in all, their squares by replicate, and the number of entries of each group of a block, row by row.

    Columns rise within a row; columns g and g + 1 are sky and lost.
    """
    count = len(source.areas)
    total = points.shape[0] * points.shape[1]
    origins, along = np.empty((BATCH, 3), np.float32), np.empty((BATCH, 3), np.float32)
    tally = (
        np.zeros(count + 2, np.int32),
        np.zeros(count + 2, np.int32),
        np.zeros(count + 2),
        np.empty(count + 2, np.int32),
        np.empty(count + 2, np.int32),
        np.zeros(3, np.int64),
    )
    room = (last - first) * min(total, count + 2)
    entries = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room)
    ends = np.zeros(last - first, np.int64)
    for start, stop in _spans(first * total, last * total):
        n = stop - start
        emit_rays(start, n, points, shifts, view.frames, source.starts, source.members, source.shares, source.guide, origins, along)
        met = view.first_hits(origins[:n], along[:n])
        _count(start, n, first, *points.shape[:2], met, along, view.frames, source.groups, *tally, *entries, ends)
    columns, hits, squares = (some[: ends[-1]].copy() for some in entries)
    return columns, hits, squares, np.diff(ends, prepend=0)


def _spans(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Batches of a range of rays."""
    for at in range(start, stop, BATCH):
        yield at, min(at + BATCH, stop)


def _gather(pieces: list[Piece], areas: Floats, total: int) -> ViewFactors:
    """Factors and standard errors from hits; F and its error share one pattern. Pieces are let go as they are used up."""
    count = len(areas)
    room = sum(len(piece[0]) for piece in pieces)
    starts = np.zeros(count + 1, np.int32 if room < 1 << 31 else np.int64)
    columns, factor, error = np.empty(room, starts.dtype), np.empty(room), np.empty(room)
    ends = np.zeros((2, count, 2))  # sky and lost: factor, error
    row = used = 0
    pieces.reverse()
    while pieces:
        found, hits, squares, lengths = pieces.pop()
        used = _finish(row, used, total, found, hits, squares, lengths, starts, columns, factor, error, ends)
        row += len(lengths)
    shape = (count, count)
    F = csr_array((factor[:used], columns[:used], starts), shape=shape)
    E = csr_array((error[:used], columns[:used], starts), shape=shape)
    return ViewFactors(F, E, ends[0, :, 0].copy(), ends[0, :, 1].copy(), ends[1, :, 0].copy(), areas, total)


@njit(cache=True)
def _finish(
    row: int, used: int, total: int, found: Any, hits: Any, squares: Any, lengths: Any,
    starts: Any, columns: Any, factor: Any, error: Any, ends: Any,
) -> int:  # fmt: skip
    """Write the rows of one piece; the number of factors written so far."""
    count = len(starts) - 1
    k = 0
    for length in lengths:
        for _ in range(length):
            part = hits[k] / total
            if hits[k] < 8 * REPLICATES:  # a spread of few hits says little; independent rays bound it
                off = np.sqrt(part * (1 - part) / total)
            else:
                off = np.sqrt(max(squares[k] - np.float64(hits[k]) ** 2 / REPLICATES, 0.0) * REPLICATES / (REPLICATES - 1)) / total
            if found[k] < count:
                columns[used], factor[used], error[used] = found[k], part, off
                used += 1
            else:
                ends[found[k] - count, row, 0], ends[found[k] - count, row, 1] = part, off
            k += 1
        row += 1
        starts[row] = used
    return used


@njit(cache=True)
def _shares(starts: Any, areas: Any, totals: Any, shares: Any, guide: Any) -> None:
    """Cumulative shares of area and where to start looking in them."""
    for g in range(len(totals)):
        low, high = starts[g], starts[g + 1]
        n = high - low
        shares[low + g] = 0.0
        sum_so_far = 0.0
        for m in range(low, high):
            sum_so_far += areas[m]
            shares[m + g + 1] = sum_so_far / totals[g]
        shares[high + g] = 1.0
        m = 0
        for s in range(n):
            while m < n - 1 and shares[low + g + m + 1] <= s / n:
                m += 1
            guide[low + s] = m


@njit(cache=True, nogil=True, fastmath=True)
def emit_rays(
    start: int, n: int, points: Any, shifts: Any, frames: Any, starts: Any, members: Any, shares: Any, guide: Any, origins: Any, along: Any
) -> None:
    """Fill cosine-weighted rays number `start` to `start + n`: group by group, replicate by replicate."""
    sets, each = points.shape[0], points.shape[1]
    unit = 1.0 / 4294967296.0
    turn = np.float32(2 * np.pi / 4294967296.0)
    ray = start
    q = 0
    while q < n:
        g = ray // (sets * each)
        s = (ray // each) % sets
        i = ray % each
        stop = min(each, i + n - q)
        low = starts[g]
        size = starts[g + 1] - low
        x0, x1, x2, x3 = shifts[g, s, 0], shifts[g, s, 1], shifts[g, s, 2], shifts[g, s, 3]
        ray += stop - i
        while i < stop:
            u = (np.float64(points[s, i, 0] ^ x0) + 0.5) * unit
            m = guide[low + np.int64(u * size)]
            while shares[low + g + m + 1] <= u:
                m += 1
            left = shares[low + g + m]
            v = np.float32((u - left) / (shares[low + g + m + 1] - left))
            f = members[low + m]
            w = np.float32(points[s, i, 1] ^ x1) * np.float32(unit)
            root = np.sqrt(v)
            b = root * w
            a = root - b
            lean = (np.float32(points[s, i, 2] ^ x2) + np.float32(0.5)) * np.float32(unit)
            angle = np.float32(points[s, i, 3] ^ x3) * turn
            r = np.sqrt(lean)
            x, y, z = r * np.cos(angle), r * np.sin(angle), np.sqrt(max(np.float32(1) - lean, np.float32(1e-12)))
            for c in range(3):
                origins[q, c] = frames[f, 0, c] + a * frames[f, 1, c] + b * frames[f, 2, c]
                along[q, c] = x * frames[f, 3, c] + y * frames[f, 4, c] + z * frames[f, 5, c]
            q += 1
            i += 1


@njit(cache=True, nogil=True)
def _count(
    start: int, n: int, first: int, sets: int, each: int, met: Any, along: Any, frames: Any, groups: Any,
    current: Any, total: Any, square: Any, now: Any, seen: Any, used: Any, columns: Any, hits: Any, squares: Any, ends: Any,
) -> None:  # fmt: skip
    """Add hits to the running replicate; `used` counts targets of the replicate, targets of the group and entries written."""
    count = len(current) - 2
    for q in range(n):
        f = met[q]
        target = count
        if f >= 0:
            target = groups[f]
            facing = along[q, 0] * frames[f, 5, 0] + along[q, 1] * frames[f, 5, 1] + along[q, 2] * frames[f, 5, 2]
            if target < 0 or facing > 0:
                target = count + 1
        if current[target] == 0:
            now[used[0]] = target
            used[0] += 1
        current[target] += 1
        ray = start + q + 1
        if ray % each:
            continue
        for k in range(used[0]):
            t = now[k]
            c = current[t]
            if total[t] == 0:
                seen[used[1]] = t
                used[1] += 1
            total[t] += c
            square[t] += np.float64(c) * c
            current[t] = 0
        used[0] = 0
        if ray % (sets * each):
            continue
        seen[: used[1]].sort()
        for k in range(used[1]):
            t = seen[k]
            columns[used[2]], hits[used[2]], squares[used[2]] = t, total[t], square[t]
            used[2] += 1
            total[t] = 0
            square[t] = 0.0
        ends[ray // (sets * each) - 1 - first] = used[2]
        used[1] = 0
