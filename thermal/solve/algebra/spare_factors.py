"""Factors that no solver has any more, for the next one whose matrices have their entries in the same places.

A run makes many solvers of one body: of steady states, marches, corrections and estimates, load case after load case. The order of
elimination depends on where entries are and not on what they are, so that answers are the same whoever had a factor before.
"""

from hashlib import blake2b
from typing import Any

from thermal.solve.algebra.preconditioner import Preconditioner

ROOM = 0.4e9  #: bytes of them at most, estimated as those of kept factors are
MOST = 24  #: of them: each holds communicators, of which MPI has few, and memory of its own beside what is estimated

_spare: list[tuple[bytes, float, Preconditioner]] = []  #: places of the entries, size [bytes] and factor; the oldest first


def places(matrix: Any) -> bytes | None:
    """Digest of where a matrix has entries; None where factors are not handed on: on several ranks, where freeing them is collective."""
    if matrix.getComm().size > 1:
        return None
    rows, columns = matrix.getRowIJ()
    return blake2b(rows.tobytes() + columns.tobytes(), digest_size=16).digest()


def give(where: bytes | None, size: float, factor: Preconditioner) -> None:
    """Hand on a factor, or free it where nobody could take it.

    Args:
        where: Places of its matrix' entries.
        size: Its estimated memory [bytes].
        factor: Of which nothing but the order of elimination is of use.
    """
    if where is None or not factor.direct or size > ROOM:
        factor.close()
        return
    _spare.append((where, size, factor))
    while len(_spare) > MOST or sum(each for _, each, _ in _spare) > ROOM:
        _spare.pop(0)[2].close()


def take(where: bytes | None) -> Preconditioner | None:
    """A factor for matrices with entries in these places, to be renewed; None where there is none."""
    found = next((i for i in reversed(range(len(_spare))) if _spare[i][0] == where), None)
    return None if found is None else _spare.pop(found)[2]
