"""What a design counts: masses and areas that are known without a solve, and what a solve adds to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from heliorack.case.case import Case
from heliorack.case.size import Weights
from heliorack.results.mass_rollup import mass_table
from heliorack.results.result import Result
from heliorack.studies.sizing.variables import Space
from meshes.parts import all_solids, solids
from meshes.shapes.solid import Solid
from power.system.mass import ARRAY, BATTERY
from power.system.settings import Sizes

WH = 3600.0  #: J


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What of a design is counted."""

    mass: float  #: kg, of the whole roll-up
    radiator: float  #: m2, planform of the parts that are varied
    array: float  #: m2, planform; 0 without one
    pack: float  #: Wh

    def counted(self, weights: Weights) -> float:
        """The objective."""
        w = weights
        return w.per_kg * self.mass + w.per_radiator_m2 * self.radiator + w.per_array_m2 * self.array + w.per_pack_Wh * self.pack


def varied_parts(space: Space) -> frozenset[str]:
    """Names of parts of which a number or a choice varies."""
    paths = [path for keys in (*(v.paths for v in space.variables), *(c.paths for c in space.choices)) for path in keys]
    return frozenset(path.split(".")[1] for path in paths if path.startswith("parts."))


def drawn_mass(case: Case) -> float:
    """Mass of all parts by their drawings [kg]; what is imported has no drawing here and counts when it is meshed."""
    drawn = (solid for solid in all_solids(case.parts) if solid.kind != "imported")
    return float(sum(solid.count * solid.volume * case.materials[solid.material].density for solid in drawn))


def planform(case: Case, names: frozenset[str]) -> float:
    """Area of the largest face of each of these parts [m2], together; of a composite part that of its largest solid."""
    return float(sum(max(map(_largest, solids(part)), default=0.0) for part in case.parts if part.name in names))


def _largest(solid: Solid) -> float:
    """Greatest section of a solid's box [m2], cavities and heat pipes inside not taken off."""
    if solid.kind == "imported":
        return 0.0
    first, second, _ = sorted(solid.size, reverse=True)
    return first * second


def whole_mass(result: Result, sizes: Sizes) -> float:
    """Mass of the roll-up [kg] with these sizes in place of those that were flown; infinite where something has no size."""
    power = result.power
    if power is not None:
        of = {ARRAY: (power.array_area, sizes.area), BATTERY: (power.pack_capacity, sizes.pack)}
        lines = []
        for line in power.lines:
            flown, now = of.get(line.kind or "", (None, None))
            scaled = line.mass is not None and flown is not None and now is not None and flown > 0
            lines.append(replace(line, mass=line.mass * now / flown) if scaled else line)  # type: ignore[operator]
        power = replace(power, lines=tuple(lines))
    total = mass_table(result.case, result.body, power).total
    return np.inf if total is None else total


def common(asked: Sequence[Sizes], space: Space) -> Sizes:
    """The least sizes that satisfy all load cases and the ranges of the table; None of what none asks for."""
    areas, packs = [one.area for one in asked if one.area is not None], [one.pack for one in asked if one.pack is not None]
    area = max((*areas, space.array[0])) if areas else None
    pack = max((*packs, space.pack[0] * WH)) if packs else None
    return Sizes(area, pack)
