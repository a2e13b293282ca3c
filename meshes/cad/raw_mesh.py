"""What a mesh file holds, whoever wrote it: points, blocks of cells of one kind, and the groups that cells belong to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from meshes.assembly import Floats, Ids
from meshes.cad.imported import Label


class ContentError(ValueError):
    """A file that can be read, but does not hold what is asked of it; the words follow its name."""


ALL = "all"  #: the one group of a file that tells none apart


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Cells of one kind, their corners first."""

    kind: str  #: as the file or the format calls it
    corners: int  #: 4, 5, 6 or 8 of a tetrahedron, pyramid, wedge or hexahedron; 0 for what has no volume
    nodes: Ids  #: (c, k) rows of `RawMesh.points`, nodes on edges and faces after the corners
    group: NDArray[np.int64]  #: (c,) index into `RawMesh.sets`


@dataclass(frozen=True, slots=True, eq=False)
class RawMesh:
    """A mesh file as it is."""

    points: Floats  #: (n, 3) in the file's unit
    number: Ids  #: (n,) what the file calls each point
    blocks: tuple[Block, ...]
    labels: tuple[Label, ...]  #: the groups
    sets: tuple[frozenset[int], ...]  #: groups, as indices into `labels`, that cells belong to together


def one_group() -> tuple[tuple[Label, ...], tuple[frozenset[int], ...]]:
    """Labels and sets of a file that tells no groups apart."""
    return (Label((ALL,)),), (frozenset({0}),)


Labels = tuple[Label, ...]
Groups = tuple[frozenset[int], ...]


def numbered(values: NDArray[np.int64], titles: Mapping[int, str] | None = None) -> tuple[Ids, Labels, Groups]:
    """Index into the sets for each cell, labels and sets, of cells (c,) that bear one number each; some numbers have titles."""
    named = titles or {}
    found, index = np.unique(values, return_inverse=True)
    labels = tuple(Label((named[v], str(v)) if v in named else (str(v),)) for v in found.tolist())
    return index.astype(np.int64), labels, tuple(frozenset({i}) for i in range(len(labels)))


def rows_of(numbers: Ids, wanted: Ids, where: str) -> Ids:
    """Rows of the points that bear some numbers.

    Raises:
        ValueError: a cell names a point that is not there, or two points bear one number.
    """
    order = np.argsort(numbers, kind="stable")
    ranked = numbers[order]
    twice = ranked[1:][ranked[1:] == ranked[:-1]]
    if len(twice):
        raise ValueError(f"{where}: two points bear the number {twice[0]}")
    at = np.minimum(np.searchsorted(ranked, wanted), max(len(ranked) - 1, 0))
    if not len(ranked) or (ranked[at] != wanted).any():
        lost = wanted.ravel()[0] if not len(ranked) else wanted[ranked[at] != wanted][0]
        raise ValueError(f"{where}: a cell names point {lost}, which the file does not define")
    return order[at].astype(np.int64)


class Sets:
    """Combinations of groups, numbered as they are met."""

    def __init__(self) -> None:
        self.index: dict[frozenset[int], int] = {}

    def of(self, groups: Sequence[int] | frozenset[int]) -> int:
        """Number of a combination."""
        return self.index.setdefault(frozenset(groups), len(self.index))

    @property
    def all(self) -> tuple[frozenset[int], ...]:
        """The combinations in the order of their numbers."""
        return tuple(self.index)
