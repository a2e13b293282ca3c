"""Electrical loads of a case over its orbit, and the heat they bring to the parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.casefile.patterns import matching
from heliorack.model.body import Body
from heliorack.model.surroundings import shadow_of
from orbit.environment import Environment
from power.computing import compute as devices
from power.timeline import with_events
from thermal.heat import Category
from thermal.heater import Heater, duty, duty_piece, duty_slope, knee
from thermal.signal import Signal
from thermal.solve.ways import Feedback, Source

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Loads:
    """What the hardware draws, in one round of the coupled solve. `times` carry every jump of environment and load twice."""

    times: Floats  #: (n,) s over one period
    compute: Floats  #: (n, compute entries) electrical power of each entry [W]
    equipment: float  #: constant dissipation of parts, all together [W]
    heaters: Floats = field(default_factory=lambda: np.empty(0))  #: (n,) power of all heaters [W], from the last march
    efficiency: Floats = field(default_factory=lambda: np.ones(1))  #: (compute entries,) of the converters between bus and devices
    others: Mapping[str, Floats] = field(default_factory=dict)  #: by name, what else is drawn from the bus (n,) [W]
    whole: "Loads | None" = None  #: of a transient with an orbit: over all of its length; the rest is then its first revolution

    @property
    def marched(self) -> "Loads":
        """What the parts are heated by: over the whole of a transient, else over the period."""
        return self.whole or self

    def electrical(self) -> Floats:
        """Power asked of the bus over `times`, losses of converters included, platform base load not [W], shape (n,)."""
        heaters = self.heaters if self.heaters.size else np.zeros(len(self.times))
        return np.asarray((self.compute / self.efficiency).sum(axis=1) + self.equipment + heaters + sum(self.others.values()))

    def losses(self, entries: Sequence[int]) -> Floats:
        """Heat of the converters of some compute entries [W], (n, entries)."""
        return np.asarray(self.compute[:, entries] * (1 / self.efficiency[entries] - 1))


def electrical_loads(case: Case, body: Body, env: Environment | None) -> Loads:
    """Loads over the orbit, or over one second for a run without orbit.

    Raises:
        CaseError: a job schedule or a checkpoint does not fit into the orbit.
    """
    if env is None or case.run.kind != "transient":
        return _over(case, body, env, None)
    length = case.run.duration or (case.run.orbits or 0.0) * env.period
    return replace(_over(case, body, env, env.period), whole=_over(case, body, env, length))


def _over(case: Case, body: Body, env: Environment | None, length: float | None) -> Loads:
    """Loads over one period, or over `length` [s] of a transient with an orbit, in which profiles keep periods that the orbit has not."""
    period = env.period if env is not None else (case.run.duration or 1.0)
    times = env.times if env is not None else np.array([0.0, period])
    times = times if length is None else _repeated(times, period, length)
    orbit, shadow = (period if env is not None else None), shadow_of(env)
    for entry in case.compute:
        try:
            own = (
                devices.events(entry, period, shadow, periodic=orbit is not None)
                if length is None
                else devices.run_events(entry, length, period, shadow)
            )
        except ValueError as error:  # a schedule or a checkpoint that does not fit into the orbit
            raise CaseError(case.source, [Problem(f"compute.{entry.name}", NOTHING, str(error))]) from error
        times = with_events(times, own)
    power = np.zeros((len(times), len(case.compute)))
    for j, entry in enumerate(case.compute):
        count = devices_of(entry, body)
        power[:, j] = devices.electrical_power(entry, count, times, orbit, shadow, as_given=length is not None)
    efficiency = np.array([entry.supply_efficiency or 1.0 for entry in case.compute])
    return Loads(times, power, sum(solid.heat * solid.count for solid in body.solids), efficiency=efficiency)


def _repeated(times: Floats, period: float, length: float) -> Floats:
    """Times of one period, and of all that follow within a length [s]."""
    turns = np.arange(int(np.ceil(length / period - 1e-12)))
    every = np.concatenate([times[:1], *(n * period + times[1:] for n in turns)])
    return np.append(every[every < length * (1 - 1e-12)], length)


def devices_of(entry: devices.Compute, body: Body) -> int:
    """How many devices a compute entry stands for: every matched part, as often as it counts."""
    return sum(solid.count for solid in body.solids if solid.name in matching(entry.parts, body.assembly.part_names))


def events_of(loads: Loads, env: Environment | None) -> list[float]:
    """Times at which loads or sunlight may jump or kink, with both ends of the period [s]."""
    jumps = loads.times[1:][np.diff(loads.times) == 0]
    edges = env.edges % env.period if env is not None else np.empty(0)
    return merged([0.0, float(loads.times[-1])], [*map(float, jumps), *map(float, edges)])


def run_events_of(loads: Loads) -> list[float]:
    """Times of a transient at which what it draws may jump [s]; none where all of it repeats with the period."""
    return [] if loads.whole is None else [float(t) for t in loads.whole.times[1:][np.diff(loads.whole.times) == 0]]


def merged(fixed: Sequence[float], more: Sequence[float]) -> list[float]:
    """Times in order; of two closer than a millionth of the span only one stays, and the first and last of `fixed` always do."""
    first, last = fixed[0], fixed[-1]
    near = 1e-6 * (last - first)
    found = [first]
    for t in sorted([*fixed[1:-1], *more]):
        if found[-1] + near < t < last - near:
            found.append(t)
    return [*found, last]


def answers(entry: devices.Compute) -> bool:
    """Whether the power of a compute entry depends on its temperature; its heat is then a feedback, see `compute_devices`."""
    return entry.leakage is not None or entry.throttle is not None


def heat_sources(case: Case, body: Body, loads: Loads) -> list[Source]:
    """Compute and equipment heat: every watt drawn becomes heat, spread evenly over each part's volume.

    Compute entries that answer to temperature are not among them, nor are converters, which follow those.
    """
    from scipy.sparse import csr_matrix

    loads = loads.marched
    share = body.volumes @ np.diag(1 / body.part_volume)
    sources = []
    fixed = [j for j, entry in enumerate(case.compute) if not answers(entry)]
    if fixed:
        names = body.assembly.part_names
        spread = np.zeros((len(names), len(fixed)))
        for column, j in enumerate(fixed):
            parts = [names.index(name) for name in matching(case.compute[j].parts, names)]
            spread[parts, column] = body.count[parts] / body.count[parts].sum()
        signal = Signal(loads.times, loads.compute[:, fixed])
        sources.append(Source("compute", csr_matrix(share @ spread), signal, signal.total, Category.WITHIN))
    if loads.equipment:
        heat = np.array([[solid.heat * solid.count] for solid in body.solids])
        sources.append(Source("equipment", csr_matrix(share @ heat), lambda times: np.ones((len(times), 1)), None, Category.WITHIN))
    return sources


def spread_over(pattern: str, body: Body) -> Any:
    """One watt spread evenly over the volume of the parts that a pattern names, (owned, 1)."""
    from scipy.sparse import csr_matrix

    names = body.assembly.part_names
    parts = [names.index(name) for name in matching(pattern, names)]
    share = np.asarray(body.volumes[:, parts].sum(axis=1)) / body.part_volume[parts].sum()
    return csr_matrix(share.reshape(-1, 1))


def mean_over(pattern: str, body: Body, means: Floats) -> Floats:
    """Mean temperature by volume of the parts that a pattern names (s,) [K], from the means (s, groups) of a history."""
    names = body.assembly.part_names
    parts = [names.index(name) for name in matching(pattern, names)]
    volume = body.part_volume[parts]
    return np.asarray(means[:, parts] @ (volume / volume.sum()))


def heater_feedback(heater: Heater, body: Body) -> Feedback:
    """A thermostat heater as duty-averaged heat that depends on the mean temperature of what it heats."""
    from scipy.sparse import csr_matrix

    names = body.assembly.part_names
    parts = [names.index(name) for name in matching(heater.parts, names)]
    weights = body.volumes[:, parts].sum(axis=1) / body.part_volume[parts].sum()

    def rate(t: float, means: Floats) -> Floats:
        return heater.power * duty(heater, means)

    def gain(t: float, means: Floats) -> Floats:
        return heater.power * duty_slope(heater, means)

    def over(times: Floats, means: Floats) -> tuple[Floats, Floats]:
        return rate(0.0, means), gain(0.0, means)

    def pieces(piece: NDArray[np.int64], means: Floats) -> tuple[Floats, Floats]:
        on, slope = duty_piece(heater, piece, means)
        return heater.power * on, heater.power * slope

    def beyond(t: float, means: Floats) -> Floats:
        return means - np.array(knee(heater))[:, None]

    across = csr_matrix(np.asarray(weights).reshape(-1, 1))
    return Feedback("heaters", across, rate, gain, name=heater.name, over=over, beyond=beyond, pieces=pieces)
