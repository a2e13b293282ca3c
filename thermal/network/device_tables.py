"""Devices of the [network] table that carry heat from one end to the other: heat pipes and heat pumps. Values are SI."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from annotated_types import Ge, Gt, Interval

from thermal.fluid.pipes.pipe_limit import Fluid, PipeWick


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatPipe:
    """A conductor that carries no more than its limit at the temperature of its warmer end: by table, or by fluid and wick."""

    name: str
    between: tuple[str, str]  #: two nodes
    conductance: Annotated[float, "W_K", Gt(0)]  #: evaporator to condenser
    temperatures: Annotated[tuple[float, ...], "degC"] = ()  #: of its limit, rising; one alone is a limit that knows no temperature
    limit: Annotated[tuple[float, ...], "W"] = ()  #: greatest heat at each of them
    fluid: Fluid | None = None  #: with wick and effective_length_m, in place of temperatures and limit
    wick: PipeWick | None = None  #: numbers of the wick; without gravity
    effective_length: Annotated[float, "m", Gt(0)] | None = None  #: half of evaporator and condenser, and all between
    failed: bool = False  #: it carries nothing

    def __post_init__(self) -> None:
        by_wick = (self.fluid is not None, self.wick is not None, self.effective_length is not None)
        if any(by_wick) == bool(self.limit) or any(by_wick) != all(by_wick):
            raise ValueError("give temperatures_degC with limit_W, or fluid with wick and effective_length_m")
        if len(self.temperatures) != len(self.limit):
            raise ValueError(f"limit has {len(self.limit)} values for {len(self.temperatures)} temperatures; give one for each")
        if any(b <= a for a, b in pairwise(self.temperatures)):
            raise ValueError("temperatures must rise")
        if any(value < 0 for value in self.limit):
            raise ValueError("limit must not be below 0")


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
    hottest: Annotated[float, "degC", Gt(0)] | None = None
    failed: bool = False  #: it carries nothing

    def __post_init__(self) -> None:
        if (self.fraction_of_carnot is None) == (self.refrigerant is None):
            raise ValueError("give either fraction_of_carnot or refrigerant")
        if (self.refrigerant is None) != (self.isentropic_efficiency is None):
            raise ValueError("refrigerant and isentropic_efficiency go together")
        if self.refrigerant is None and (self.superheat or self.subcooling):
            raise ValueError("superheat_K and subcooling_K are of the cycle of a refrigerant")
        if self.hottest is not None and self.hottest <= self.evaporates:
            raise ValueError("hottest must be warmer than evaporates_degC, or there is no lift")
