"""Attitude from a table of quaternions: rotation from GCRF to the body, scalar last."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orbit.attitude.csv_table import read_table

Array = NDArray[np.float64]
STEP = np.radians(2.0)  #: turned between two times of a table at the least; rows nearer to each other say nothing new
WIDEST = np.radians(15.0)  #: turned between two times of a table at the most
MOST = 6000  #: times that a table may ask for as long as they are not further apart than `WIDEST`
LIMIT = 20000  #: times that a table may ask for at all
COLUMNS = ("t_s", "q_x", "q_y", "q_z", "q_w")
ROUNDED = 0.02  # that the length of a quaternion may miss 1, as of numbers with two digits
FAR = np.radians(90.0)  #: between two rows; beyond it the way between them is a guess worth saying
AMBIGUOUS = np.radians(175.0)  #: two rotations are never more than 180 degrees apart; near that they turn either way


def quaternion_rotation(path: str | Path, times: Array) -> Array:
    """Rotation (n, 3, 3) at `times` (n,) [s] by interpolation on the great circle between the file's quaternions.

    Raises:
        ValueError: as `read_quaternions`, or a table that does not cover the times, or rows among them that could turn either way.
    """
    t, q, line = read_quaternions(path)
    if times[0] < t[0] - 1e-6 or times[-1] > t[-1] + 1e-6:
        raise ValueError(f"attitude.file {path}: covers {t[0]:g} to {t[-1]:g} s, the revolution needs {times[0]:g} to {times[-1]:g} s")
    i = np.clip(np.searchsorted(t, times, side="right") - 1, 0, len(t) - 2)
    s = ((times - t[i]) / (t[i + 1] - t[i]))[:, None]
    apart = np.arccos(np.clip(np.sum(q[i] * q[i + 1], axis=1), -1, 1))[:, None]
    widest = int(np.argmax(apart))
    if 2 * apart[widest, 0] > AMBIGUOUS:
        k = int(i[widest])
        raise ValueError(
            f"attitude.file {path}, line {line[k + 1]}: the body turns {np.degrees(2 * apart[widest, 0]):.1f} degrees from {t[k]:g} to "
            f"{t[k + 1]:g} s, and could do so either way; expected rows less than 175 degrees apart, better 90: give them more often"
        )
    near = apart < 1e-6
    sine = np.where(near, 1.0, np.sin(apart))
    first = np.where(near, 1 - s, np.sin((1 - s) * apart) / sine)
    second = np.where(near, s, np.sin(s * apart) / sine)
    return _matrix(first * q[i] + second * q[i + 1])


def quaternion_times(path: str | Path, period: float) -> Array:
    """Times (k,) [s] within a revolution of `period` [s] that follow the table: its rows, and times between those that are far apart.

    Rows less than 2 degrees after the one before that is taken are passed over.

    Raises:
        ValueError: as `read_quaternions`, or a table that turns too often to be followed.
    """
    t, q, _ = read_quaternions(path)
    turn = 2 * np.arccos(np.clip(np.sum(q[1:] * q[:-1], axis=1), -1, 1))
    inside = (t[1:] > 0) & (t[:-1] < period)
    path_length = np.concatenate([[0.0], np.cumsum(np.where(inside, turn, 0.0))])
    step = max(STEP, float(path_length[-1]) / MOST)
    if step > WIDEST * LIMIT / MOST:
        raise ValueError(
            f"attitude.file {path}: the body turns {path_length[-1] / (2 * np.pi):.0f} times in {period:.0f} s, which is too fast to be "
            'followed; expected less than 833 turns, or kind = "spin", which takes sunlight by its mean over whole turns'
        )
    step = min(step, WIDEST)
    counted = np.floor(path_length / step + 1e-9)
    kept = [t[1:][np.diff(counted) > 0]]
    for k in np.flatnonzero(inside & (turn > 1.001 * WIDEST)):
        pieces = int(np.ceil(turn[k] / WIDEST - 1e-3))
        kept.append(t[k] + (t[k + 1] - t[k]) * np.arange(pieces) / pieces)
    found = np.unique(np.concatenate(kept))
    return found[(found > 0) & (found < period)]


def quaternion_words(path: str | Path, period: float) -> tuple[str, ...]:
    """A sentence if rows within `period` [s] are more than 90 degrees apart."""
    t, q, line = read_quaternions(path)
    turn = 2 * np.arccos(np.clip(np.sum(q[1:] * q[:-1], axis=1), -1, 1))
    far = np.flatnonzero((turn > FAR) & (t[1:] > 0) & (t[:-1] < period))
    if not len(far):
        return ()
    k = int(far[np.argmax(turn[far])])
    return (
        f"warning: {len(far)} rows of the attitude are more than 90 degrees from the one before (line {line[k + 1]}: "
        f"{np.degrees(turn[k]):.0f} degrees in {t[k + 1] - t[k]:g} s); the body is taken to turn the shorter way",
    )


def read_quaternions(path: str | Path) -> tuple[Array, Array, NDArray[np.intp]]:
    """Times (n,) [s], unit quaternions (n, 4) of which neighbours are the nearer of each two, and lines (n,) of a file.

    Raises:
        ValueError: missing columns, cells that are no numbers, times that do not rise, a zero quaternion, or a single row.
        OSError: it cannot be opened.
    """
    about = Path(path).stat()
    return _read(str(path), about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=4)
def _read(path: str, changed: int, size: int) -> tuple[Array, Array, NDArray[np.intp]]:
    table = read_table(path, "attitude.file", COLUMNS)
    t, *parts = (table.numbers(name) for name in COLUMNS)
    line = np.array([n for n, _ in table.rows], dtype=np.intp)
    if len(t) < 2:
        raise ValueError(f"{table.where}: has {len(t)} rows; expected two or more")
    table.rising("t_s", t)
    q = np.column_stack(parts)
    largest = np.max(np.abs(q), axis=1, keepdims=True)
    if np.any(largest < 1e-6):
        bad = int(np.argmax(largest[:, 0] < 1e-6))
        raise ValueError(f"{table.where}, line {line[bad]}: q = {q[bad].tolist()} is no rotation; expected a quaternion of length 1")
    length = np.linalg.norm(q, axis=1)
    if np.any(np.abs(length - 1) > ROUNDED):
        bad = int(np.argmax(np.abs(length - 1)))
        raise ValueError(
            f"{table.where}, line {line[bad]}: q = {q[bad].tolist()} has the length {length[bad]:.4g}; expected a quaternion of length 1 "
            "(angles, or columns in another order, are no quaternion)"
        )
    q = q / largest
    q = q / np.linalg.norm(q, axis=1, keepdims=True)
    sign = np.cumprod(np.concatenate([[1.0], np.where(np.sum(q[1:] * q[:-1], axis=1) < 0, -1.0, 1.0)]))
    return t, q * sign[:, None], line


def _matrix(q: Array) -> Array:
    """Coordinate rotations (n, 3, 3) of quaternions (n, 4), scalar last, any length: v_body = matrix @ v_GCRF."""
    x, y, z, w = (q / np.linalg.norm(q, axis=1, keepdims=True)).T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)],
        [2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w)],
        [2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), -1, 0)
