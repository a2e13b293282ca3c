"""Equivalent circuit of a battery: open-circuit voltage behind one resistance; cells in series and in parallel, all alike.

Current is positive out of the battery. At every moment E I = V I + I^2 R: what leaves the store is what leaves the terminals and heat.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.storage.ocv import OpenCircuit, resistance_at


@dataclass(frozen=True, slots=True)
class Pack:
    """Equal cells in series and in parallel."""

    curve: OpenCircuit
    charge: float  #: of one cell, between empty and full [C]
    resistance: tuple[tuple[float, float], ...] = ()  #: (K, ohm) of one cell; empty: none
    series: int = 1
    parallel: float = 1  #: not whole where the pack is known by its energy only
    voltages: tuple[float, float] | None = None  #: lowest and highest terminal voltage of one cell [V]

    @property
    def capacity(self) -> float:
        """Charge of the pack [C]."""
        return self.charge * self.parallel

    @property
    def energy(self) -> float:
        """Energy of the full pack [J]."""
        return float(self.stored(1.0))

    def stored(self, soc: ArrayLike) -> NDArray[np.float64]:
        """Energy in the pack [J]: charge times the integral of the open-circuit voltage."""
        return self.capacity * self.series * self.curve.work(soc)

    def open_voltage(self, soc: ArrayLike) -> NDArray[np.float64]:
        """Open-circuit voltage of the pack [V]."""
        return self.series * self.curve.voltage(soc)

    def ohms(self, temperature: ArrayLike) -> NDArray[np.float64]:
        """Resistance of the pack [ohm] at a temperature of its cells [K]."""
        if not self.resistance:
            return np.zeros(np.shape(temperature))
        return resistance_at(self.resistance, temperature) * (self.series / self.parallel)


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A pack under a load; arrays of one shape."""

    current: NDArray[np.float64]  #: out of the pack [A]
    voltage: NDArray[np.float64]  #: at the terminals [V]
    power: NDArray[np.float64]  #: out of the terminals [W]; less than was asked for where `limited`
    heat: NDArray[np.float64]  #: I^2 R in the cells [W]
    limited: NDArray[np.bool_]  #: the pack cannot do what was asked


def at_power(pack: Pack, power: ArrayLike, soc: ArrayLike, temperature: ArrayLike) -> State:
    """Current, voltage and heat at a terminal power [W]; positive discharges. Arguments broadcast.

    Args:
        power: Asked for at the terminals [W].
        soc: State of charge [-].
        temperature: Of the cells [K].

    Returns:
        What the pack does: power beyond (E/2)^2/R, or beyond its lowest or highest terminal voltage, is cut and said to be `limited`.
    """
    asked = np.asarray(power, dtype=float)
    open_voltage, ohms = pack.open_voltage(soc), pack.ohms(temperature)
    least, most = current_range(pack, soc, temperature)
    amps = np.clip(_current(asked, open_voltage, ohms), least, most)
    volts = open_voltage - amps * ohms
    given = volts * amps
    return State(*np.broadcast_arrays(amps, volts, given, amps**2 * ohms, np.abs(given - asked) > 1e-9 * np.maximum(np.abs(asked), 1e-9)))


def current_range(pack: Pack, soc: ArrayLike, temperature: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Strongest charging (negative or 0) and discharging current [A] within the terminal voltages and up to the peak of power."""
    open_voltage, ohms = pack.open_voltage(soc), pack.ohms(temperature)
    with np.errstate(divide="ignore", invalid="ignore"):
        peak = np.where(ohms > 0.0, open_voltage / (2.0 * ohms), np.inf)
        if pack.voltages is None:
            return np.full_like(peak, -np.inf), peak
        low, high = (pack.series * v for v in pack.voltages)
        charge = np.where(ohms > 0.0, (high - open_voltage) / ohms, np.where(open_voltage < high, np.inf, 0.0))
        discharge = np.where(ohms > 0.0, (open_voltage - low) / ohms, np.where(open_voltage > low, np.inf, 0.0))
    return -np.maximum(charge, 0.0), np.minimum(np.maximum(discharge, 0.0), peak)


def _current(power: NDArray[np.float64], voltage: NDArray[np.float64], ohms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Root of (V - I R) I = P on the side of the higher voltage; that of the power's peak beyond it."""
    return np.asarray(2.0 * power / (voltage + np.sqrt(np.maximum(voltage**2 - 4.0 * ohms * power, 0.0))))


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What one step of time did."""

    soc: NDArray[np.float64]  #: at its end [-]
    power: NDArray[np.float64]  #: out of the terminals [W]
    heat: NDArray[np.float64]  #: [W]
    released: NDArray[np.float64]  #: energy that left the store [J]; power x time + heat x time


def step(pack: Pack, soc: ArrayLike, power: ArrayLike, temperature: ArrayLike, duration: float) -> Step:
    """Move a pack by `duration` [s] under constant terminal power [W]; arguments broadcast. Stops at empty and full.

    Second order in time. The voltage over the step is the energy it moved over the charge it moved, so that stored energy, terminal work
    and heat balance to round-off at any length of step.
    """
    start, asked, warm = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (soc, power, temperature)))
    ohms, rate = pack.ohms(warm), duration / pack.capacity
    least, most = current_range(pack, start, warm)
    amps = np.clip(_current(asked, pack.open_voltage(start), ohms), least, most)
    for _ in range(8):  # contracts by the change of voltage over the step
        end = np.clip(start - amps * rate, 0.0, 1.0)
        amps = np.clip(_current(asked, _mean_voltage(pack, start, end), ohms), least, most)
    end = np.clip(start - amps * rate, 0.0, 1.0)
    amps = (start - end) / rate
    released = pack.stored(start) - pack.stored(end)
    heat = amps**2 * ohms
    return Step(end, released / duration - heat, heat, released)


def _mean_voltage(pack: Pack, start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """Energy moved over charge moved [V]."""
    moved = start - end
    small = np.abs(moved) < 1e-9
    energy = (pack.stored(start) - pack.stored(end)) / pack.capacity
    return np.where(small, pack.open_voltage(0.5 * (start + end)), energy / np.where(small, 1.0, moved))


def mean_efficiencies(
    pack: Pack, times: ArrayLike, charge: ArrayLike, discharge: ArrayLike, soc: ArrayLike, temperature: ArrayLike
) -> tuple[float, float]:
    """Energy efficiencies [-] of charging and of discharging over a history that stand for I^2 R in a bus of constant efficiencies.

    Args:
        times: (n,) s.
        charge, discharge: (n,) power into and out of the terminals [W].
        soc: (n,) [-].
        temperature: (n,) or one number [K].

    Returns:
        Stored over taken, and given over released; 1 where nothing flows.
    """
    t = np.asarray(times, dtype=float)
    found = []
    for power, sign in ((charge, -1.0), (discharge, 1.0)):
        state = at_power(pack, sign * np.asarray(power, dtype=float), soc, temperature)
        terminals, heat = float(np.trapezoid(np.abs(state.power), t)), float(np.trapezoid(state.heat, t))
        if terminals == 0.0:
            found.append(1.0)
        else:
            found.append((terminals - heat) / terminals if sign < 0.0 else terminals / (terminals + heat))
    return found[0], found[1]
