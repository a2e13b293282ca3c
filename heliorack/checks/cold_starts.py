"""Loops of the [network] table that may start frozen, and where fluids of all loops start."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from heliorack.casefile.messages import Fault, Location
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.checks.context import Facts
from thermal.network.tables import LoopTable, NetworkTable

SAME = 1e-3  # K between the freezing point and where data begin


def starts(one: LoopTable, begin: float) -> Iterator[tuple[tuple[str | int, ...], float]]:
    """Temperatures that a loop's fluid starts from [K], each with its key within the loop; `begin` is that of the run."""
    own = begin if one.start is None else one.start
    if any(segment.start is None for segment in one.segments):
        yield ("fluid",) if one.start is None else ("start_degC",), own
    for number, segment in enumerate(one.segments):
        if segment.start is not None:
            yield ("segments", number, "start_degC"), segment.start


def cold_starts(facts: Facts, table: NetworkTable) -> Iterator[Fault]:
    """A cold start is that of a transient, of a liquid that is known from its freezing point on."""
    run = facts.reading.built.get(("run",))
    for position, loop in enumerate(table.loops):
        if loop.cold_start is None:
            continue
        at: Location = ("network", "loops", position, "cold_start")
        if run is None or run.kind != "transient":
            yield Fault(at, {}, 'belongs to run.kind = "transient": nothing thaws in a state that does not change or that repeats')
        elif loop.cold_start.thawed_by is not None and loop.cold_start.thawed_by > (run.duration or inf):
            said = f"is after the transient, whose run.duration_s is {run.duration:g}; make the run longer"
            yield Fault((*at, "thawed_by_s"), loop.cold_start.thawed_by, said)
        if loop.two_phase is not None:
            yield Fault(at, {}, "is of a loop whose fluid stays a liquid, and two_phase of one that boils; leave one of the two out")
            continue
        yield from _fluid(at, loop, table)
        yield from _inlet(at[:-1], loop, table)


def _inlet(at: Location, loop: LoopTable, table: NetworkTable) -> Iterator[Fault]:
    """What comes into an open run is a liquid."""
    held = next((node for node in table.nodes if node.name == loop.inlet), None)
    freezing = freezing_of(loop, table)
    if held is None or freezing is None:
        return
    coldest = min(held.held_over_time.temperature) if held.held_over_time is not None else held.held
    if coldest is not None and coldest < freezing:
        said = f"is held at {coldest - ZERO_CELSIUS:.2f} degC, where {loop.fluid} is frozen (freezes at {freezing - ZERO_CELSIUS:.2f} degC)"
        yield Fault((*at, "inlet"), loop.inlet, f"{said}; what comes in must be a liquid")


def freezing_of(loop: LoopTable, table: NetworkTable) -> float | None:
    """Freezing point of a loop's fluid [K]; None where it is not known, or there is no such fluid."""
    from thermal.fluid.coolant import coolant, ends
    from thermal.fluid.validity import FluidError

    own = table.fluids.get(loop.fluid)
    if own is not None:
        return own.freezing
    try:
        return ends(coolant(loop.fluid, loop.fraction)).freezing
    except FluidError:
        return None


def _fluid(at: Location, loop: LoopTable, table: NetworkTable) -> Iterator[Fault]:
    """Its freezing point is known, and its data begin there."""
    own = table.fluids.get(loop.fluid)
    if own is not None:
        if own.freezing is None:
            yield Fault(at, {}, f"needs network.fluids.{loop.fluid}.freezing_degC, the temperature at which it thaws")
        return
    from thermal.fluid.coolant import coolant, ends
    from thermal.fluid.validity import FluidError

    try:
        known = ends(coolant(loop.fluid, loop.fraction))
    except FluidError:
        return  # has words of its own
    if known.lowest > known.freezing + SAME:
        low, freezing = known.lowest - ZERO_CELSIUS, known.freezing - ZERO_CELSIUS
        yield Fault(at, {}, f"{loop.fluid} freezes at {freezing:.2f} degC, and its data begin at {low:.2f} degC only; take network.fluids")


def assumptions(table: NetworkTable) -> Iterator[str]:
    """What is taken of fluids that start frozen."""
    from thermal.fluid.coolant import coolant
    from thermal.fluid.fusion import Fusion, fusion
    from thermal.fluid.validity import FluidError

    for loop in table.loops:
        if loop.cold_start is None:
            continue
        own = table.fluids.get(loop.fluid)
        try:
            solid = (
                fusion(coolant(loop.fluid, loop.fraction))
                if own is None
                else Fusion(own.latent_heat, own.solid_specific_heat, own.solid_density, f"network.fluids.{loop.fluid}")
            )
        except FluidError:
            continue
        latent = "none known" if solid.latent is None else f"{solid.latent / 1e3:.4g} kJ/kg ({solid.source})"
        heat = "the liquid's, as no other is known" if solid.specific_heat is None else f"{solid.specific_heat:g} J/kgK"
        room = "" if solid.density is not None else "; how much room the solid takes is not known, nor what that does to its tubes"
        yield (
            f"loop {loop.name}: it may start frozen, its mass that of the liquid at its freezing point; a branch with frozen cells "
            f"does not flow, and its pump waits for an open way without drawing power; latent heat {latent}, specific heat of the solid "
            f"{heat}; films to what is frozen are those of the liquid at rest{room}"
        )
