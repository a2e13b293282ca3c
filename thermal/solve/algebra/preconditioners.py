"""Which preconditioner serves a step: kept factors and multigrids of neighbouring shifts."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Literal

from thermal.solve.algebra.preconditioner import Kind, Preconditioner
from thermal.solve.algebra.spare_factors import give, take

DIRECT_LIMIT = 60_000  #: rows up to which "auto" takes the direct solver; thin panels of 100k nodes cost the same either way
MOST = 96  #: kept factors; each holds communicators, and near 400 of them at once MPI has no more
FACTOR_MEMORY = 0.8e9  #: bytes of kept factors at most, estimated at 60 entries per row and 12 bytes per entry
NEAR = 3.0  #: shifts that lie no further apart than this times share a factor where its answer need not be exact
NEAR_MULTIGRID = 10.0  #: the same of a multigrid
AHEAD = 5.0  #: times that a multigrid's shift is below the one asked for: it then serves longer steps too
SMALL = 15_000  #: rows from which on iterations come before factors where an answer need not be exact
TRIED, QUICK = 8, 8  #: iterations of "auto" are given up once they took more cycles a solve than QUICK, over TRIED solves at least
RENT = 12  #: solves by a factor that cost as much as another factor; that many spent on neighbours of a shift buy it one of its own

Key = tuple[Kind, float]
Matrix = Callable[[float, Any], Any]


class Preconditioners:
    """Preconditioners of the matrices of one body, by kind and shift, until its slopes are others."""

    def __init__(self, size: int, linear: Literal["auto", "direct", "multigrid"], matrix: Matrix, where: bytes | None = None) -> None:
        """Keep none yet.

        Args:
            size: Rows.
            linear: How exact answers come.
            matrix: The matrix at a shift, in the place of another one or a new one.
            where: Places of its entries, see `thermal.solve.algebra.spare_factors`.
        """
        self._where, self._each = where, size * 60.0 * 12.0
        self.direct = linear == "direct" or (linear == "auto" and size <= DIRECT_LIMIT)
        #: iterations for what need not be exact, until they turn out slow
        self._iterates = not self.direct or (linear == "auto" and size > SMALL)
        self._cycles, self._by_cycles = 0.0, 0  #: of multigrid, and solves that took them
        self._matrix = matrix
        self._kept: OrderedDict[Key, Preconditioner] = OrderedDict()
        self._spare: list[Preconditioner] = []  #: of slopes that hold no more, to be renewed
        self._spent: dict[Key, int] = {}  #: iterations beyond the first of factors for other shifts
        self._room = min(max(2, int(FACTOR_MEMORY / self._each)), MOST)
        self.made = 0  #: factors and multigrids

    def clear(self) -> None:
        """The matrices are others: all must be renewed."""
        self._spent.clear()
        self._spare += self._kept.values()
        self._kept.clear()

    def close(self) -> None:
        """Free their memory, or hand them on to the next solver of such matrices; collective."""
        self.clear()
        for kept in self._spare:
            give(self._where, self._each, kept)
        self._spare.clear()

    def near(self, shift: float, exact: bool) -> tuple[Preconditioner, float | None]:
        """The preconditioner to use at a shift, its own, a neighbour's or a new one, and the shift of a factor that had to go.

        Args:
            exact: Whether the answer is to be as exact as it gets.
        """
        kind = self._kind(shift, exact)
        within, apart = 1.0, dict[Key, float]()
        if kind == "factor":
            within = 1.0 if exact or self._spent.get((kind, shift), 0) >= RENT else NEAR
            apart = {key: max(key[1], shift) / min(key[1], shift) for key in self._kept if key[0] == kind and key[1] and shift}
        else:
            within = NEAR_MULTIGRID
            apart = {key: shift / key[1] for key in self._kept if key[0] == kind and key[1] and shift >= key[1]}
        own = (kind, shift)
        nearest = own if own in self._kept else min(apart, key=lambda key: apart[key], default=None)
        if nearest is None or (nearest != own and apart[nearest] > within):
            return self._new(kind, shift / AHEAD if kind == "grids" else shift)
        self._kept.move_to_end(nearest)
        return self._kept[nearest], None

    def _kind(self, shift: float, exact: bool) -> Kind:
        if self.direct and (exact or not self._iterates or ("factor", shift) in self._kept):
            return "factor"
        return "grids"

    def _new(self, kind: Kind, shift: float) -> tuple[Preconditioner, float | None]:
        gone = None
        spare = next((one for one in self._spare if one.kind == kind), None)
        if spare is None and len(self._kept) >= self._room:
            (was, old), first = self._kept.popitem(last=False)
            gone = old if was == "factor" else None
            if first.kind == kind:
                spare = first
                self._spare.append(first)
            else:
                first.close()
        if spare is not None:
            self._spare.remove(spare)
        elif kind == "factor":
            spare = take(self._where)
        if spare is None:
            found = Preconditioner(shift, self._matrix(shift, None), kind)
        else:
            found = spare
            self._matrix(shift, found.matrix)
            found.renew(shift)
        self._kept[kind, shift] = found
        self.made += 1
        return found, gone

    def count(self, shift: float, near: Preconditioner, iterations: int) -> None:
        """Remember what a solve took: whether a shift has earned its own factor, and multigrids their place."""
        key = (near.kind, shift)
        if near.kind == "factor":
            self._spent[key] = self._spent.get(key, 0) + iterations - 1
            return
        if self.direct:
            self._cycles += iterations
            self._by_cycles += 1
            self._iterates = self._cycles <= QUICK * max(self._by_cycles, TRIED)
