"""Loops of the [network] table: their pumps move them, their fluids are liquid or boil, and what happens at a time happens in the run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf, pi
from typing import Protocol

from heliorack.casefile.errors import NOTHING
from heliorack.casefile.messages import Fault, Location
from heliorack.casefile.paths import NAME
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.checks.cold_starts import starts
from heliorack.checks.context import Facts, tables
from thermal.network.tables import LoopTable, NetworkTable, PumpTable

NOT_THEN = 'belongs to run.kind = "transient"; elsewhere nothing happens at a time'
FASTEST = 100.0  # m/s; at it ten metres of 10 mm take 60 MPa
ALIKE_K = 1e-6  # K, by which two temperatures may differ
ALIKE = 0.05  # that two pressures may differ, as rounded numbers do
HEAVIEST = 2000.0  # kg/m3, of coolants
TOO_LATE = "would be after the transient, whose"


class Tube(Protocol):
    """A segment of a loop, as far as its flow is asked for."""

    @property
    def name(self) -> str:
        """Of the segment."""

    @property
    def diameter(self) -> float:
        """Inner [m]."""

    @property
    def tubes(self) -> int:
        """Side by side."""


def loops(facts: Facts, table: NetworkTable) -> Iterator[Fault]:
    """Pumps, and fluids that are liquid where the run starts."""
    run = facts.reading.built.get(("run",))
    transient = run is not None and run.kind == "transient"
    end = run.duration if transient and run is not None and run.duration is not None else inf
    for at, _, time in moments(table):
        if not transient:
            yield Fault(at, time, NOT_THEN + ("; failed = true has it lost from the start" if at[-1] == "fails_s" else ""))
        elif time >= end:
            yield Fault(at, time, f"{TOO_LATE} run.duration_s is {end:g}; leave it out, or make the run longer")
    for position, loop in enumerate(table.loops):
        at = ("network", "loops", position)
        if loop.pump is None:
            ends = f"its two ends are {loop.segments[0].name} and {loop.segments[-1].name}" if len(loop.segments) > 1 else "it has two ends"
            said = f"loop with no pump: nothing moves its fluid, and {ends}; give [network.loops.pump] with flow_kg_s or a curve"
            yield Fault((*at, "pump"), NOTHING, said)
            continue
        yield from _pump((*at, "pump"), loop.pump)
        if loop.pump.flow is not None and loop.pump.efficiency is not None:  # else the run says what the pump leaves out
            own = table.fluids.get(loop.fluid)
            flow = loop.pump.flow * (loop.pump.parallel - loop.pump.failed)
            yield from too_fast((*at, "pump", "flow_kg_s"), loop.pump.flow, flow, loop.segments, own.density if own else HEAVIEST)
        if loop.two_phase is not None:
            yield from _two_phase(at, loop, table)
            yield from _two_set_points(at, loop, facts)
            continue
        yield from _fluid(at, loop, table, facts.start)


def too_fast(at: Location, given: float, flow: float, segments: Sequence[Tube], density: float = HEAVIEST) -> Iterator[Fault]:
    """A flow that no tube of the path lets through as a liquid; branches share it and are not looked at."""
    whole = [one for one in segments if getattr(one, "branch", None) is None]
    if not whole:
        return
    narrow = min(whole, key=lambda one: one.tubes * one.diameter**2)
    speed = flow / (density * narrow.tubes * pi * narrow.diameter**2 / 4)
    if speed > FASTEST:
        said = f"is a liquid at {speed:.3g} m/s or more through {narrow.name}, where pumped ones have 1 to 10; kg/s are asked for, not g/s"
        yield Fault(at, given, f"{said}, and diameter_mm with tubes must let it through")


def moments(table: NetworkTable) -> Iterator[tuple[Location, str, float]]:
    """Everything that happens at a time: where that stands in the document, the name of what it happens to, and the time [s]."""
    for kind in ("heat_pipes", "heat_pumps"):
        for position, one in enumerate(getattr(table, kind)):
            if one.fails is not None:
                yield ("network", kind, position, "fails_s"), one.name, one.fails
    for position, tie in enumerate(table.radiative_conductors):
        if tie.deploys is not None:
            yield ("network", "radiative_conductors", position, "deploys_s"), str(position), tie.deploys
    for position, loop in enumerate(table.loops):
        for number, segment in enumerate(loop.segments):
            at: Location = ("network", "loops", position, "segments", number)
            if segment.fails is not None:
                yield (*at, "fails_s"), f"{loop.name}.{segment.name}", segment.fails
            if segment.radiates is not None and segment.radiates.deploys is not None:
                yield (*at, "radiates", "deploys_s"), f"{loop.name}.{segment.name}", segment.radiates.deploys
        pump = loop.pump
        for key, time in () if pump is None else (("stops_s", pump.stops), ("starts_s", pump.starts)):
            if time is not None:
                yield ("network", "loops", position, "pump", key), loop.name, time


def _pump(at: Location, pump: PumpTable) -> Iterator[Fault]:
    if pump.flow == 0.0:
        yield Fault((*at, "flow_kg_s"), 0.0, "no flow before any event; give a flow, and stops_s = 0 to start a transient at rest")
    if pump.curve_pressures and pump.curve_pressures[0] <= 0.0:
        yield Fault((*at, "curve_pressures_Pa"), list(pump.curve_pressures), "no flow before any event: a pump's curve must begin above 0")
    if pump.stops is not None and pump.stops == pump.starts:
        yield Fault((*at, "starts_s"), pump.starts, "is when it stops too; give another time, or leave both out")


def _fluid(at: Location, loop: LoopTable, table: NetworkTable, start: float) -> Iterator[Fault]:
    """The fluid is known, a liquid at its pressure, and has data where it starts."""
    if loop.fluid in table.fluids:
        if loop.fraction is not None:
            yield Fault((*at, "fraction"), loop.fraction, f"{loop.fluid} is a fluid of network.fluids, which is no solution")
        if loop.wets:
            said = f"nothing is known of what {loop.fluid} of network.fluids attacks; leave it out, or name a coolant"
            yield Fault((*at, "wets"), list(loop.wets), said)
        for end, _ in _range(loop):
            said = f"{loop.fluid} of network.fluids has the same properties at any temperature; its freezing_degC and boiling_degC end it"
            yield Fault((*at, end), NOTHING, said)
        return
    from thermal.fluid.coolant import coolant
    from thermal.fluid.table import liquid_ends, liquid_table
    from thermal.fluid.validity import FluidError, degrees

    try:
        fluid = coolant(loop.fluid, loop.fraction)
        if _range(loop):
            low, high = liquid_ends(fluid, loop.pressure)
            beyond = [(end, given) for end, given in _range(loop) if not low <= given <= high]
            for end, given in beyond:
                said = f"{fluid} at {loop.pressure / 1e5:.4g} bar is a liquid with data from {degrees(low)} to {degrees(high)}; stay within"
                yield Fault((*at, end), round(given - ZERO_CELSIUS, 6), said)
            if beyond:
                return
        liquid = liquid_table(fluid, loop.pressure, loop.data_from, loop.data_to)
    except FluidError as error:
        own = f"; or define [network.fluids.{loop.fluid}]" if "not known" in str(error) and NAME.fullmatch(loop.fluid) else ""
        own = " with data_to_degC" if "end it colder" in str(error) else own
        yield Fault((*at, "fluid"), loop.fluid, f"{error}{own}")
        return
    if loop.cold_start is not None and liquid.low > liquid.freezing + ALIKE_K and loop.data_from is not None:
        said = f"is above {degrees(liquid.freezing)}, where {fluid} freezes, and cold_start has it begin below that; leave one of them out"
        yield Fault((*at, "data_from_degC"), round(loop.data_from - ZERO_CELSIUS, 6), said)
    for key, begin in starts(loop, start):
        try:
            liquid.check(begin if loop.cold_start is None else max(begin, liquid.low))
        except FluidError as error:
            frozen = begin < liquid.freezing
            said = f"{error}; a loop that is meant to start frozen has cold_start = {{}}" if frozen else str(error)
            yield Fault((*at, *key), loop.fluid if key == ("fluid",) else round(begin - ZERO_CELSIUS, 6), said)


def _range(loop: LoopTable) -> list[tuple[str, float]]:
    """Ends that a case gives to the data of a coolant, by key [K]."""
    given = (("data_from_degC", loop.data_from), ("data_to_degC", loop.data_to))
    return [(key, value) for key, value in given if value is not None]


def _two_set_points(at: Location, loop: LoopTable, facts: Facts) -> Iterator[Fault]:
    """A pressure beside the set point of a loop that boils is the one at which it boils there."""
    from thermal.fluid.coolant import coolant
    from thermal.fluid.saturation import saturated
    from thermal.fluid.validity import FluidError

    given = tables(facts.document["network"], "loops")[int(at[2])].get("pressure_bar")
    point = None if loop.two_phase is None else loop.two_phase.set_point
    if given is None or point is None:
        return
    try:
        boils = float(saturated(coolant(loop.fluid, loop.fraction), temperature=point).pressure)
    except FluidError:
        return  # has words of its own
    if abs(loop.pressure / boils - 1) > ALIKE:
        said = f"and two_phase.set_point_degC both say at which pressure it boils, {boils / 1e5:.4g} bar by the latter; give one of them"
        yield Fault((*at, "pressure_bar"), given, said)


def _two_phase(at: Location, loop: LoopTable, table: NetworkTable) -> Iterator[Fault]:
    """A two-phase loop has a fluid that boils at its set point, and films that are given."""
    from thermal.fluid.coolant import coolant
    from thermal.fluid.validity import FluidError
    from thermal.network.loops.boiling import boiling_liquid

    assert loop.two_phase is not None
    if loop.fluid in table.fluids:
        yield Fault((*at, "fluid"), loop.fluid, "is a fluid of network.fluids, which does not boil; name a coolant, as ammonia")
        return
    try:
        boiling_liquid(coolant(loop.fluid, loop.fraction), loop.two_phase.set_point, loop.pressure)
    except FluidError as error:
        yield Fault((*at, "two_phase"), NOTHING, str(error))
    for key, _ in _range(loop):
        yield Fault((*at, key), NOTHING, "is for a liquid; the data of a fluid that boils are those of its saturation; leave it out")
    if loop.bypass is not None:
        yield Fault((*at, "bypass"), NOTHING, "holds a mixture by temperature, which does not move while the fluid boils; leave it out")
    for number, segment in enumerate(loop.segments):
        exchanges = any(one is not None for one in (segment.node, segment.faces, segment.radiates))
        if exchanges and segment.film is None and not segment.isothermal:
            said = "missing; films of a fluid that boils or condenses are not known here: give the coefficient, or isothermal for a panel"
            yield Fault((*at, "segments", number, "film_W_m2K"), NOTHING, said)
