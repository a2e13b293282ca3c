"""What the voltage, the resistance and the age of the battery's cells do to a bus that was balanced without them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.bus.balance import Balance, Limits, Paths
from power.storage.charge import charge_power
from power.storage.circuit import Pack, at_power, mean_efficiencies
from power.storage.life import Life, end_of_life
from power.system.settings import Power

LEAST = 0.02  # capacity over new below which a battery counts as having this much, so that the bus still has one to balance


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The battery as the bus sees it."""

    paths: Paths  #: with the battery's own efficiencies
    limits: Limits  #: with the charging rates of its cells
    factor: float  #: energy over new at the asked time of life [-]

    def differs(self, other: "Cells") -> bool:
        """Whether another one would change the balance."""
        ours, theirs = ((x.paths.charge, x.paths.discharge, x.factor) for x in (self, other))
        if not np.allclose(ours, theirs, rtol=1e-9, atol=0.0):
            return True
        mine, its = np.broadcast_arrays(self.limits.charge, other.limits.charge)
        return not np.allclose(mine, its, rtol=1e-9, atol=0.0)


def respond(power: Power, times: NDArray[np.float64], found: Balance, pack: float, limits: Limits) -> tuple[Cells, Life, tuple[str, ...]]:
    """Efficiencies, charging limit, age and warnings that belong to a balanced orbit.

    Args:
        power: The [power] table.
        times: (n,) s, those of the balance's `given` rows.
        found: Balance of the orbit.
        pack: Energy of the full new battery [J].
        limits: As the case and the caller give them, without the cells' rates.
    """
    life = _life(power, found, limits)
    old = power.life == "eol" and power.ageing is not None
    factor = max(life.capacity, LEAST) if old else power.battery_factor
    if power.electrics is None or pack <= 0.0:
        return Cells(power.paths, limits, factor), life, ()
    cells = power.electrics.pack(power.battery_cell, pack)
    if old and life.resistance is not None:
        cells = replace(cells, resistance=tuple((kelvin, ohm * life.resistance) for kelvin, ohm in cells.resistance))
    warm, soc = _temperature(power, found.times, times, limits), _charge_state(found, cells)
    paths = power.paths
    if cells.resistance:
        charge, discharge = mean_efficiencies(cells, found.times, found.charge, found.discharge, soc, warm)
        paths = replace(paths, charge=max(charge, 1e-3), discharge=max(discharge, 1e-3))
    if power.electrics.charge_rates:
        free = replace(cells, voltages=None)
        most = charge_power(power.battery_cell, free, soc, warm, power.electrics.rates)[found.given]
        limits = replace(limits, charge=np.minimum(limits.charge, most * factor))
    return Cells(paths, limits, factor), life, _voltage_warnings(cells, found, soc, warm)


def worn_out(power: Power, life: Life) -> tuple[str, ...]:
    """A failure when at the asked end of life nothing of the battery is left."""
    if power.life == "bol" or power.ageing is None or life.capacity > LEAST:
        return ()
    return (f"battery: nothing is left of it after {life.cycles:.0f} cycles in {power.years:g} years by {life.law}; give a larger pack",)


def aged(power: Power, period: ArrayLike, eclipse: ArrayLike) -> NDArray[np.float64]:
    """Energy of the battery over new [-] at the asked time of life, for one straight cycle of the allowed depth; arguments broadcast.

    Args:
        period, eclipse: Of the orbit and of its shadow [s].
    """
    long, dark = np.broadcast_arrays(np.asarray(period, dtype=float), np.asarray(eclipse, dtype=float))
    if power.life == "bol" or power.ageing is None:
        return np.full(long.shape, power.battery_factor)
    electrics = power.electrics
    soc = (1.0, 1.0 - power.max_depth_of_discharge, 1.0)
    felt = None if electrics is None else electrics.temperature
    curve = None if electrics is None else electrics.open_circuit
    found = [
        end_of_life(power.ageing, (0.0, d, p), soc, power.years, temperature=felt, curve=curve).capacity
        for p, d in zip(long.flat, dark.flat, strict=True)
    ]
    return np.maximum(np.array(found).reshape(long.shape), LEAST)


def _life(power: Power, found: Balance, limits: Limits) -> Life:
    electrics = power.electrics
    felt = None if limits.temperature is None else float(np.mean(np.asarray(limits.temperature, dtype=float)))
    if felt is None and electrics is not None:
        felt = electrics.temperature
    return end_of_life(
        power.ageing,
        found.times,
        found.state_of_charge,
        power.years,
        temperature=felt,
        curve=None if electrics is None else electrics.open_circuit,
        sized_by=f"a depth of discharge of {power.max_depth_of_discharge:.0%}",
    )


def _temperature(power: Power, at: NDArray[np.float64], times: NDArray[np.float64], limits: Limits) -> NDArray[np.float64]:
    """Of the cells at the rows of the balance [K]."""
    if limits.temperature is None:
        assert power.electrics is not None
        return np.full(at.shape, power.electrics.temperature)
    return np.interp(at, times, np.broadcast_to(np.asarray(limits.temperature, dtype=float), times.shape))


def _charge_state(found: Balance, cells: Pack) -> NDArray[np.float64]:
    """State of charge that belongs to the stored share of the energy: empty and full agree, between them the voltage bends it."""
    grid = np.linspace(0.0, 1.0, 2001)
    return np.interp(found.state_of_charge * cells.curve.mean, cells.curve.work(grid), grid)


def _voltage_warnings(cells: Pack, found: Balance, soc: NDArray[np.float64], warm: NDArray[np.float64]) -> tuple[str, ...]:
    """Sentences where the terminals would leave the cells' voltages or pass the peak of their power."""
    said = []
    for flow, power in (("charging", -found.charge), ("discharging", found.discharge)):
        state = at_power(cells, power, soc, warm)
        cut = np.abs(power - state.power)
        if np.any(state.limited & (cut > 1e-6 * np.max(np.abs(power), initial=0.0))):
            k = int(np.argmax(cut))
            said.append(
                f"battery: {flow} with {abs(power[k]):.4g} W at a state of charge of {soc[k]:.1%} is beyond the cells' voltages; they take "
                f"or give {abs(state.power[k]):.4g} W there, which the bus does not know"
            )
    return tuple(said)
