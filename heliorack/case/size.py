"""The table [size] of a case file: what `heliorack size` may vary, what it makes least, and the margins that it keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import Ge, Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Vary:
    """What one key of the case may become: give from and to, or choices."""

    first: Annotated[float, "-"] | None = field(default=None, metadata={"key": "from"})  #: least value, in the unit of the key
    last: Annotated[float, "-"] | None = field(default=None, metadata={"key": "to"})  #: greatest value
    choices: tuple[object, ...] | None = None  #: the values themselves, anything that TOML can say; every combination is looked at
    also: tuple[str, ...] = ()  #: further keys of the case that take the same value

    def __post_init__(self) -> None:
        if (self.choices is None) == (self.first is None and self.last is None):
            raise ValueError("give from and to, or choices")
        if self.choices is not None:
            if self.first is not None or self.last is not None:
                raise ValueError("give from and to, or choices, not both")
            if not self.choices:
                raise ValueError("choices is empty; give the values that the key may have")
            return
        if self.first is None or self.last is None:
            raise ValueError(f"{'from' if self.first is None else 'to'} is missing; a range has two ends")
        if not self.first < self.last:
            raise ValueError(f"to must lie above from ({self.first:g})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What a unit of each thing counts; their sum is made least."""

    per_kg: Annotated[float, "-", Ge(0)] = 0.0  #: of the mass roll-up: meshed parts, array, battery, electronics
    per_array_m2: Annotated[float, "-", Ge(0)] = 0.0  #: of array, planform
    per_radiator_m2: Annotated[float, "-", Ge(0)] = 0.0  #: planform of the parts that are varied
    per_pack_Wh: Annotated[float, "-", Ge(0)] = 0.0  #: of the full new battery

    def __post_init__(self) -> None:
        if not any((self.per_kg, self.per_array_m2, self.per_radiator_m2, self.per_pack_Wh)):
            raise ValueError("all weights are 0: every design would be as good as any other")


Goal = Literal["mass", "area", "cost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Which keys `heliorack size` may vary, what it makes least, and the margins that it keeps."""

    #: mass (roll-up), area (planform of array and of varied parts), cost (by prices), or weights of your own
    minimise: Goal | Weights = "mass"
    prices: Weights | None = None  #: for cost: money per unit of each
    vary: dict[str, Vary] = field(default_factory=dict)  #: by key of the case, as in --set; the case's own value is the start
    per: dict[str, Annotated[float, Ge(0)]] = field(
        default_factory=dict
    )  #: by key of vary: what a unit of it (that of the key) counts besides, in kg where mass is made least; nodes and loops have no mass
    margin: Annotated[float, "K", Ge(0)] = 0.0  #: that every limit keeps, beyond the margins of [margins]
    margins: dict[str, Annotated[float, Ge(0)]] = field(default_factory=dict)  #: other margins [K], by name or pattern of what is limited
    solves: Annotated[int, "-", Ge(2)] = 40  #: solves on the sizing mesh, one a load case, that the search may take
    mesh_refine: Annotated[float, "-", Interval(ge=0.05, le=1)] = 0.4  #: the sizing mesh: times the mesh.refine of the case
    tolerance: Annotated[float, "K", Ge(1e-6)] = 0.1  #: of temperatures on it; the case's own where that is larger

    def __post_init__(self) -> None:
        if self.minimise == "cost" and self.prices is None:
            raise ValueError('prices is missing; minimise = "cost" needs [size.prices], such as per_kg and per_array_m2')
        if self.minimise != "cost" and self.prices is not None:
            raise ValueError('prices belongs to minimise = "cost"')

    @property
    def weights(self) -> Weights:
        """What is made least, as weights."""
        if isinstance(self.minimise, Weights):
            return self.minimise
        if self.minimise == "cost" and self.prices is not None:
            return self.prices
        return Weights(per_kg=1.0) if self.minimise == "mass" else Weights(per_array_m2=1.0, per_radiator_m2=1.0)
