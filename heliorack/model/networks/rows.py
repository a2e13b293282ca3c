"""Rows of a network as they are named, one after another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True, eq=False)
class Rows:
    """Rows as they are named, one after another."""

    names: list[str] = field(default_factory=list)
    capacity: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)

    def add(self, name: str, capacity: float, start: float) -> int:
        """One more; its number."""
        self.names.append(name)
        self.capacity.append(capacity)
        self.start.append(start)
        return len(self.names) - 1


def ids(nodes: Mapping[str, int], names: Sequence[str]) -> NDArray[np.int64]:
    """Rows of nodes by name (n,)."""
    return np.array([nodes[name] for name in names], dtype=np.int64)
