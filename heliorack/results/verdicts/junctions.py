"""Junctions above their case, at the moments of a run; where power jumps, by what it is on either side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.patterns import matching
from heliorack.model.body import Body
from heliorack.model.compute_devices import Devices
from heliorack.model.loads import Loads, devices_of
from power.computing.compute import resolve
from thermal.signal import Signal, sides
from thermal.solve.probes import History

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Rise:
    """Junctions of one compute entry above the case of one part."""

    column: int  #: of the entry in `Loads.compute`
    device: Devices | None  #: None of power that does not answer to temperature
    over: Floats  #: (s,) K at the recorded times; of a steady run by the mean of its power
    moments: Floats | None  #: (s,) s, a hair before or after them; None of a steady run

    def again(self, device: Devices, k: int, mean: float) -> float:
        """The rise at recorded time `k` for a device like this one with its part at `mean` [K]."""
        if self.moments is None:
            return device.mean_rise(mean)
        return float(device.rise(self.moments[k : k + 1], np.array([mean]))[0])


def rises(case: Case, body: Body, loads: Loads, history: History, part: int, devices: Sequence[Devices]) -> Iterator[Rise]:
    """Every entry that has devices in the part and a resistance from junction to case."""
    answering, still = {d.column: d for d in devices}, case.run.kind == "steady"
    mean = history.mean[:, part]
    for j, entry in enumerate(case.compute):
        theta = resolve(entry).theta_jc
        if theta is None or body.assembly.part_names[part] not in matching(entry.parts, body.assembly.part_names):
            continue
        device = answering.get(j)
        power = Signal(loads.times, theta * loads.compute[:, j : j + 1] / devices_of(entry, body))
        if still:
            yield Rise(j, device, power.mean() if device is None else np.array([device.mean_rise(float(mean[0]))]), None)
            continue
        before, after = ((t, power(t)[:, 0] if device is None else device.rise(t, mean)) for t in sides(history.times))
        later = after[1] >= before[1]
        yield Rise(j, device, np.where(later, after[1], before[1]), np.where(later, after[0], before[0]))
