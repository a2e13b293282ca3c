"""Small coolant loops for tests."""

import numpy as np
from networks import floats

from thermal.network.flows import OUTSIDE, Source
from thermal.network.loops.liquid import FixedLiquid
from thermal.network.loops.loop import Loop, Segment
from thermal.network.loops.loop_flows import Carried, Contact, Film, Glow, PumpHeat
from thermal.network.loops.pump import Pump
from thermal.network.network import Held, Network
from thermal.signal import Signal, constant

WATER = FixedLiquid("water", 997.0, 4180.0, 0.6, 8.9e-4)


class Plumbing:
    """A network of one loop after another, with held rows."""

    def __init__(self):
        self.capacity, self.flows, self.held, self.laws = [], [], {}, []

    def row(self, capacity=0.0, held=None):
        """A further row; held at a temperature or a (times, temperatures) table where one is given."""
        self.capacity.append(capacity)
        if held is not None:
            self.held[len(self.capacity) - 1] = held
        return len(self.capacity) - 1

    def segment(self, name, cells, length, diameter, section=0, branch=0, **further):
        """A segment with rows of its own."""
        rows = np.array([self.row() for _ in range(cells)])
        return Segment(name, rows, length, diameter, section, branch, **further)

    def loop(self, segments, pump, liquid=WATER, inlet=OUTSIDE, reference=300.0, valve=None):
        """A loop of segments."""
        made = Loop("coolant", liquid, segments, reference, pump, inlet, valve)
        for row, capacity in zip(made.rows, made.capacities(), strict=True):
            self.capacity[row] = capacity
        self.flows += [Carried(made)] + ([PumpHeat(made)] if inlet == OUTSIDE else [])
        self.laws.append(made.law)
        return made

    def cells(self, loop, name):
        """Cells of a segment."""
        return np.flatnonzero(np.array([s.name for s in loop.segments])[loop.segment] == name)

    def film(self, loop, name, wall, coefficient=np.nan):
        """Film of a segment to one row, or to one of each cell."""
        cells = self.cells(loop, name)
        area = next(s for s in loop.segments if s.name == name).wetted
        one = np.ones(len(cells))
        made = Film(Contact(loop, cells), one.astype(int) * wall, area * one, coefficient * one, [name] * len(cells))
        self.flows.append(made)
        return made

    def glow(self, loop, name, sink, exchange):
        """Radiation of a segment to one row, GR [m2] in all."""
        cells = self.cells(loop, name)
        one = np.ones(len(cells))
        self.flows.append(Glow(Contact(loop, cells), one.astype(int) * sink, exchange / len(cells) * one, [name] * len(cells)))

    def heat(self, loop, name, watts):
        """Heat into a segment, even along it."""
        rows = loop.rows[self.cells(loop, name)]
        self.flows.append(Source(rows, constant(np.full(len(rows), watts / len(rows))), [f"heat {name}"] * len(rows)))

    def network(self):
        """The network; of several held rows at most one changes over time."""
        held = None
        if self.held:
            tables = [np.array(T if isinstance(T, list | tuple) else [[0.0, 1e9], [T, T]], dtype=float) for T in self.held.values()]
            times = next((t for t, _ in tables if t[-1] < 1e9), tables[0][0])
            values = [T if len(T) == len(times) else np.full(len(times), T[0]) for _, T in tables]
            held = Held(np.array(list(self.held)), Signal(times, np.array(values).T))
        return Network([f"n{i}" for i in range(len(self.capacity))], floats(*self.capacity), self.flows, held, self.laws)


def fixed(flow):
    """A pump of fixed flow [kg/s] without power."""
    return Pump(flow)
