"""What the voltage, the resistance and the age of the battery's cells do to a bus that was balanced without them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from power.bus.balance import Balance, Limits, Paths, swing
from power.solar.array import available_power
from power.storage.charge import charge_power
from power.storage.circuit import Pack, at_power, mean_efficiencies
from power.storage.fade import Fade, capacity_after, fade_of
from power.storage.life import Life, end_of_life, far_worn
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


type Lit = tuple[NDArray[np.float64], NDArray[np.float64]]  #: sunlight on the solar cells [W/m2] and their temperature [K], (n,) each


def respond(
    power: Power, times: NDArray[np.float64], found: Balance, pack: float, limits: Limits, lit: Lit
) -> tuple[Cells, Life, tuple[str, ...]]:
    """Efficiencies, charging limit, age and warnings that belong to a balanced orbit.

    Args:
        power: The [power] table.
        times: (n,) s, those of the balance's `given` rows.
        found: Balance of the orbit.
        pack: Energy of the full new battery [J].
        limits: As the case and the caller give them, without the cells' rates.
        lit: Sunlight on the solar cells and their temperature at `times`.
    """
    life = _life(power, found, pack, limits, times, lit)
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
    long, _ = np.broadcast_arrays(np.asarray(period, dtype=float), np.asarray(eclipse, dtype=float))
    law = fade(power, None if power.electrics is None else power.electrics.temperature)
    if power.life == "bol" or law is None:
        return np.full(long.shape, power.battery_factor)
    found = {p: _as_sized(power, law, 1.0, 1.0, p) for p in np.unique(long).tolist()}
    return np.maximum(np.array([found[p] for p in long.flat]).reshape(long.shape), LEAST)


ROOM = 298.15  #: K, of a battery whose temperature nothing tells


def fade(power: Power, temperature: float | None) -> Fade | None:
    """How the battery of a case ages at its temperature [K]; None where its law is not given."""
    return None if power.ageing is None else fade_of(power.ageing, ROOM if temperature is None else temperature)


def _life(power: Power, found: Balance, pack: float, limits: Limits, times: NDArray[np.float64], lit: Lit) -> Life:
    """What is left of the battery; the capacity is that of the very orbits which `mission_years` marches."""
    electrics = power.electrics
    felt = None if limits.temperature is None else float(np.mean(np.asarray(limits.temperature, dtype=float)))
    if felt is None and electrics is not None:
        felt = electrics.temperature
    life = _straight(power, found, felt)
    law = fade(power, felt)
    if law is None or pack <= 0.0:
        return life
    period = float(found.times[-1] - found.times[0])
    cycle = float(np.ptp(found.stored))
    if cycle <= 0.0:
        return far_worn(replace(life, capacity=capacity_after(law, 0.0, 1.0, period, power.years)), power.ageing)
    turns = found.integral(found.discharge) / power.paths.discharge / cycle
    grown = _cycles(power, found, limits, times, lit)
    if power.given_pack is None:
        return far_worn(replace(life, capacity=_as_sized(power, law, grown / grown[-1], turns, period)), power.ageing)
    return far_worn(replace(life, capacity=capacity_after(law, grown / pack, turns, period, power.years)), power.ageing)


MOMENTS = 9  # over the years at which the energy of the cycle is found: the array gives less and the battery must give more


def _cycles(power: Power, found: Balance, limits: Limits, times: NDArray[np.float64], lit: Lit) -> NDArray[np.float64]:
    """Energy of the cycle [J] at moments evenly over the years, by the loss of the array."""
    passed = np.linspace(0.0, 1.0, MOMENTS)
    if power.eol_factor is not None:
        left = power.eol_factor**passed
    elif power.fluence_per_year is not None:
        left = np.array([_by_fluence(power, float(part), times, lit) for part in passed])
    else:
        left = np.ones(MOMENTS)
    now = left[-1] if power.life == "eol" else left[0]
    free = Limits(discharge=float(np.min(np.asarray(limits.discharge))))
    return np.array([swing(found.times, found.available * part / now, found.load, power.paths, free)[1] for part in left])


def _by_fluence(power: Power, part: float, times: NDArray[np.float64], lit: Lit) -> float:
    """Energy that the cells give over the orbit after a part of the years over new [-]."""
    given = [
        available_power(
            power.solar_cell,
            1.0,
            lit[0],
            lit[1],
            fluence=share * power.years * (power.fluence_per_year or 0.0),
            coefficient=power.temperature_coefficient,
            voltage=power.cell_voltage,
        )
        for share in (part, 0.0)
    ]
    old, new = (float(np.trapezoid(watts, times)) for watts in given)
    return old / new if new > 0.0 else 1.0


def _as_sized(power: Power, law: Fade, cycles: ArrayLike, turns: float, period: float) -> float:
    """Capacity over new [-] at the end of the years of a battery that has just the allowed depth then.

    The deeper the cycle of the new battery, the less is left: there is one depth at which both agree.

    Args:
        cycles: Energy of the cycle at moments evenly over the years, over that at their end [-].
        turns: Energy moved out in one orbit over that of its cycle [-].
    """

    def over(factor: float) -> float:
        depth = power.max_depth_of_discharge * factor
        return factor - capacity_after(law, depth * np.asarray(cycles), turns, period, power.years)

    return 1.0 if over(1.0) <= 0.0 else float(brentq(over, 1e-9, 1.0, xtol=1e-9)) if over(1e-9) < 0.0 else 0.0


def _straight(power: Power, found: Balance, felt: float | None) -> Life:
    electrics = power.electrics
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
