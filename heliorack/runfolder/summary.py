"""summary.json of one run: every figure with its unit in the key."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from heliorack.runfolder import numbered
from heliorack.runfolder.figures.asked import AskedFigures
from heliorack.runfolder.figures.charge import ChargeFigures
from heliorack.runfolder.figures.coolant import HeatPumpFigures, PunctureFigures, TwoPhaseLoopFigures
from heliorack.runfolder.figures.mission import MissionFigures
from heliorack.runfolder.figures.network import NetworkFigures
from heliorack.runfolder.figures.quick_look import QuickLookFigures

NAME = "summary.json"
IDLE = "switch-on limit of"  #: a remark on one that was not judged begins so


@dataclass(frozen=True, slots=True, kw_only=True)
class Extremes:
    """Extremes of a part over the run, at any of its points."""

    min_degC: float
    max_degC: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFigures(Extremes):
    """One part."""

    mean_degC: float  #: over volume and run
    mass_kg: float | None  #: None of a node, which has a heat capacity and no mass
    mesh_max_K: float | None = None  #: what a finer mesh would add to the maximum, estimated; None where it was not
    mesh_min_K: float | None = None  #: and to the minimum


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitFigures:
    """One side of a limit on one part or face, judged."""

    on: str
    at: Literal["part", "face", "junction"]
    level: Literal["design", "acceptance", "qualification", "rating"]
    side: Literal["max", "min"]
    limit_degC: float  #: as the case gives it
    allowed_degC: float  #: less the margins of its level
    calculated_degC: float
    predicted_degC: float  #: with uncertainty
    note: str
    margin_K: float  #: negative where the limit is missed
    holds: bool
    mode: Literal["operating", "survival", "switch_on"] = "operating"  #: what the part did when the limit was judged
    error_K: float | None = None  #: of the calculated temperature by mesh, time, periodic state and rays, as far as known
    passed_s: float | None = None  #: of a transient: when it is first missed, the time left to act


@dataclass(frozen=True, slots=True, kw_only=True)
class PipeFigures:
    """A heat pipe against its transport limit."""

    part: str
    load_W_m: float
    limit_W_m: float
    holds: bool
    at_degC: float | None = None  #: of the pipe, where the limit goes with it


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermocoupleFigures:
    """Model minus measurement at a thermocouple."""

    name: str
    rows: int
    mean_K: float
    standard_deviation_K: float
    worst_K: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OrbitFigures:
    """The revolution; words for each figure at `orbit.environment.orbit_summary`."""

    period_s: float
    inclination_deg: float | None
    beta_deg: float | None
    eclipse_s: float
    eclipse_fraction: float
    edges_s: tuple[float, ...]
    umbra_s: float
    penumbra_s: float
    shadow_equivalent_s: float
    solar_W_m2: float
    albedo: float
    earth_ir_W_m2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRadiation:
    """No face sees another."""

    groups: int
    model: Literal["open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorClosure:
    """Worst row sum of view factors against 1, and worst reciprocity, before and after closing."""

    rows_before: float
    rows_after: float
    reciprocity_before: float
    reciprocity_after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RadiationReuse:
    """Poses and directions of the Sun that were traced for, and how many were known from earlier runs."""

    view_factors: int
    view_factors_reused: int
    sun_directions: int
    sun_directions_reused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRadiation:
    """Faces shade, see and heat one another."""

    model: Literal["exchange"]
    groups: int
    facets: int
    poses: int
    closure: FactorClosure
    standard_error: float
    group_error: float
    planet_error: float
    position_error: float | None = None  #: of interpolation between poses
    position_error_worst: float | None = None
    temperature_error_K: float
    view_factors: int
    view_factors_reused: int
    sun_directions: int
    sun_directions_reused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLaw:
    """Bookkeeping of all heat: parts of the throughput."""

    closure: float
    limit: float
    time_error: float
    throughput_J: float
    stored_J: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SatelliteLedger:
    """Mean flows of the whole satellite over one orbit, into it positive."""

    lines_W: dict[str, float]
    closure: float
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodicFigures:
    """How well the periodic state is one."""

    converged: bool
    orbits: int
    estimated_error_K: float
    time_bias_K: float
    change_per_orbit_K: float
    reduced_to: int | None = None  #: coordinates of the reduced model, whose error is in the estimate; None where all nodes were solved for


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeFigures:
    """Age of the battery at the end of its years."""

    law: str
    capacity: float  #: over new
    resistance: float | None  #: over new
    cycles: float
    warnings: tuple[str, ...]
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerFigures:
    """Sizes and balance; None of what there is not, since no array carries the load."""

    carries: bool
    array_area_m2: float | None
    array_sized: bool
    array_peak_W: float | None
    array_mean_drawn_W: float | None
    cells_max_degC: float | None
    load_mean_W: float
    load_peak_W: float
    pack_capacity_Wh: float | None
    pack_sized: bool
    depth_of_discharge: float | None
    min_state_of_charge: float | None
    unserved_Wh: float | None
    deficit_Wh: float | None
    undrawn_Wh: float | None
    bus_closure: float | None
    warnings: tuple[str, ...]
    life: LifeFigures | None
    asked: AskedFigures | None = None  #: where something is sized
    transient: ChargeFigures | None = None  #: of a transient with an orbit


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredFigures:
    """Compute that one entry delivers over an orbit, and what it takes from the bus."""

    device_hours: float
    asked_device_hours: float
    energy_Wh: float
    device_hours_per_kWh: float
    operations_FLOP: float | None
    operations_FLOP_per_kWh: float | None
    throttled_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeFigures:
    """Power of one entry; its loop gain where it answers to its temperature."""

    mean_W: float
    max_W: float
    slope_W_K: float | None = None
    resistance_K_W: float | None = None
    loop_gain: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchedDevice:
    """A thermostat or throttle marched exactly."""

    mean_degC: float
    min_degC: float
    max_degC: float
    drift_K: float
    duty: float
    switches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchingFigures:
    """Exact switching beside the periodic state."""

    periodic: bool
    complete: bool
    duration_s: float
    devices: dict[str, SwitchedDevice]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartsFigures:
    """Where a hot and a cold start end: extremes by part, or in words why there is no state."""

    agree: bool
    difference_K: float | None  #: None where only one of them ends in a state
    hot: str | dict[str, Extremes]
    cold: str | dict[str, Extremes]


@dataclass(frozen=True, slots=True, kw_only=True)
class MassLine:
    """One line of the mass roll-up; None of what is not known."""

    name: str
    mass_kg: float | None
    uncertainty_kg: float | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MassFigures:
    """The mass roll-up."""

    lines: tuple[MassLine, ...]
    total_kg: float | None
    uncertainty_kg: float | None
    without_uncertainty: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything that a run found, in figures."""

    title: str
    question: str
    case: str | None  #: load case
    kind: Literal["periodic", "transient", "steady"]
    holds: bool | None  #: None where nothing fails but no limit was given, or something is not known that would tell (`unjudged`)
    failures: tuple[str, ...]
    remarks: tuple[str, ...]
    parts: dict[str, PartFigures]
    limits: tuple[LimitFigures, ...]
    heat_pipes: tuple[PipeFigures, ...]
    thermocouples: tuple[ThermocoupleFigures, ...]
    orbit: OrbitFigures | None
    heat_W: dict[str, float]  #: mean flow into the body by path
    radiation: OpenRadiation | ExchangeRadiation
    first_law: FirstLaw
    satellite_ledger: SatelliteLedger | None  #: of periodic runs with power
    periodic: PeriodicFigures | None
    steps: int
    nodes: int
    cells: int
    power: PowerFigures | None
    delivered: dict[str, DeliveredFigures]
    compute: dict[str, ComputeFigures]
    switching: SwitchingFigures | None
    starts: StartsFigures | None
    mass_kg: dict[str, float | None]
    mass: MassFigures
    assumptions: tuple[str, ...]
    network: NetworkFigures | None = None  #: of a case of nodes and loops
    within_error: tuple[str, ...] = ()  #: limits that are kept by less than the error of the run
    unjudged: tuple[str, ...] = ()  #: what is not known that would tell whether it works, where limits are given
    two_phase_loops: dict[str, TwoPhaseLoopFigures] = field(default_factory=dict)  #: by name; without those that settle nowhere
    punctures: PunctureFigures | None = None  #: of cases that ask
    heat_pump: HeatPumpFigures | None = None  #: of cases that ask
    lumped_estimate: QuickLookFigures | None = None  #: of parts with a network whose steady state is sought from there
    mission: MissionFigures | None = None  #: where `run.years` asks for the life of the mission

    def json(self) -> dict[str, Any]:
        """Content of summary.json, its number first."""
        return numbered.numbered(self, NAME)

    def tightest(self) -> LimitFigures | None:
        """The limit with the least margin; None without limits."""
        return min(self.limits, key=lambda limit: limit.margin_K, default=None)


def read(run_dir: Path) -> Summary:
    """The figures of a run.

    Raises:
        FormatError: of a form that this version does not read, or damaged.
        OSError: there is no summary.
    """
    return numbered.read(Summary, run_dir / NAME)
