"""The [network] table of a case: lumped nodes, what ties them, coolant loops. Values are SI; the file's units stand in the types."""

from dataclasses import dataclass, field
from itertools import pairwise
from math import dist
from typing import Annotated

from annotated_types import Ge, Gt, Interval, MinLen

from thermal.fluid.exchanger import Arrangement
from thermal.fluid.film import Correlation as FilmCorrelation
from thermal.fluid.friction import Correlation as FrictionCorrelation
from thermal.network.devices.tables import HeatPipe, HeatPumpTable

LONGER = 1.01  #: of its length, that the path of a tube may be
SPACE = "space"  #: a node that every network has, unless it names one so itself: what its faces see beside the planet


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatOverTime:
    """Heat by a table, straight between its points; a time that stands twice is a jump."""

    times: Annotated[tuple[float, ...], "s", MinLen(2)]  #: rising from 0; a periodic run repeats them with its period
    heat: Annotated[tuple[float, ...], "W", MinLen(2)]  #: at these times; the last holds on

    def __post_init__(self) -> None:
        _check_table(self.times, self.heat, "heat")


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureOverTime:
    """A held temperature by a table, straight between its points; a time that stands twice is a jump."""

    times: Annotated[tuple[float, ...], "s", MinLen(2)]  #: rising from 0; a periodic run repeats them with its period
    temperature: Annotated[tuple[float, ...], "degC", Ge(0), MinLen(2)]  #: at these times; the last holds on

    def __post_init__(self) -> None:
        _check_table(self.times, self.temperature, "temperature")


@dataclass(frozen=True, slots=True, kw_only=True)
class Melting:
    """A node that melts and freezes at one temperature, by enthalpy."""

    at: Annotated[float, "degC", Gt(0)]  #: melting temperature
    latent: Annotated[float, "J", Gt(0)]  #: heat that melts all of it
    liquid_capacity: Annotated[float, "J_K", Gt(0)] | None = None  #: heat capacity of all of it when liquid; capacity_J_K when not given


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFace:
    """A plane face of a node in the light of the orbit, which no other shades; it radiates to space and planet."""

    area: Annotated[float, "m2", Gt(0)]  #: of this one side
    normal: tuple[float, float, float]  #: outward, in body axes
    coating: str  #: name of a coating

    def __post_init__(self) -> None:
        if not any(self.normal):
            raise ValueError("normal is a direction; its three numbers must not all be 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A lump of one temperature."""

    name: str
    capacity: Annotated[float, "J_K", Ge(0)] = 0.0  #: heat capacity; with 0 it balances its flows at every moment
    heat: Annotated[float, "W"] = 0.0  #: constant heat into it; beside [power] the bus carries it, as the heat of parts
    heat_over_time: HeatOverTime | None = None  #: further heat into it over time
    held: Annotated[float, "degC", Ge(0)] | None = None  #: a boundary node: it is held at this temperature
    held_over_time: TemperatureOverTime | None = None  #: a boundary node whose temperature changes over time; instead of held_degC
    start: Annotated[float, "degC", Ge(0)] | None = None  #: temperature that a transient starts from; run.start_degC when not given
    faces: tuple[NodeFace, ...] = ()  #: plane faces in the light of the orbit
    melting: Melting | None = None  #: phase change

    def __post_init__(self) -> None:
        if self.held is not None and self.held_over_time is not None:
            raise ValueError("held_over_time and held_degC both hold its temperature; keep one of the two")
        if self.is_held and (self.capacity or self.heat or self.heat_over_time or self.faces or self.melting):
            raise ValueError("held_degC or held_over_time makes it a boundary node, whose capacity, heat, faces and melting mean nothing")
        if self.melting is not None and not self.capacity:
            raise ValueError("melting needs capacity_J_K, the heat capacity of the solid")

    @property
    def is_held(self) -> bool:
        """Whether its temperature is prescribed."""
        return self.held is not None or self.held_over_time is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conductor:
    """Heat = conductance x difference of temperatures (GL); a strap, a joint, a film to a node of fluid."""

    between: tuple[str, str]  #: two nodes
    conductance: Annotated[float, "W_K"]  #: GL; below 0 in networks reduced from a mesh, which as a whole lead no heat from cold to hot

    def __post_init__(self) -> None:
        if self.conductance == 0:
            raise ValueError("conductance must not be 0; leave the conductor out")


@dataclass(frozen=True, slots=True, kw_only=True)
class LouverTable:
    """Blades before the first of two nodes, which turn with its temperature."""

    shut: Annotated[float, "m2", Ge(0)]  #: GR with shut blades; exchange_m2 is that with open ones
    shut_at: Annotated[float, "degC", Ge(0)]  #: up to which they are shut
    open_at: Annotated[float, "degC", Ge(0)]  #: from which on they are open; between the two they turn evenly

    def __post_init__(self) -> None:
        if self.open_at <= self.shut_at:
            raise ValueError("open_at must be warmer than shut_at_degC: blades open as what they cover warms up")


@dataclass(frozen=True, slots=True, kw_only=True)
class RadiativeConductor:
    """Heat = sigma x exchange x difference of the fourth powers of the temperatures (GR)."""

    between: tuple[str, str]  #: two nodes; "space" is what lies beside the planet
    exchange: Annotated[float, "m2", Gt(0)]  #: GR: area x emittance x view factor, with what is reflected
    deploys: Annotated[float, "s", Ge(0)] | None = None  #: of a transient: stowed until this time, and nothing before
    louver: LouverTable | None = None  #: blades before the first node; of faces of parts a coating with infrared_emittance_at says the same

    def __post_init__(self) -> None:
        if self.louver is not None and self.louver.shut >= self.exchange:
            raise ValueError("louver has shut_m2 of exchange_m2 or more: shut blades radiate less than open ones")
        if self.louver is not None and self.deploys is not None:
            raise ValueError("louver and deploys_s do not go together; give two radiative conductors")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFilm:
    """A film, pad or joint between a node and faces of parts; heat = conductance x area x difference from the mean of the faces."""

    node: str  #: a node
    faces: str  #: face name or pattern, as "plate:-z"; all of them together
    conductance: Annotated[float, "W_m2K", Gt(0)]  #: per free area of the faces


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeHeater:
    """A thermostat heater; its switching is marched exactly."""

    name: str
    node: str  #: that it heats
    sensor: str | None = None  #: node of its thermostat; the heated one when not given
    power: Annotated[float, "W", Gt(0)]  #: when on
    on_below: Annotated[float, "degC", Ge(0)]  #: switches on below this temperature
    off_above: Annotated[float, "degC", Ge(0)]  #: switches off above this temperature

    def __post_init__(self) -> None:
        if self.off_above <= self.on_below:
            raise ValueError("off_above must be warmer than on_below; give the thermostat a band of at least a few tenths of a kelvin")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulatorTable:
    """A heater whose power follows a regulator with a proportional, an integral and perhaps a derivative part."""

    name: str
    node: str  #: that it heats
    sensor: str | None = None  #: node that it measures; the heated one when not given
    power: Annotated[float, "W", Gt(0)]  #: greatest
    hold: Annotated[float, "degC", Gt(0)]  #: of its sensor
    gain: Annotated[float, "W_K", Gt(0)]  #: power for each kelvin below
    integral: Annotated[float, "s", Gt(0)]  #: in which the integral part takes over what the proportional one gives
    derivative: Annotated[float, "s", Gt(0)] | None = None  #: time ahead that the derivative part looks by the rate of the measurement
    filter: Annotated[float, "s", Gt(0)] | None = None  #: time constant by which the measurement is filtered for its rate

    def __post_init__(self) -> None:
        if self.derivative is not None and self.filter is None:
            raise ValueError("filter_s is missing: the rate of a measurement is that of a filtered one; a tenth of derivative_s is usual")
        if self.filter is not None and self.derivative is None:
            raise ValueError("filter_s filters the measurement for derivative_s, which is missing; give both or none")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFluid:
    """A liquid with properties that do not change."""

    density: Annotated[float, "kg_m3", Gt(0)]
    specific_heat: Annotated[float, "J_kgK", Gt(0)]
    conductivity: Annotated[float, "W_mK", Gt(0)] = 0.5  #: for films by correlation
    viscosity: Annotated[float, "Pa_s", Gt(0)] = 1e-3  #: for pressure drops and films by correlation
    freezing: Annotated[float, "degC", Ge(0)] | None = None  #: colder than this it is frozen; not looked at when not given
    boiling: Annotated[float, "degC", Ge(0)] | None = None  #: warmer than this it boils; not looked at when not given
    latent_heat: Annotated[float, "J_kg", Gt(0)] | None = None  #: that melts it at freezing_degC; of loops with cold_start
    solid_specific_heat: Annotated[float, "J_kgK", Gt(0)] | None = None  #: of the frozen fluid; the liquid's when not given
    solid_density: Annotated[float, "kg_m3", Gt(0)] | None = None  #: of the frozen fluid; below density_kg_m3 it may burst what holds it

    def __post_init__(self) -> None:
        for key in ("latent_heat", "solid_specific_heat", "solid_density"):
            if getattr(self, key) is not None and self.freezing is None:
                raise ValueError(f"{key} is of a fluid that freezes; give freezing_degC too")
        if self.freezing is not None and self.boiling is not None and self.boiling <= self.freezing:
            raise ValueError("boiling must be warmer than freezing_degC, or it is never a liquid")


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpTable:
    """A pump with a fixed flow or a curve, or several alike side by side; all of its power becomes heat of the fluid."""

    flow: Annotated[float, "kg_s", Ge(0)] | None = None  #: fixed
    curve_flows: Annotated[tuple[float, ...], "kg_s", Ge(0), MinLen(2)] = ()  #: of its curve, rising; instead of flow_kg_s
    curve_pressures: Annotated[tuple[float, ...], "Pa", Ge(0), MinLen(2)] = ()  #: at these flows, falling
    efficiency: Annotated[float, "-", Interval(gt=0, le=1)] | None = None  #: flow x pressure over power; without it the pump adds no heat
    stops: Annotated[float, "s", Ge(0)] | None = None  #: of a transient: it stops at this time, and the fluid comes to rest
    starts: Annotated[float, "s", Ge(0)] | None = None  #: it starts again at this time; it is at rest before where no stop comes first
    parallel: Annotated[int, "-", Ge(1)] = 1  #: pumps side by side, each with this flow or curve; one that stops is shut off
    failed: Annotated[int, "-", Ge(0)] = 0  #: of them, from the start; where all have the fluid rests, and takes heat by conduction alone

    def __post_init__(self) -> None:
        if (self.flow is None) == (not self.curve_flows):
            raise ValueError("give flow_kg_s, or curve_flows_kg_s with curve_pressures_Pa")
        if len(self.curve_flows) != len(self.curve_pressures):
            raise ValueError("curve_pressures needs one value for each of curve_flows_kg_s")
        if self.failed > self.parallel:
            raise ValueError(f"failed = {self.failed} is more than there are (parallel = {self.parallel})")
        pairs = list(zip(self.curve_flows, self.curve_flows[1:], self.curve_pressures, self.curve_pressures[1:], strict=False))
        if any(b <= a or d >= c for a, b, c, d in pairs):
            raise ValueError("curve_flows must rise and curve_pressures_Pa fall from point to point")


@dataclass(frozen=True, slots=True, kw_only=True)
class Radiates:
    """A tube on a panel that radiates along it."""

    emittance: Annotated[float, "-", Interval(gt=0, le=1)]  #: of the panel, times its fin efficiency where that is below 1
    perimeter: Annotated[float, "m", Gt(0)]  #: width that radiates, both faces counted
    to: str = SPACE  #: node that it radiates to
    absorbed: Annotated[float, "W_m2", Ge(0)] = 0.0  #: absorbed by the radiating area, from Sun and planet
    deploys: Annotated[float, "s", Ge(0)] | None = None  #: of a transient: stowed until this time, when it begins to radiate and to absorb


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentTable:
    """A tube, or several alike side by side, in the direction of flow."""

    name: str
    length: Annotated[float, "m", Gt(0)]
    diameter: Annotated[float, "mm", Interval(gt=0, le=10)]  #: inner, or hydraulic
    tubes: Annotated[int, "-", Ge(1)] = 1  #: side by side, dividing the flow evenly
    branch: str | None = None  #: segments that follow one another with names of branches lie side by side; those of one name in a row
    node: str | None = None  #: node of its wall
    faces: str | None = None  #: faces of parts that it runs on, by name or pattern as "plate:-z"; its wall, in place of a node
    #: direction of flow over these faces, in body axes: each of its cells has the strip of them that lies beside it; when not given every
    #: cell has all of them, as in a serpentine of many passes
    along: tuple[float, float, float] | None = None
    #: corners of its way, in body axes: with faces each of its cells has what of them lies nearest to it, however they bend; elsewhere for
    #: pictures beside [[parts]]; what runs on faces is drawn on them without
    path: Annotated[tuple[tuple[float, float, float], ...], "mm"] = ()
    film: Annotated[float, "W_m2K", Gt(0)] | None = None  #: to its wall or panel; by correlation when not given
    isothermal: bool = False  #: of what radiates: the panel has the temperature of the fluid
    radiates: Radiates | None = None  #: panel on it
    start: Annotated[float, "degC", Ge(0)] | None = None  #: of its fluid and panel, where a transient starts; its loop's when not given
    heat: Annotated[float, "W"] = 0.0  #: into the fluid, evenly along it; beside [power] the bus carries it
    roughness: Annotated[float, "um", Ge(0)] = 0.0  #: of its inside
    loss: Annotated[float, "-", Ge(0)] = 0.0  #: sum of the loss coefficients of its fittings
    friction: FrictionCorrelation = "colebrook"  #: where the flow is turbulent
    film_by: FilmCorrelation = "gnielinski"  #: where the flow is turbulent
    failed: bool = False  #: of a branch: it leaks from the start, and isolation valves shut its branch off, whose fluid rests
    fails: Annotated[float, "s", Ge(0)] | None = None  #: of a transient: from this time on
    entrance: bool = False  #: the flow develops from the segment's entrance, which raises its film by correlation; long tubes where not
    #: that it is cut into: an inlet step is delayed to 1/cells of its way; 150 when not given, and 12 on faces
    cells: Annotated[int, "-", Interval(ge=1, le=10000)] | None = None

    @property
    def count(self) -> int:
        """Of its cells."""
        return self.cells or (150 if self.faces is None else 12)

    def __post_init__(self) -> None:
        lost = "failed" if self.failed else "fails" if self.fails is not None else ""
        if lost and self.branch is None:
            raise ValueError(f"{lost} shuts a branch off: give it branch, and the branch others beside it")
        if self.node is not None and self.radiates is not None:
            raise ValueError("radiates and node both say where its wall is; give two segments")
        if self.faces is not None and (self.node is not None or self.radiates is not None):
            raise ValueError("faces say where its wall is, and so does node or radiates; give two segments")
        if self.along is not None and (self.faces is None or not any(self.along)):
            raise ValueError("along is the direction of flow over faces; it needs faces, and a number that is not 0")
        if self.along is not None and self.path:
            raise ValueError("path and along both say where on its faces it runs; keep one of the two")
        if len(self.path) == 1 or any(a == b for a, b in pairwise(self.path)):
            raise ValueError("path needs two corners or more, no two in a row alike")
        if self.path and sum(map(dist, self.path, self.path[1:])) > self.length * LONGER:
            raise ValueError(f"path is {sum(map(dist, self.path, self.path[1:])):.4g} m long, which is more than length_m")
        if self.isothermal and (self.radiates is None or self.film is not None):
            raise ValueError("isothermal is of a segment that radiates, without film_W_m2K")
        if self.roughness >= 0.5 * self.diameter:
            raise ValueError("roughness_um reaches the middle of its tube")


@dataclass(frozen=True, slots=True, kw_only=True)
class BypassTable:
    """A three-way valve that divides the flow over two branches so that their mixture has a temperature."""

    main: str  #: branch through what is passed by
    bypass: str  #: branch around it
    mixed: Annotated[float, "degC", Gt(0)]  #: temperature behind both, as far as it can
    least: Annotated[float, "-", Interval(ge=0, le=1)] = 0.0  #: part of the flow that always goes the main way


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoPhaseTable:
    """A loop whose fluid boils and condenses at the pressure that its accumulator keeps; quasi-steady, with the mass of a liquid."""

    set_point: Annotated[float, "degC", Ge(0)] | None = None  #: temperature at which it boils; where not given, that of pressure_bar
    max_quality: Annotated[float, "-", Interval(gt=0, le=1)] = 0.8  #: vapour per mass above which walls dry out, which fails the run
    subcooling: Annotated[float, "K", Ge(0)] = 2.0  #: below boiling that the pump needs at its inlet; with less the run fails


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdStart:
    """A loop whose fluid may be frozen where a transient starts: no branch flows before the last of its cells has thawed."""

    thawed_by: Annotated[float, "s", Gt(0)] | None = None  #: a limit: time by which a way all through the loop is to be open


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopTable:
    """A pumped liquid: closed through its pump, or an open run from a node that holds its inlet."""

    name: str
    fluid: str  #: of network.fluids, or a coolant by name, as water, ammonia, water_glycol, propylene_glycol, hfe_7100
    fraction: Annotated[float, "-", Interval(gt=0, lt=1)] | None = None  #: of a solution: mass of glycol per mass of it
    pressure: Annotated[float, "bar", Gt(0)] = 1e6  #: at the pump's inlet; of an open run at its inlet
    data_from: Annotated[float, "degC", Gt(0)] | None = None  #: coldest that a coolant's data are used at; the run fails colder than it
    data_to: Annotated[float, "degC", Gt(0)] | None = None  #: hottest, likewise; both within what is known of it
    pump: PumpTable | None = None  #: every loop and run needs one
    inlet: str | None = None  #: of an open run: boundary node with the temperature of its inlet
    segments: Annotated[tuple[SegmentTable, ...], MinLen(1)]  #: from the pump's outlet on, in the direction of flow
    bypass: BypassTable | None = None  #: temperature control
    two_phase: TwoPhaseTable | None = None  #: it boils; films are then to be given
    start: Annotated[float, "degC", Ge(0)] | None = None  #: of its fluid, where a transient starts; run.start_degC when not given
    cold_start: ColdStart | None = None  #: of a transient: it may start frozen, and thaws; {} is enough
    max_pressure: Annotated[float, "bar", Gt(0)] | None = None  #: above it the run fails
    wets: tuple[str, ...] = ()  #: materials that the fluid touches; one that it attacks is a warning

    def __post_init__(self) -> None:
        if self.data_from is not None and self.data_to is not None and self.data_to <= self.data_from:
            raise ValueError("data_to must be warmer than data_from_degC, or there is no range of temperatures between them")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangerTable:
    """A heat exchanger between two loops, by effectiveness and transfer units."""

    name: str
    between: tuple[str, str]  #: a segment of each loop, as "inner.exchanger"; it becomes one cell
    conductance: Annotated[float, "W_K", Gt(0)]  #: UA
    arrangement: Arrangement = "counter"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkTable:
    """Lumped nodes, conductors and coolant loops: alone, or in one system with the parts that films and loops touch."""

    nodes: tuple[Node, ...] = ()  #: lumps and boundary nodes
    conductors: tuple[Conductor, ...] = ()  #: GL
    radiative_conductors: tuple[RadiativeConductor, ...] = ()  #: GR
    films: tuple[NodeFilm, ...] = ()  #: to faces of parts
    heaters: tuple[NodeHeater, ...] = ()  #: with thermostats
    regulators: tuple[RegulatorTable, ...] = ()  #: heaters whose power follows a regulator
    heat_pipes: tuple[HeatPipe, ...] = ()  #: with limits
    heat_pumps: tuple[HeatPumpTable, ...] = ()  #: stages that lift heat from one node or loop to another
    loops: tuple[LoopTable, ...] = ()  #: single-phase
    exchangers: tuple[ExchangerTable, ...] = ()  #: between loops
    fluids: dict[str, OwnFluid] = field(default_factory=dict)  #: further liquids, to be named by loops
    period: Annotated[float, "s", Gt(0)] | None = None  #: of a periodic run without an orbit


def _check_table(times: tuple[float, ...], values: tuple[float, ...], name: str) -> None:
    """Refuse a table over time that is none."""
    if len(times) != len(values):
        raise ValueError(f"{name} has {len(values)} values for {len(times)} times; give one for each")
    if times[0] != 0.0:
        raise ValueError("times must begin at 0")
    if any(b < a for a, b in pairwise(times)):
        raise ValueError("times must not fall")
