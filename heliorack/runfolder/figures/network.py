"""Figures of nodes and loops in summary.json: segments, loops, heaters, heat pipes, heat pumps, events."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentProfile:
    """A segment of a loop at the end of the run, cell by cell."""

    branch: int  #: number among the loop's branches
    path_m: tuple[float, ...]  #: from the loop's beginning along its branch to the end of each cell
    temperature_degC: tuple[float, ...]
    pressure_bar: tuple[float, ...]
    flow_kg_s: float
    film_W_m2K: float | None  #: mean over its cells; None where it exchanges through none
    reynolds: float  #: of a liquid
    quality: tuple[float, ...] | None = None  #: vapour per mass of a two-phase loop; below 0 liquid


@dataclass(frozen=True, slots=True, kw_only=True)
class ThawFigures:
    """A loop that may start frozen."""

    thawed_s: float | None  #: when a way all through it was first open; None: never in this run
    branches_s: dict[str, float]  #: by segments: when each branch that was frozen at the start was first open
    solid_at_start: float  #: part of its mass
    solid_at_end: float
    to_thaw_J: float  #: that its frozen cells are short of liquid at the end
    mass_kg: float
    latent_J_kg: float | None
    source: str  #: of the latent heat

    @property
    def words(self) -> str:
        """In a line."""
        began = f"{100 * self.solid_at_start:.3g} % of its {self.mass_kg:.3g} kg frozen at the start"
        left = f"{100 * self.solid_at_end:.3g} % at the end, {self.to_thaw_J / 1e3:.4g} kJ short of liquid"
        if self.thawed_s is None:
            return f"{began}, NOT THAWED: {left}"
        return f"{began}, flows from t = {self.thawed_s:.6g} s on" + (f"; {left}" if self.to_thaw_J > 0.0 else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopFigures:
    """A coolant loop over the run."""

    fluid: str
    table_error: float | None  #: largest relative error of its tabulated properties; None of properties that do not change
    flow_min_kg_s: float
    flow_max_kg_s: float
    min_degC: float
    max_degC: float
    pressure_drop_Pa: float  #: greatest
    pressure_max_bar: float  #: at the end of the run
    pump_W: float  #: mean
    pump_max_W: float
    set_point_degC: float | None = None  #: of a two-phase loop
    quality_max: float | None = None  #: greatest
    subcooling_K: float | None = None  #: least into the pump, by enthalpy; None of an open run
    opening: float | None  #: of its valve at the end, part of the flow that goes the main way
    thaw: ThawFigures | None = None  #: of a loop that may start frozen
    segments: dict[str, SegmentProfile]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeHeaterFigures:
    """A thermostat heater over the run."""

    mean_W: float
    duty: float
    switches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEvent:
    """Something that happened of itself."""

    time_s: float
    name: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePipeFigures:
    """A heat pipe at the moment at which it was closest to its limit at its temperature."""

    asked_W: float  #: what it would carry without limit
    limit_W: float | None  #: None where the case gives none
    at_degC: float  #: of its warmer end
    holds: bool
    governs: str | None = None  #: limit of its wick that is the least there
    open_part: tuple[float, float] | None = None  #: of a condenser with gas that is open, least and greatest over the run


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatPumpStageFigures:
    """A heat pump of a network over the run."""

    heat_W: float  #: mean, taken from its cold end
    compressor_W: float  #: mean
    compressor_max_W: float
    cop: float | None  #: heat from the cold end per work, of both means; None where it does no work
    evaporates_degC: float
    condenses_max_degC: float
    hottest_degC: float  #: that it may condense at
    asked_max_W: float  #: greatest heat that its cold end would have given
    limit_W: float | None  #: greatest heat that it takes
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFigures:
    """What a network has beside its nodes."""

    flows_W: dict[str, float]  #: mean heat by every tie and loop: "a - b" from a to b, "~" by radiation
    loops: dict[str, LoopFigures]
    heaters: dict[str, NodeHeaterFigures]
    heat_pipes: dict[str, NodePipeFigures]
    heat_pumps: dict[str, HeatPumpStageFigures] = field(default_factory=dict)
    molten: dict[str, float]  #: part of each melting node that is liquid at the end
    events: tuple[NetworkEvent, ...]  #: thermostats, phases and alarms, the first of them
    events_in_all: int
