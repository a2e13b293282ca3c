"""Figures of coolant loops: flow, temperature and pressure along them, and where correlations left their range."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.networks.built import BuiltNetwork
from heliorack.results import thaws
from heliorack.runfolder.figures.network import LoopFigures, SegmentProfile
from thermal.fluid.film import film
from thermal.fluid.friction import friction_factor
from thermal.fluid.table import LiquidTable
from thermal.network.flows import OUTSIDE, Instant
from thermal.network.loops.alarms import KINDS, Alarms, place, places, pressure_along
from thermal.network.loops.boiling import BoilingLiquid
from thermal.network.loops.hydraulics import flowing
from thermal.network.loops.liquid import FixedLiquid
from thermal.network.loops.loop import Loop
from thermal.network.loops.loop_flows import Film
from thermal.network.record import Record

Floats = NDArray[np.float64]

LOOKS = 200  #: moments at which flows are looked at
BAR = 1e5  #: Pa
OFF = 0.1  #: K that a valve may miss what it is to hold
BESIDE = 1e-6  #: of a flow, by which it may stand beside the ends of a curve without a word


def loops(built: BuiltNetwork, record: Record) -> dict[str, LoopFigures]:
    """Figures of every loop over a run."""
    net = built.network
    chosen = np.unique(np.linspace(0, len(record.times) - 1, LOOKS).astype(int))
    moments = [Instant(net, record.times[i], record.states[i]) for i in chosen]
    found = {}
    for name, loop in built.loops.items():
        moving = [flowing(loop, now) for now in moments]
        total = [float(one.branches[loop.sections[0]].sum()) for one in moving]
        times = np.array([now.t for now in moments])
        power = np.array([one.power for one in moving])
        span = float(times[-1] - times[0])
        pressure = pressure_along(loop, moments[-1], built.alarms[name].pressure)
        liquid = loop.liquid
        found[name] = LoopFigures(
            fluid=liquid.name,
            table_error=liquid.error if isinstance(liquid, LiquidTable) else None,
            flow_min_kg_s=min(total),
            flow_max_kg_s=max(total),
            min_degC=float(record.coldest[loop.rows[loop.filled]].min() - ZERO_CELSIUS),
            max_degC=float(record.hottest[loop.rows[loop.filled]].max() - ZERO_CELSIUS),
            pressure_drop_Pa=max(one.drop for one in moving),
            pressure_max_bar=float(pressure.max() / BAR),
            pump_W=float(np.trapezoid(power, times) / span) if span > 0 else float(power[-1]),
            pump_max_W=float(power.max()),
            opening=moving[-1].opening if loop.valve is not None else None,
            thaw=thaws.of_loop(loop, record),
            **_two_phase(built.alarms[name], moments),
            segments=_profiles(built, loop, moments[-1], pressure),
        )
    return found


def _two_phase(alarm: Alarms, moments: Sequence[Instant]) -> dict[str, Any]:
    """Figures of a two-phase loop; none of another."""
    loop, liquid = alarm.loop, alarm.loop.liquid
    if not isinstance(liquid, BoilingLiquid):
        return {}
    qualities = [loop.law.quality(now.y[loop.rows]) for now in moments]
    return {
        "set_point_degC": liquid.set_point - ZERO_CELSIUS,
        "quality_max": max(float(x.max()) for x in qualities if x is not None),
        "subcooling_K": None if loop.inlet != OUTSIDE else min(alarm.subcooling(now) for now in moments),
    }


def _profiles(built: BuiltNetwork, loop: Loop, now: Instant, pressure: Floats) -> dict[str, SegmentProfile]:
    """Segments at one moment."""
    moving, T = flowing(loop, now), now.T[loop.rows] - ZERO_CELSIUS
    reynolds, quality = _reynolds(loop, now), loop.law.quality(now.y[loop.rows])
    films = {one: one.coefficients(now) for one in built.network.flows if isinstance(one, Film) and one.contact.loop is loop}
    found, begins, after = {}, {}, 0.0
    for section in loop.sections:
        ends = []
        for b in section:
            way = after
            for number in np.unique(loop.segment[loop.branch == b]):
                begins[int(number)] = way
                way += loop.segments[number].length
            ends.append(way)
        after = max(ends)
    for number, segment in enumerate(loop.segments):
        cells = np.flatnonzero(loop.segment == number)
        along = begins[number] + segment.length * np.arange(1, len(cells) + 1) / len(cells)
        mine = [h for one, h in films.items() if loop.segment[one.contact.cells[0]] == number]
        found[segment.name] = SegmentProfile(
            branch=int(loop.branch[cells[0]]),
            path_m=tuple(along.tolist()),
            temperature_degC=tuple(T[cells].tolist()),
            pressure_bar=tuple((pressure[cells] / BAR).tolist()),
            flow_kg_s=float(moving.cells[cells[0]]),
            film_W_m2K=float(np.mean(mine[0])) if mine else None,
            reynolds=float(reynolds[cells].mean()),
            quality=None if quality is None else tuple(quality[cells].tolist()),
        )
    return found


def _reynolds(loop: Loop, now: Instant) -> Floats:
    """Of each cell [-]."""
    at = loop.liquid.at(now.T[loop.rows], beyond=True)
    area, diameter = loop.by_cell([s.free_area for s in loop.segments]), loop.by_cell([s.diameter for s in loop.segments])
    return np.asarray(flowing(loop, now).cells * diameter / (area * at.viscosity))


def remarks(built: BuiltNetwork, y: Floats) -> Iterator[str]:
    """Correlations outside the range that their sources state, with numbers, at some states."""
    now = Instant(built.network, 0.0, y)
    for name, loop in built.loops.items():
        reynolds = _reynolds(loop, now)
        at = loop.liquid.at(now.T[loop.rows], beyond=True)
        films = [f for f in built.network.flows if isinstance(f, Film) and f.contact.loop is loop and np.isnan(f.given).any()]
        by_film = {int(loop.segment[cell]) for f in films for cell in f.contact.cells}
        for number, segment in enumerate(loop.segments):
            cells = np.flatnonzero((loop.segment == number) & (reynolds > 0))
            if not len(cells):
                continue
            friction = friction_factor(reynolds[cells], segment.roughness / segment.diameter, segment.friction)
            said = [one.words() for one in friction.remarks]
            if number in by_film:
                said += [one.words() for one in film(reynolds[cells], at.prandtl[cells], segment.film).remarks]
            yield from (f"warning: loop {name}, {segment.name}: {words}" for words in said)


def valve_remarks(built: BuiltNetwork, y: Floats) -> Iterator[str]:
    """Three-way valves that stand at an end without the temperature that they are to hold, at some states."""
    now = Instant(built.network, 0.0, y)
    for name, loop in built.loops.items():
        valve = loop.valve
        if valve is None or float(flowing(loop, now).branches.max()) <= 0.0:
            continue
        main, bypass = (float(now.T[loop.rows[np.flatnonzero(loop.branch == b)[-1]]]) for b in (valve.main, valve.bypass))
        opening = flowing(loop, now).opening
        found = opening * main + (1 - opening) * bypass
        if abs(found - valve.mixed) > OFF:
            where = "all the main way" if opening > 0.5 else "around as far as it may"
            said = f"its valve sends the flow {where}, and the mixture has {found - ZERO_CELSIUS:.1f} degC"
            yield f"warning: loop {name}: {said} where {valve.mixed - ZERO_CELSIUS:.1f} degC is to be held"


def pump_remarks(built: BuiltNetwork, y: Floats) -> Iterator[str]:
    """Pumps that work beyond the points of their curve, at some states."""
    now = Instant(built.network, 0.0, y)
    for name, loop in built.loops.items():
        flow = float(flowing(loop, now).branches[loop.sections[0]].sum())
        if loop.pump.curve is None or flow <= 0.0:
            continue
        first, last = (float(end) for end in loop.pump.curve[0][[0, -1]])
        if not first * (1 - BESIDE) <= flow <= last * (1 + BESIDE):
            how = f"ends at {last:.4g} kg/s and goes on straight" if flow > last else f"begins at {first:.4g} kg/s and stays level below it"
            yield f"warning: loop {name}: its pump works at {flow:.4g} kg/s, where its curve {how}; give it a point there"


def standing_alarms(built: BuiltNetwork, y: Floats) -> Iterator[str]:
    """What of a steady state cannot be: fluids that are frozen or boil, or pressures beyond their limit."""
    now = Instant(built.network, 0.0, y)
    for name, alarm in built.alarms.items():
        T = alarm.temperatures(now)
        fresh = Alarms(alarm.loop, alarm.pressure, alarm.most, alarm.driest, alarm.subcooled)
        distance = fresh.distance(now)
        pressure = pressure_along(alarm.loop, now, alarm.pressure)
        cells = places(fresh, now)
        quality = alarm.loop.law.quality(now.y[alarm.loop.rows])
        wet = ("", "") if quality is None else (f"quality {quality.max():.3f}, {alarm.driest:g} allowed", _subcooled(fresh, now))
        extremes = [f"{end - ZERO_CELSIUS:.2f} degC" for end in (T.min(), T.max())]
        figures = (*extremes, f"{pressure.max() / BAR:.4g} bar", *wet, f"{T[cells[-1]] - ZERO_CELSIUS:.2f} degC, {data(alarm.loop)}")
        for i in np.flatnonzero(distance < 0):
            yield f"loop {name}: its fluid {KINDS[i]} at {place(alarm.loop, cells[i])}, at {figures[i]}"


def data(loop: Loop) -> str:
    """Between which temperatures the fluid of a loop has data, in words."""
    low, high = (end - ZERO_CELSIUS for end in loop.liquid.known)
    return f"known from {low:.2f} to {high:.2f} degC" if np.isfinite(high) else f"known from {low:.2f} degC on"


def unknown_ends(built: BuiltNetwork, record: Record) -> Iterator[str]:
    """Own fluids of which the case does not say where they freeze or boil, with what they reach."""
    for name, loop in built.loops.items():
        liquid = loop.liquid
        if not isinstance(liquid, FixedLiquid):
            continue
        filled = loop.rows[loop.filled]
        cold, hot = (float(end) - ZERO_CELSIUS for end in (record.coldest[filled].min(), record.hottest[filled].max()))
        ends = [] if liquid.freezing > 0.0 else [("freezing", f"the {cold:.1f} degC of its coldest place")]
        ends += [] if liquid.boiling is not None else [("boiling", f"the {hot:.1f} degC of its warmest place")]
        if ends:
            keys = " and ".join(f"{key}_degC" for key, _ in ends)
            reached = " and at ".join(there for _, there in ends)
            yield f"loop {name}: network.fluids.{liquid.name} has no {keys}, so nothing says whether it is a liquid at {reached}"


def _subcooled(alarm: Alarms, now: Instant) -> str:
    """Subcooling into the pump in words; none of an open run."""
    if alarm.loop.inlet != OUTSIDE:
        return ""
    below = alarm.subcooling(now)
    found = f"{below:.2f} K below boiling" if below >= 0 else "vapour goes into the pump"
    return f"{found}, {alarm.subcooled:g} K below boiling needed"
