"""A case's network made discrete, ready to be solved alone or with a mesh."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from heliorack.model.surroundings import Lapse
from orbit.environment import Environment
from thermal.layout import Layout
from thermal.network.attached import Attached
from thermal.network.controls.regulator import Regulators
from thermal.network.devices.heat_pipe import HeatPipes
from thermal.network.devices.heat_pump import HeatPump
from thermal.network.flows import Instant, Source
from thermal.network.loops.alarms import Alarms
from thermal.network.loops.loop import Loop
from thermal.network.loops.loop_flows import PumpHeat
from thermal.network.loops.thaw import Thaw
from thermal.network.network import Network
from thermal.network.switches import Phases, Switch, Thermostats

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BuiltNetwork:
    """A case's network, ready to be solved."""

    network: Network
    nodes: dict[str, int]  #: rows of the nodes by name, that of space too
    loops: dict[str, Loop]
    switches: tuple[Switch, ...]
    start: Floats  #: temperatures of all rows [K]
    events: tuple[float, ...]  #: times from 0 to the end at which loads may jump [s]
    env: Environment | None
    pipes: HeatPipes | None
    alarms: dict[str, Alarms]  #: by loop
    heat_pumps: tuple[HeatPump, ...] = ()
    begins: Floats | None = None  #: states of all rows [K] to go on from, where an earlier run left them
    walls: csr_matrix | None = None  #: (owned, m) weights of the mesh's rows for the walls of its films, where it is attached to one
    away: Lapse | None = None  #: while its body does not point as the case has it
    extrapolated: tuple[str, ...] = ()  #: sentences: coatings of its faces that are older than their law of ageing was measured for

    def attached(self, layout: Layout) -> Attached:
        """It, as it is solved with a mesh."""
        assert self.walls is not None
        told: list[Switch] = [*self.alarms.values(), *(one for one in self.switches if isinstance(one, Phases | Thaw))]
        return Attached(self.network, layout, self.walls, self.first()[self.network.free], told)

    def first(self) -> Floats:
        """States of all rows to begin from (rows,) [K]."""
        return self.network.states(self.start) if self.begins is None else self.begins

    def power(self, t: float, y: Floats) -> float:
        """What pumps, compressors and heaters, and nodes and tubes that are heated, draw at states of all rows (rows,) [W]."""
        now = Instant(self.network, t, self.network.seated(t, y))
        drawn = 0.0
        for f in self.network.flows:
            if isinstance(f, Thermostats | PumpHeat):
                drawn += float(f.rate(now).sum())
            elif isinstance(f, Regulators):
                drawn += float(f.heat(now).sum())
            elif isinstance(f, HeatPump):
                drawn += f.duty(now).work
            elif isinstance(f, Source):
                drawn += float(np.maximum(f.rate(now), 0.0)[[path.startswith("heat ") for path in f.paths]].sum())
        return drawn
