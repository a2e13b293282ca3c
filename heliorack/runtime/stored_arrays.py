"""What goes wrong when arrays are read from a file that was damaged, cut short, or is another's."""

import zlib
from zipfile import BadZipFile

import numpy as np
from numpy.typing import ArrayLike

#: Of np.load and of the arrays in what it opens: no file, no zip, a member that is missing, cut short, of another form, compressed wrongly.
DAMAGED = (OSError, EOFError, KeyError, ValueError, IndexError, TypeError, RuntimeError, BadZipFile, zlib.error)


def are_temperatures(values: ArrayLike) -> bool:
    """Whether all are finite and not below absolute zero [K].

    >>> are_temperatures([0.0, 300.0]), are_temperatures([float("nan")]), are_temperatures([-1.0])
    (True, False, False)
    """
    found = np.asarray(values, dtype=float)
    return bool(np.all(np.isfinite(found) & (found >= 0.0)))
