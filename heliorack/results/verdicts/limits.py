"""Findings of a run: limits judged, and heat pipes against their transport limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.case.margins import Limit, Verdict, judge
from heliorack.casefile.errors import listed
from heliorack.casefile.patterns import matching
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.coupling.electrical import PowerSide
from heliorack.model.body import Body
from heliorack.model.compute_devices import Devices
from heliorack.model.loads import Loads, answers
from heliorack.model.materials import over_temperature
from heliorack.model.open_faces import face_coatings
from heliorack.model.piped import carried
from heliorack.model.surfaces import emittance
from heliorack.model.surfaces.covered_boundaries import free_faces
from heliorack.results import end_of_life
from heliorack.results.device_figures import too_weak
from heliorack.results.verdicts import modes, pipe_doubt
from heliorack.results.verdicts.junctions import rises
from meshes.shapes.solid import INSULATED
from orbit.environment import Environment
from power.computing.compute import notes
from power.system.result import PowerResult
from thermal.heater import duty
from thermal.signal import Signal
from thermal.solve.probes import History
from thermal.solve.switching import Switching

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PipeLoad:
    """Heat times distance that a heat pipe carried when it came closest to its limit."""

    part: str
    load: float  #: W m
    limit: float  #: W m
    temperature: float | None = None  #: of the pipe then [K]; None: a limit that is taken at every temperature
    doubt: str | None = None  #: of a limit at every temperature: that the usual fluid has less than the load where the pipe is that warm

    @property
    def holds(self) -> bool:
        """True when the load keeps within the limit."""
        return self.load <= self.limit

    def words(self) -> str:
        """Load and limit."""
        at = "" if self.temperature is None else f" at {self.temperature - ZERO_CELSIUS:.1f} degC"
        return f"{self.part}: carries {self.load:.0f} W m, limit {self.limit:.0f} W m{at}"


def verdicts(
    case: Case, body: Body, loads: Loads, history: History, faces: list[str], devices: Sequence[Devices] = ()
) -> tuple[Verdict, ...]:
    """Every limit of the case judged on every part or face that it names; `faces` are the groups after the parts in `history`.

    Junctions are judged with the power at the temperature of their part, and at full clock while throttling switches.
    """
    names, places = tuple(body.assembly.part_names), tuple(body.assembly.face_names)
    loads = loads.marched
    found: list[Verdict] = []
    doing = modes.modes(case, body, loads)
    duties = _heater_duties(case, body, history)
    for limit in case.limits:
        for name in matching(limit.on, faces if limit.at == "face" else names):
            column = len(names) + faces.index(name) if limit.at == "face" else names.index(name)
            if limit.mode == "switch_on":
                starts = doing.rises.get(doing.part_of(limit, name))
                if starts is not None:
                    found += judge(limit, name, *_when_switched_on(limit, history, column, starts, loads), case.margins)
                continue
            held = modes.holding(limit, name, case, doing, names, places)
            if held is not None:
                cold, hot, note = _extremes(case, body, loads, history, held, column, devices)
                part = name.rpartition(":")[0] if limit.at == "face" else name
                found += judge(held, name, cold, hot, case.margins, note, duties.get(part))
    return tuple(found)


def weak_heaters(case: Case, body: Body, history: History) -> Iterator[str]:
    """Heaters that are on all through a steady or periodic state whose parts stay below their band."""
    names = tuple(body.assembly.part_names)
    for heater in case.heaters if case.run.kind != "transient" else ():
        parts = [names.index(name) for name in matching(heater.parts, names)]
        volumes = body.part_volume[parts]
        warmest = float((history.mean[:, parts] @ volumes / volumes.sum()).max())
        if warmest < heater.on_below:
            yield too_weak(heater.name, heater.parts, warmest, heater.on_below)


def _heater_duties(case: Case, body: Body, history: History) -> dict[str, float]:
    """Mean duty over the run of the heater that holds each part; of several the largest."""
    found: dict[str, float] = {}
    names = tuple(body.assembly.part_names)
    span = float(history.times[-1] - history.times[0])
    for heater in case.heaters:
        parts = [names.index(name) for name in matching(heater.parts, names)]
        volumes = body.part_volume[parts]
        on = duty(heater, history.mean[:, parts] @ volumes / volumes.sum())
        mean = float(np.trapezoid(on, history.times)) / span if span > 0 else float(on[0])
        for part in parts:
            found[names[part]] = max(mean, found.get(names[part], 0.0))
    return found


def _extremes(
    case: Case, body: Body, loads: Loads, history: History, limit: Limit, column: int, devices: Sequence[Devices]
) -> tuple[float, float, str]:
    """Coldest and hottest [K] of a group of the history where the limit is measured, and a note."""
    if limit.at == "face":
        return *history.mean_span(column), ""
    cold, hot = float(history.coldest[column]), float(history.hottest[column])
    if limit.at == "part":
        return cold, hot, ""
    found = [float((history.high[:, column] + rise.over).max()) for rise in rises(case, body, loads, history, column, devices)]
    return cold, max([hot, *found]), "" if found else "case, not junction"


def _when_switched_on(limit: Limit, history: History, column: int, starts: Floats, loads: Loads) -> tuple[float, float]:
    """Coldest and hottest [K] at the moments at which the part is switched on."""
    times = modes.switch_on_times(starts, float(loads.times[-1]), float(history.times[-1]))
    low, high = (history.mean, history.mean) if limit.at == "face" else (history.low, history.high)
    cold, hot = (np.interp(times, history.times, values[:, column]) for values in (low, high))
    return float(cold.min()), float(hot.max())


def pipe_loads(case: Case, body: Body, history: History) -> tuple[PipeLoad, ...]:
    """Load of every part that carries a transport limit, at the step in which it is the greatest part of the limit.

    A limit by temperature is taken at the mean of the pipe's vertices, the temperature of its vapour as far as the solid knows. What
    a reduced model found is known at the kept frames alone.
    """
    by_temperature = {name: one for one in case.pipe_limits for name in matching(one.parts, body.assembly.part_names)}
    look = carried(case, body)
    if look is None:
        return ()
    watched = np.array([look(T) for T in history.fields]) if history.watched is None else history.watched
    pipes = [(solid.name, solid.transport_limit) for solid in body.solids if solid.transport_limit is not None]
    found = []
    for i, (name, most) in enumerate(pipes):
        loads, mean = watched[:, i].tolist(), watched[:, len(pipes) + i].tolist()
        if name not in by_temperature:
            found.append(PipeLoad(name, max(loads), most, doubt=pipe_doubt.by_temperature(loads, mean, most)))
            continue
        limits = by_temperature[name].capacity(mean, most)
        worst = int(np.argmax(np.array(loads) / limits))
        found.append(PipeLoad(name, loads[worst], float(limits[worst]), mean[worst]))
    return tuple(found)


def limit_faces(case: Case, body: Body) -> list[str]:
    """Faces whose mean temperature a limit asks for: of those that it names, what other parts do not cover whole."""
    some = free_faces(body.assembly, body.free) if any(limit.at == "face" for limit in case.limits) else ()
    return list(dict.fromkeys(name for limit in case.limits if limit.at == "face" for name in matching(limit.on, some)))


def assumptions(
    case: Case,
    body: Body,
    loads: Loads,
    env: Environment | None,
    side: PowerSide | None,
    power: PowerResult | None,
    optics: tuple[str, ...],
    switching: Switching | None = None,
) -> tuple[str, ...]:
    """What a run leaves out or takes for granted, one sentence each."""
    said = [*case.assumptions, *body.assembly.assumptions]
    if case.margins.preset is not None and case.limits:
        said.append(case.margins.words())
    said += optics
    said += end_of_life.figures(case, end_of_life.worn(case, body))
    said += over_temperature.sentences(body.assembly.part_material, case.materials)
    said += emittance.sentences(case, body)
    if case.tracking:
        said.append("tracking: conduction between parts that turn and the others is that of the stated position")
    marched = "the switching itself is not marched" if switching is None else "the switching itself is marched beside it"
    if case.heaters:
        said.append(f"heaters: thermostats by their duty-averaged law; {marched}")
    if any(entry.throttle is not None for entry in case.compute):
        said.append(f"throttles: by their duty-averaged law, also for bus and delivered compute; {marched}")
    said += _pipe_sentences(case, body)
    insulated = [name for name, coating in zip(body.assembly.face_names, face_coatings(body), strict=True) if coating == INSULATED]
    free = [name for name in insulated if body.face_area[body.assembly.face_names.index(name)] > 0]
    if free:
        said.append(f"insulated faces exchange nothing: {len(free)} faces, {_area(body, free):.4g} m2")
    said += env.assumptions if env is not None else ("no orbit: nothing falls on the faces",)
    for entry in case.compute:
        said += notes(entry, env.period if env is not None and case.run.kind != "transient" else None)
    if side is not None and case.run.kind == "transient" and any(answers(entry) for entry in case.compute):
        said.append("bus: in a transient it sees compute power without leakage and throttling; the heat of the parts has both")
    if side is not None and loads.whole is not None and not _repeats(loads, loads.whole):
        said.append("bus: in a transient it sees the loads of the first revolution; the heat of the parts is that of the whole run")
    said += modes.sentences(case, modes.modes(case, body, loads.marched), tuple(body.assembly.part_names))
    if side is not None:
        said += [*side.assumptions(), *(power.assumptions if power else ())]
    return tuple(dict.fromkeys(said))


def _pipe_sentences(case: Case, body: Body) -> Iterator[str]:
    """How the limits of heat pipes go with temperature."""
    named = {name for one in case.pipe_limits for name in matching(one.parts, body.assembly.part_names)}
    constant = [solid.name for solid in body.solids if solid.transport_limit is not None and solid.name not in named]
    if constant:
        yield f"heat pipes: one limit at every temperature, not in [[pipe_limits]]: {listed(constant, 'and', most=6)}"
    for one in case.pipe_limits:
        if one.measured_at is not None:
            yield f"heat pipes: limits of {one.parts} go with the merit number of {one.fluid}, without the drop of the vapour"


def _repeats(period: Loads, whole: Loads) -> bool:
    """Whether the loads of a whole run are those of its first period again and again."""
    middles = 0.5 * (whole.times[1:] + whole.times[:-1])
    again = Signal(period.times, period.compute)(middles)
    return bool(np.allclose(again, Signal(whole.times, whole.compute)(middles), rtol=1e-6, atol=1e-9))


def _area(body: Body, faces: list[str]) -> float:
    return float(sum(body.face_area[body.assembly.face_names.index(name)] for name in faces))
