"""What a design counts: masses and areas that are known without a solve, and what a solve adds to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from heliorack.case.case import Case
from heliorack.case.size import Weights
from heliorack.results.mass_rollup import apart, mass_table
from heliorack.results.network_result import NetworkResult
from heliorack.results.result import Result
from heliorack.studies.sizing.variables import Space
from meshes.parts import all_solids, solids
from meshes.shapes.solid import Solid
from power.system.mass import ARRAY, BATTERY, MassTable
from power.system.result import PowerResult
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """Array or battery: as it was flown, and as meshed parts weigh that are the same thing."""

    size: float  #: m2 or J
    mass: float  #: kg of that size
    meshed: float  #: kg; 0 where no part is it


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a solve says of the mass of a design, for any size of array and battery."""

    rest: float  #: kg, all else; infinite where something has no size
    sized: dict[str, Sized]  #: by kind of the mass line
    load: float  #: W, mean electrical load; 0 without a bus
    area: float | None  #: m2 that was flown
    pack: float | None  #: J

    def mass(self, sizes: Sizes) -> float:
        """Mass of the roll-up [kg] with these sizes, and what was flown where one is None."""
        now = {ARRAY: sizes.area, BATTERY: sizes.pack}
        return self.rest + sum(max(s.mass * (now[kind] or s.size) / s.size, s.meshed) for kind, s in self.sized.items())

    def of_sizes(self, sizes: Sizes) -> float:
        """Mass of what is sized alone [kg]."""
        now = {ARRAY: sizes.area, BATTERY: sizes.pack}
        return sum(s.mass * (now[kind] or 0.0) / s.size for kind, s in self.sized.items())


def weighed(result: Result | NetworkResult) -> Weighed:
    """The masses of a solved design; nodes and loops have none."""
    power = result.power
    total = _table(result, power).total
    if power is None:
        return Weighed(rest=np.inf if total is None else total, sized={}, load=0.0, area=None, pack=None)
    flown = {ARRAY: power.array_area, BATTERY: power.pack_capacity}
    mine = {line.kind: line.mass for line in power.lines if flown.get(line.kind or "") and line.mass}
    bare = tuple(replace(line, mass=0.0) if line.kind in mine else line for line in power.lines)
    light = _table(result, replace(power, lines=bare))
    sized = {}
    for kind, mass in mine.items():
        meshed = sum(line.mass or 0.0 for line in light.lines if line.kind == kind)
        sized[str(kind)] = Sized(size=float(flown[str(kind)] or 0.0), mass=mass, meshed=meshed)
    rest = np.inf if light.total is None else light.total - sum(s.meshed for s in sized.values())
    balance = power.balance
    span = float(balance.times[-1] - balance.times[0])
    load = float(np.trapezoid(balance.load, balance.times)) / span if span > 0 else 0.0
    return Weighed(rest=rest, sized=sized, load=load, area=power.array_area, pack=power.pack_capacity)


def _table(result: Result | NetworkResult, power: PowerResult | None) -> MassTable:
    """The roll-up of a solved design with a power side."""
    return apart(power) if isinstance(result, NetworkResult) else mass_table(result.case, result.body, power)


def common(asked: Sequence[Sizes], space: Space) -> Sizes:
    """The least sizes that satisfy all load cases and the ranges of the table; None of what none asks for."""
    areas, packs = [one.area for one in asked if one.area is not None], [one.pack for one in asked if one.pack is not None]
    area = max((*areas, space.array[0])) if areas else None
    pack = max((*packs, space.pack[0] * WH)) if packs else None
    return Sizes(area, pack)
