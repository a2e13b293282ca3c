"""Compute devices whose power answers to their temperature: their heat in the model, their power on the bus, their junctions."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.patterns import matching
from heliorack.model.body import Body
from heliorack.model.loads import Loads, answers, devices_of
from heliorack.model.surroundings import shadow_of
from orbit.environment import Environment
from power.computing import compute as loading
from power.computing.compute import Compute, Demand
from power.computing.delivered import Delivered, delivered
from power.computing.response import Response, full_clock, respond
from thermal.signal import Signal
from thermal.solve.probes import History
from thermal.solve.ways import Feedback

Floats = NDArray[np.float64]

BEYOND = 100.0  #: leakage that is this many times the nominal power is no working point of any device
THROTTLED = 5e-4  #: of the time, above which it is worth a sentence
BRANCH = 1e-2  #: K kept from the temperature at which the steady power ends, where its slope is infinite


@dataclass(slots=True, eq=False)
class Devices:
    """The p parts of one compute entry with leakage or throttling, and what is asked of each device at `times`."""

    entry: Compute
    column: int  #: of the entry in `Loads.compute`
    parts: list[int]  #: parts of the assembly
    names: list[str]
    count: Floats  #: devices that each part stands for (p,)
    times: Floats  #: (n,) s
    asked: Demand  #: (n,)
    _signal: Signal = field(init=False)
    _ends: tuple[float, float] = field(init=False)  #: idle and peak power of one device [W]
    _last: tuple[tuple[float, bytes], Response] | None = None

    def __post_init__(self) -> None:
        used = self.asked.used
        low = used if self.entry.throttle is None else self.entry.throttle.low(used)
        both = Demand(np.concatenate([used, low]), np.concatenate([used, low]), np.tile(self.asked.prescribed, 2))
        self._ends = loading.ends(self.entry, both)
        self._signal = Signal(self.times, np.stack([used, self.asked.work, self.asked.prescribed], axis=1))

    def demand_at(self, t: float) -> Demand:
        """What is asked at a time that is not itself a jump; arrays (1,)."""
        used, work, prescribed = self._signal(t)
        return Demand(np.array([used]), np.array([work]), np.array([prescribed]))

    def nominal(self, asked: Demand, throttled: bool = False) -> Floats:
        """Power of one device [W] before leakage, shape of `asked`; nan where it is prescribed."""
        used = asked.used if self.entry.throttle is None or not throttled else self.entry.throttle.low(asked.used)
        idle, peak = self._ends
        return np.asarray(np.where(np.isnan(asked.prescribed), idle + used * (peak - idle), np.nan))

    def ceiling(self, asked: Demand) -> Floats:
        """Case temperature above which no steady power exists even at low clock [K], shape of `asked`; infinite without leakage.

        With P0 the nominal power, f the leaking part at junction temperature T0, q = ln 2 over the doubling and k = q theta_jc, the
        steady power ends where k P0 f exp(q (T - T0)) exp(k P0 (1 - f)) = 1/e. Leakage of `BEYOND` times the nominal power counts as
        no steady power too, since without theta_jc there is no such end.
        """
        leakage = self.entry.leakage
        if leakage is None or leakage.fraction == 0.0:
            return np.full(asked.used.shape, np.inf)
        q = np.log(2.0) / leakage.doubling
        k = q * (loading.resolve(self.entry).theta_jc or 0.0)
        nominal, f = self.nominal(asked, throttled=True), leakage.fraction
        highest = np.full(nominal.shape, leakage.at + np.log(BEYOND / f) / q)
        if k > 0.0:
            with np.errstate(divide="ignore", invalid="ignore"):
                end = leakage.at + (-1.0 - k * nominal * (1.0 - f) - np.log(k * nominal * f)) / q - BRANCH
            highest = np.fmin(highest, end)
        return np.asarray(np.where(np.isnan(nominal), np.inf, highest))

    def respond(self, asked: Demand, case: Floats, throttled: Any = None) -> Response:
        """Power of one device of each part; above the ceiling what it is at the ceiling. Shapes broadcast.

        Newton's method and trial steps look beyond any accepted state, so that nothing is raised there;
        see `thermal.solve.stability.runaway`.
        """
        highest = self.ceiling(asked)
        found = respond(self.entry, asked, np.minimum(case, highest), throttled)
        return replace(found, slope=np.where(case > highest, 0.0, found.slope))

    def at(self, t: float, means: Floats) -> Response:
        """The duty-averaged answer at time `t` with the parts at `means` (p,) [K]."""
        key = (t, means.tobytes())
        if self._last is None or self._last[0] != key:
            self._last = (key, self.respond(self.demand_at(t), means))
        return self._last[1]

    def with_power(self, factor: float) -> "Devices":
        """The same with every power before leakage, and every prescribed one, times a factor."""
        entry = self.entry
        known = loading.resolve(entry)
        peak, idle = (None if given is None else factor * given for given in (known.peak, known.idle))
        asked = replace(self.asked, prescribed=factor * self.asked.prescribed)
        return replace(self, entry=replace(entry, peak=peak, idle=idle), asked=asked, _last=None)

    def feedback(self, body: Body) -> Feedback:
        """Heat of the parts as a function of their mean temperatures, one signal per part."""
        from scipy.sparse import csr_matrix

        weights = csr_matrix(body.volumes[:, self.parts] @ np.diag(1 / body.part_volume[self.parts]))
        middles, widths = 0.5 * (self.times[1:] + self.times[:-1]), np.diff(self.times)
        real = widths > 0
        rows = np.round(np.array([self._signal(t) for t in middles[real]]), 12)
        kinds, which = np.unique(np.nan_to_num(rows, nan=-1.0), axis=0, return_inverse=True)
        share = np.bincount(which.ravel(), weights=widths[real]) / widths[real].sum()
        mean = Demand(kinds[:, :1], kinds[:, 1:2], np.where(kinds[:, 2:] < 0, np.nan, kinds[:, 2:]))
        highest = float(self.ceiling(self.asked).min())
        steady = Feedback(
            "compute",
            weights,
            lambda t, means: np.asarray(self.count * (share @ self.respond(mean, means).power)),
            lambda t, means: np.asarray(self.count * (share @ self.respond(mean, means).slope)),
            name=self.entry.name,
            members=tuple(self.names),
            ceiling=lambda t: highest,  # with the most that is ever asked for
        )
        return replace(
            steady,
            rate=lambda t, means: np.asarray(self.count * self.at(t, means).power),
            gain=lambda t, means: np.asarray(self.count * self.at(t, means).slope),
            mean=steady,
            ceiling=lambda t: float(self.ceiling(self.demand_at(t)).min()),
            over=self._along,
            beyond=None if self.entry.throttle is None else self._beyond,
        )

    def _beyond(self, t: float, means: Floats) -> Floats:
        """How far the parts are above the corners of the throttle's law at `t` (corners, p) [K]."""
        asked = self.demand_at(t)
        return full_clock(self.entry, self.nominal(asked), asked.prescribed, np.minimum(means, self.ceiling(asked))).above()

    def _along(self, times: Floats, means: Floats) -> tuple[Floats, Floats]:
        """Heat [W] and its slopes [W/K] (k, p) at times (k,) that are not jumps, with the parts at `means` (k, p) [K]."""
        used, work, prescribed = (column[:, None] for column in self._signal(times).T)
        found = self.respond(Demand(used, work, prescribed), means)
        return np.asarray(self.count * found.power), np.asarray(self.count * found.slope)

    def over(self, history: History) -> Response:
        """The answer over `times` to the recorded mean temperatures; arrays (n, p)."""
        a = self.asked
        column = Demand(a.used[:, None], a.work[:, None], a.prescribed[:, None])
        return self.respond(column, self.means(history))

    def means(self, history: History, times: Floats | None = None) -> Floats:
        """Recorded mean temperatures of the parts at `times`, its own when not given, (n, p) [K]."""
        at = self.times if times is None else times
        return np.stack([np.interp(at, history.times, history.mean[:, part]) for part in self.parts], axis=1)

    def rise(self, times: Floats, means: Floats) -> Floats:
        """Junction above case [K] at `times` with a part at `means`; at full clock while the device switches."""
        theta = loading.resolve(self.entry).theta_jc or 0.0
        full = replace(self, entry=replace(self.entry, throttle=None))
        found = []
        for t, T in zip(times, means, strict=True):
            asked, case = self.demand_at(float(t)), np.array([T])
            answer = self.respond(asked, case)
            found.append(theta * float((full.respond(asked, case) if answer.throttled[0] < 1.0 else answer).power[0]))
        return np.array(found)

    def mean_rise(self, mean: float) -> float:
        """The same with a part at `mean` [K] all the time, its mean over `times`, as a steady run takes power by its mean."""
        widths = np.diff(self.times)
        middles = (0.5 * (self.times[1:] + self.times[:-1]))[widths > 0]
        return float(widths[widths > 0] @ self.rise(middles, np.full(len(middles), mean)) / widths.sum())

    def delivered(self, history: History, orbit: float | None, shadow: tuple[float, float] | None) -> Delivered:
        """Compute delivered over `times` at the recorded temperatures."""
        highest = self.ceiling(self.asked)
        means = np.minimum(self.means(history), highest[:, None])
        found = [delivered(self.entry, int(n), self.times, orbit, shadow, means[:, i]) for i, n in enumerate(self.count)]
        return sum(found[1:], found[0])

    def throttled(self, history: History) -> str | None:
        """That devices do not run at the clock that is asked for at the recorded temperatures, in words; None where all do."""
        if self.entry.throttle is None:
            return None
        ends = np.unique(np.concatenate([self.times, history.times[(history.times > self.times[0]) & (history.times < self.times[-1])]]))
        times, widths = 0.5 * (ends[1:] + ends[:-1]), np.diff(ends)
        used, work, prescribed = (column[:, None] for column in self._signal(times).T)
        found = self.respond(Demand(used, work, prescribed), self.means(history, times))
        over = widths / widths.sum()
        share, left = (float(over @ each @ self.count / self.count.sum()) for each in (found.throttled, found.used))
        asked = float(over @ used[:, 0])
        if share <= THROTTLED:
            return None
        how_long = f"compute '{self.entry.name}' is throttled {100 * share:.3g} % of the time"
        return f"{how_long}: utilisation {left:.3g}, where {asked:.3g} is asked for"


def answering(case: Case, body: Body, env: Environment | None, loads: Loads) -> tuple[Devices, ...]:
    """The entries of a case with leakage or throttling."""
    orbit, names = (None if env is None else env.period), body.assembly.part_names
    found = []
    for j, entry in enumerate(case.compute):
        if answers(entry):
            parts = [names.index(name) for name in matching(entry.parts, names)]
            times = loads.marched.times
            asked = loading.demand(entry, times, orbit, shadow_of(env), as_given=loads.whole is not None)
            found.append(Devices(entry, j, parts, [names[i] for i in parts], body.count[parts], times, asked))
    return tuple(found)


def deliveries(
    case: Case, body: Body, devices: Sequence[Devices], times: Floats, history: History, env: Environment | None
) -> dict[str, Delivered]:
    """Compute delivered over one orbit by entry, `times` being those of the loads; empty without an orbit and for a transient."""
    if env is None or case.run.kind == "transient":
        return {}
    shadow, known = shadow_of(env), {d.column: d for d in devices}
    return {
        entry.name: known[j].delivered(history, env.period, shadow)
        if j in known
        else delivered(entry, devices_of(entry, body), times, env.period, shadow)
        for j, entry in enumerate(case.compute)
    }
