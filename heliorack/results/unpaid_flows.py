"""What a flow costs that nobody pays: the work of pumps that a case leaves out, and pressure that an open run has not."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from heliorack.model.networks.built import BuiltNetwork
from thermal.network.flows import OUTSIDE, Instant
from thermal.network.loops.alarms import place, pressure_along
from thermal.network.loops.hydraulics import flowing

Floats = NDArray[np.float64]

BAR = 1e5  #: Pa
LITTLE, MUCH = (0.01, 0.02), (0.2, 0.5)  #: pump heat that is left out: K a round, and part of the rise by the loop's own heat


def left_out(built: BuiltNetwork, y: Floats) -> Iterator[tuple[bool, str]]:
    """Pumps without an efficiency whose work would warm the fluid: whether so much that no answer holds, and a sentence, at some states.

    The least work is that of a pump without losses, flow x pressure / density, and all of it becomes heat of the fluid: pressure over
    density and heat capacity a round, in kelvin, beside what the heat of the loop makes of its fluid. Of open runs it is what friction
    leaves in the fluid along them.
    """
    now = Instant(built.network, 0.0, y)
    for name, loop in built.loops.items():
        moving = flowing(loop, now)
        open_run = loop.inlet != OUTSIDE
        if (loop.pump.efficiency is not None and not open_run) or moving.drop <= 0.0:
            continue
        at = loop.liquid.at(now.T[loop.rows], beyond=True)
        density, heat = float(np.mean(at.density)), float(np.mean(at.specific_heat))
        rise, own = moving.drop / (density * heat), float(np.ptp(y[loop.rows]))
        if rise <= LITTLE[0] or rise <= LITTLE[1] * own:
            continue
        flow = float(moving.branches[loop.sections[0]].sum())
        work = f"{flow:.3g} kg/s against {moving.drop / 1e3:.4g} kPa are {flow * moving.drop / density:.4g} W at least"
        why = "which an open run leaves out of its fluid" if open_run else "which nobody gives without pump.efficiency"
        beside = f"{rise:.3g} K of the fluid {'along it' if open_run else 'a round'}, where its heat makes {own:.3g} K"
        yield rise > MUCH[0] and rise > MUCH[1] * own, f"loop {name}: {work}, {why}: {beside}"


def spent_pressures(built: BuiltNetwork, y: Floats) -> Iterator[str]:
    """Open runs along which more pressure is lost than they begin with, at some states: nothing flows so."""
    now = Instant(built.network, 0.0, y)
    for name, alarm in built.alarms.items():
        pressure = pressure_along(alarm.loop, now, alarm.pressure)
        cell = int(pressure.argmin())
        if pressure[cell] < 0.0:
            lost = f"{flowing(alarm.loop, now).drop / BAR:.4g} bar are lost along it, of the {alarm.pressure / BAR:.4g} bar of its inlet"
            at = f"{place(alarm.loop, int(np.flatnonzero(pressure < 0.0)[0]))}"
            yield f"loop {name}: no such flow: {lost}, and none is left at {at}; less flow, a wider tube or a higher pressure_bar"
