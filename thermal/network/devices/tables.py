"""Devices of the [network] table that carry heat from one end to the other: heat pipes and heat pumps. Values are SI."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from annotated_types import Ge, Gt, Interval

from thermal.fluid.pipes.pipe_limit import Fluid, PipeWick


@dataclass(frozen=True, slots=True, kw_only=True)
class PipeLengths:
    """Where heat enters, passes and leaves: with them all limits of a wick are known, not the capillary one alone."""

    evaporator: Annotated[float, "m", Gt(0)]
    adiabatic: Annotated[float, "m", Ge(0)] = 0.0
    condenser: Annotated[float, "m", Gt(0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PipeGas:
    """Gas of a variable-conductance pipe with a flat front: the vapour leaves it more or less of the condenser."""

    condenser: Annotated[float, "m", Gt(0)]  #: length
    vapour_area: Annotated[float, "mm2", Gt(0)]  #: cross section
    volume: Annotated[float, "cm3", Gt(0)]  #: of the reservoir
    reservoir: str  #: node of the reservoir; the gas in the condenser has its temperature too
    open_at: Annotated[float, "degC", Gt(0)]  #: vapour temperature at which the whole condenser is open ...
    open_reservoir: Annotated[float, "degC", Gt(0)]  #: ... with the reservoir at this temperature; both say how much gas there is

    def __post_init__(self) -> None:
        if self.open_at <= self.open_reservoir:
            raise ValueError("open_at must be warmer than open_reservoir_degC, or there is no gas")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatPipe:
    """A heat pipe, up to its limit at the temperature of its warmer end; with gas of variable conductance, with a curve a loop heat pipe.

    Its law is one of conductance_W_K, exchange_m2 (with gas) and a curve; a curve or gas carries nothing backwards. Its limit is a table,
    or that of fluid and wick.
    """

    name: str
    between: tuple[str, str]  #: two nodes: evaporator and condenser
    conductance: Annotated[float, "W_K", Gt(0)] | None = None  #: evaporator to condenser; of one with gas when its condenser is open
    #: with gas: GR of the open condenser, area x emittance, which radiates at the vapour's temperature to the second node
    exchange: Annotated[float, "m2", Gt(0)] | None = None
    curve_heat: Annotated[tuple[float, ...], "W", Gt(0)] = ()  #: of a loop heat pipe's curve, rising
    curve_temperatures: Annotated[tuple[float, ...], "degC", Ge(0)] = ()  #: of its evaporator, rising, in place of curve_heat_W
    curve_conductance: Annotated[tuple[float, ...], "W_K", Gt(0)] = ()  #: at each of them
    starts: Annotated[float, "W", Ge(0)] = 0.0  #: least heat with which a loop heat pipe starts; less is a warning
    gas: PipeGas | None = None  #: of a variable-conductance pipe, with fluid
    temperatures: Annotated[tuple[float, ...], "degC", Ge(0)] = ()  #: of its limit, rising; one alone is a limit that knows no temperature
    limit: Annotated[tuple[float, ...], "W", Ge(0)] = ()  #: greatest heat at each of them
    fluid: Fluid | None = None  #: of the gas-loaded pipe; with wick and effective_length_m or lengths also its limit
    wick: PipeWick | None = None  #: numbers of the wick; without gravity
    effective_length: Annotated[float, "m", Gt(0)] | None = None  #: half of evaporator and condenser, and all between: the capillary limit
    lengths: PipeLengths | None = None  #: in place of it: the least of capillary, sonic, entrainment, boiling and viscous limit
    failed: bool = False  #: it carries nothing
    fails: Annotated[float, "s", Ge(0)] | None = None  #: of a transient: from this time on it carries nothing

    def __post_init__(self) -> None:
        if self.starts and not self.curve_heat:
            raise ValueError("starts is of a loop heat pipe's curve; give curve_heat_W with curve_conductance_W_K")
        ways = (self.conductance is not None, self.exchange is not None, bool(self.curve_conductance))
        if sum(ways) != 1:
            raise ValueError("give one of conductance_W_K, exchange_m2 and a curve")
        if self.exchange is not None and self.gas is None:
            raise ValueError("exchange_m2 is of a condenser with gas; give gas, or a radiative conductor behind the pipe")
        self._check_curve()
        by_wick = self.wick is not None
        if by_wick == bool(self.limit) and (by_wick or not (self.gas or self.curve_conductance)):
            raise ValueError("give temperatures_degC with limit_W, or fluid with wick and effective_length_m or lengths")
        if by_wick != ((self.effective_length is None) != (self.lengths is None)) or (by_wick and self.fluid is None):
            raise ValueError("fluid, wick and one of effective_length_m and lengths go together")
        if self.gas is not None and (self.fluid is None or self.curve_conductance):
            raise ValueError("gas needs the fluid of the pipe, and no curve")
        if self.fluid is not None and not by_wick and self.gas is None:
            raise ValueError("give temperatures_degC with limit_W, or fluid with wick and effective_length_m or lengths")
        self._check_limit()

    def _check_limit(self) -> None:
        if len(self.temperatures) != len(self.limit):
            raise ValueError(f"limit has {len(self.limit)} values for {len(self.temperatures)} temperatures; give one for each")
        if any(b <= a for a, b in pairwise(self.temperatures)):
            raise ValueError("temperatures must rise")

    def _check_curve(self) -> None:
        curve = (self.curve_heat, self.curve_temperatures)
        if not any(map(bool, curve)) and not self.curve_conductance:
            return
        if all(map(bool, curve)) or not self.curve_conductance or not any(map(bool, curve)):
            raise ValueError("a curve is curve_conductance_W_K with one of curve_heat_W and curve_temperatures_degC")
        over = self.curve_heat or self.curve_temperatures
        if len(over) != len(self.curve_conductance):
            raise ValueError(f"curve_conductance has {len(self.curve_conductance)} values for {len(over)} of its curve; give one for each")
        if any(b <= a for a, b in pairwise(over)):
            raise ValueError("a curve must rise from point to point")
        if any(b / h <= a / g for (a, g), (b, h) in pairwise(zip(self.curve_heat, self.curve_conductance, strict=False))):
            raise ValueError("curve_heat over curve_conductance must rise along the curve, or one difference would have two heats")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatPumpTable:
    """A stage that lifts heat: its compressor keeps the evaporating temperature, and its power is on the bus and in the hot end."""

    name: str
    between: tuple[str, str]  #: cold end and hot end: a node, or a segment of a loop as "inner.evaporator", which becomes one cell
    evaporates: Annotated[float, "degC", Gt(0)]  #: that its compressor keeps; where the cold end is no warmer it rests
    evaporator: Annotated[float, "W_K", Gt(0)]  #: UA between cold end and evaporator
    condenser: Annotated[float, "W_K", Gt(0)] | None = None  #: UA to the hot end; when not given it condenses at that end's temperature
    fraction_of_carnot: Annotated[float, "-", Interval(gt=0, le=1)] | None = None  #: that it reaches; or give refrigerant
    refrigerant: str | None = None  #: of its vapour-compression cycle: "r134a", "r1233zd(e)", "ammonia", ...
    isentropic_efficiency: Annotated[float, "-", Interval(gt=0, le=1)] | None = None  #: of its compressor, with refrigerant
    superheat: Annotated[float, "K", Ge(0)] = 0.0  #: of the vapour into the compressor, with refrigerant
    subcooling: Annotated[float, "K", Ge(0)] = 0.0  #: of the liquid before the throttle, with refrigerant
    most: Annotated[float, "W", Gt(0)] | None = None  #: greatest heat that it takes from the cold end; asked for more the run fails
    #: condensing temperature beyond which the run fails; 200 degC or 0.99 of the critical temperature when not given
    hottest: Annotated[float, "degC", Interval(gt=0, le=1273.15)] | None = None
    failed: bool = False  #: it carries nothing
    fails: Annotated[float, "s", Ge(0)] | None = None  #: of a transient: from this time on it carries nothing

    def __post_init__(self) -> None:
        if (self.fraction_of_carnot is None) == (self.refrigerant is None):
            raise ValueError("give either fraction_of_carnot or refrigerant")
        if (self.refrigerant is None) != (self.isentropic_efficiency is None):
            raise ValueError("refrigerant and isentropic_efficiency go together")
        if self.refrigerant is None and (self.superheat or self.subcooling):
            raise ValueError("superheat_K and subcooling_K are of the cycle of a refrigerant")
        if self.hottest is not None and self.hottest <= self.evaporates:
            raise ValueError("hottest must be warmer than evaporates_degC, or there is no lift")
