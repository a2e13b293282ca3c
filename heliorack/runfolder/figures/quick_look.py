"""The lumped estimate that a search for a steady state began from, beside what the finite elements found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LumpFigures:
    """One part."""

    lumped_degC: float  #: as one temperature, in balance with nodes, fluids and other parts
    mean_degC: float  #: of the finite elements under the same loads, by heat capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickLookFigures:
    """Both under loads at their means over the orbit: what lies far apart conducts badly, or has a wrong unit or area."""

    parts: dict[str, LumpFigures]
    farthest: str  #: the part with the largest difference
    difference_K: float  #: of it, lumped less finite elements

    def words(self) -> str:
        """In a line.

        >>> rack = LumpFigures(lumped_degC=39.0, mean_degC=38.25)
        >>> QuickLookFigures(parts={"rack": rack}, farthest="rack", difference_K=0.75).words()
        'part rack mean 39.0 degC, finite elements 38.2 degC'
        """
        part = self.parts[self.farthest]
        of = f" (of {len(self.parts)} parts the farthest)" if len(self.parts) > 1 else ""
        return f"part {self.farthest} mean {part.lumped_degC:.1f} degC, finite elements {part.mean_degC:.1f} degC{of}"
