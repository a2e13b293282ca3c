"""Participants that draw power as temperatures ask for it: compute and thermostat heaters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heliorack.coupling.coupled import Flows, Outlet, Round
from heliorack.model.body import Body
from heliorack.model.compute_devices import Devices
from heliorack.model.loads import Loads, mean_over, spread_over
from heliorack.model.networks.built import BuiltNetwork
from power.computing.compute import Compute
from thermal.heater import Heater, duty
from thermal.network.attached import Attached
from thermal.signal import Signal
from thermal.solve.ledger import DRAWS
from thermal.solve.probes import History

Floats = NDArray[np.float64]

DRIFTED = 1e-3  #: relative change of what pumps draw below which it counts as settled
SETTLED = 1e-4  #: relative change of a load below which it counts as settled


@dataclass(frozen=True, slots=True, eq=False)
class Computing:
    """Compute entries. Their own heat is in the model as sources and feedbacks; here is what they draw, and the heat of their converters.

    Once an orbit is marched, the energy of what answers to temperature is that of the march's own ledger, its course as recorded.
    """

    entries: Sequence[Compute]
    answering: tuple[Devices, ...]  #: those with leakage or throttling
    body: Body
    followed: bool  #: whether something else in the solve depends on what they draw
    name: str = "compute"

    def outlets(self) -> list[Outlet]:
        """Converters whose parts the case names."""
        named = [(entry.name, entry.supply_part) for entry in self.entries if entry.supply_part is not None]
        return [Outlet(name, "converters", spread_over(part, self.body)) for name, part in named]

    def respond(self, now: Round) -> Flows:
        """Power at the recorded temperatures."""
        if now.orbit is None:
            return Flows(now.loads, self._converted(now.loads), memory=now.memory)
        books = now.orbit.books
        power, compute = self.drawn(now.loads, now.orbit.history, None if books is None else books.heat("compute"))
        before = now.memory or {}
        moved = max((float(np.abs(p - before.get(j, 0.0)).max()) for j, p in power.items()), default=0.0)
        scale = max((float(np.abs(p).max()) for p in power.values()), default=0.0)
        loads = replace(now.loads, compute=compute)
        return Flows(loads, self._converted(loads), moved <= SETTLED * scale or not self.followed, memory=power)

    def drawn(self, loads: Loads, history: History, energy: float | None) -> tuple[dict[int, Floats], Floats]:
        """What devices that answer to temperature draw at recorded ones, by column (n,) [W], and with it all entries (n, entries) [W].

        Args:
            loads: Over the times of the devices.
            energy: Of all entries, as the march had it [J]; courses are multiplied to have it.
        """
        power = {one.column: one.over(history).power @ one.count for one in self.answering}
        compute = loads.compute.copy()
        for j, p in power.items():
            compute[:, j] = p
        if energy is not None and power:
            moving, times = list(power), loads.times
            still = [j for j in range(compute.shape[1]) if j not in power]
            rest = energy - float(np.trapezoid(compute[:, still].sum(axis=1), times))
            drawn = compute[:, moving].sum(axis=1)
            share = np.divide(scaled(drawn, times, rest), drawn, out=np.ones(len(drawn)), where=drawn > 0)
            compute[:, moving] *= share[:, None]
        return power, compute

    def _converted(self, loads: Loads) -> dict[str, Signal]:
        """Heat of converters."""
        loads = loads.marched
        named = [(j, entry.name) for j, entry in enumerate(self.entries) if entry.supply_part is not None]
        return {name: Signal(loads.times, loads.losses([j])) for j, name in named}


@dataclass(frozen=True, slots=True, eq=False)
class Heating:
    """Thermostat heaters. Their heat is in the model as feedbacks; here is what they draw."""

    heaters: Sequence[Heater]
    body: Body
    name: str = "heaters"

    def outlets(self) -> list[Outlet]:
        """None."""
        return []

    def respond(self, now: Round) -> Flows:
        """Power at the recorded temperatures, its energy that of the march's own ledger."""
        if now.orbit is None:
            return Flows(now.loads)
        times, history = now.loads.times, now.orbit.history
        power = np.zeros(len(times))
        for heater in self.heaters:
            mean = mean_over(heater.parts, self.body, history.mean)
            power += np.interp(times, history.times, heater.power * duty(heater, mean))
        if now.orbit.books is not None:
            power = scaled(power, times, now.orbit.books.heat("heaters"))
        return Flows(replace(now.loads, heaters=power))


@dataclass(frozen=True, slots=True, eq=False)
class Pumping:
    """Pumps, heaters and heat of nodes of a network that is solved with the parts: what they draw as the last orbit had it.

    Their heat is the network's own; its energy that of the march's ledger.
    """

    built: BuiltNetwork
    attached: Attached
    name: str = "network"

    def outlets(self) -> list[Outlet]:
        """None."""
        return []

    def respond(self, now: Round) -> Flows:
        """Power over the last orbit; before the first, that of the start."""
        times, record = now.loads.times, self.attached.memory.record
        if now.orbit is None or record is None or not record.times:
            power = np.full(len(times), self.built.power(0.0, self.built.first()))
        else:
            known = [self.built.power(t, y) for t, y in zip(record.times, record.states, strict=True)]
            power = np.interp(times, np.array(record.times) - now.orbit.begin, known)
            if now.orbit.books is not None:
                power = scaled(power, times, sum(one.heat for one in now.orbit.books.entries if one.line == DRAWS))
        before = now.memory
        moved = 0.0 if before is None else float(np.abs(power - before).max())
        loads = replace(now.loads, others={**now.loads.others, self.name: power})
        return Flows(loads, settled=moved <= DRIFTED * max(float(np.abs(power).max()), 1e-300), memory=power)


def scaled(power: Floats, times: Floats, energy: float) -> Floats:
    """A course of power (n,) [W] with another energy [J]: multiplied, or evenly spread where there was none."""
    had = float(np.trapezoid(power, times))
    return power * (energy / had) if had > 0.0 else np.full(len(times), energy / (times[-1] - times[0]))
