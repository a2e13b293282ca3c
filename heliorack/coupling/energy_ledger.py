"""One ledger for the whole satellite: what it absorbs against what it radiates, stores as heat and as charge, and sends out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from thermal.heat import Category
from thermal.solve.ledger import Entry

CLOSURE_LIMIT = 1e-6  #: of the throughput; above it the run fails


@dataclass(frozen=True, slots=True)
class Satellite:
    """Mean flows over one orbit by name [W], into the satellite positive."""

    lines: dict[str, float]

    @property
    def throughput(self) -> float:
        """Half of the sum of all magnitudes [W]: what went in or out."""
        return 0.5 * sum(abs(flow) for flow in self.lines.values())

    @property
    def closure(self) -> float:
        """Sum of all lines over the throughput [-]; round-off and tolerance of the march when the books are right."""
        return abs(sum(self.lines.values())) / max(self.throughput, 1e-300)

    @property
    def closes(self) -> bool:
        """Whether the closure is within its limit."""
        return self.closure <= CLOSURE_LIMIT

    def summary(self) -> dict[str, Any]:
        """Figures for summary.json."""
        return {"lines_W": self.lines, "closure": self.closure, "limit": CLOSURE_LIMIT}


def satellite(heat: Iterable[Entry], stored: float, electric: Mapping[str, float], duration: float) -> Satellite:
    """The ledger of one orbit.

    Heat within the satellite, which the bus feeds or which feeds the bus, is neither gain nor loss. Sunlight counts as absorbed whether
    it becomes heat or electricity. What the thermal side says of electricity that becomes heat and what the bus says of it stand on two
    sides of the sum, so that it closes only where both are right.

    Args:
        heat: Heat into the meshed body by path.
        stored: Heat that it stores [J].
        electric: Energies that cross the satellite's border or stay in the battery [J], into the satellite positive.
        duration: Of the orbit [s].
    """
    lines: dict[str, float] = {}
    for entry in heat:
        if entry.category is Category.OUTSIDE:
            lines[entry.line] = lines.get(entry.line, 0.0) + entry.heat
        elif entry.category is Category.STORED:
            stored -= entry.heat
    lines |= {"stored_heat": -stored, **electric}
    return Satellite({name: q / duration for name, q in lines.items()})
