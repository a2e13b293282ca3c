"""What is remembered of a march: temperatures over time, extremes, switches, and the first law with every flow its own path."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.network.flows import Floats, Instant
from thermal.network.march import LOOKS, Step
from thermal.network.network import Network

CLOSURE_LIMIT = 1e-9  #: of the throughput; above it the run fails
NOISE = 1e-6  #: K; a network that exchanges less than this times its heat capacity exchanges nothing


@dataclass(frozen=True, slots=True)
class Turned:
    """Something that switched."""

    time: float  #: s
    name: str
    what: str  #: as "on"


@dataclass(slots=True, eq=False)
class Record:
    """Sums and histories of the steps that it was shown."""

    network: Network
    times: list[float] = field(default_factory=list)
    states: list[Floats] = field(default_factory=list)  #: (rows,) each, temperatures with rows at rest
    turned: list[Turned] = field(default_factory=list)
    steps: int = 0
    heat: Floats = field(init=False)  #: (flows,) heat of each flow [J]
    by_quadrature: Floats = field(init=False)  #: the same by Gauss points of the dense output
    hottest: Floats = field(init=False)  #: (rows,) K
    coldest: Floats = field(init=False)

    def __post_init__(self) -> None:
        flows, rows = self.network.incidence.shape[1], len(self.network.names)
        self.heat, self.by_quadrature = np.zeros(flows), np.zeros(flows)
        self.hottest, self.coldest = np.full(rows, -np.inf), np.full(rows, np.inf)

    def begin(self, t: float, y: Floats) -> None:
        """The state at the start."""
        self._keep(t, y)

    def at(self, t: float) -> Floats:
        """Temperatures of all rows (rows,) at a time, between two that are kept or at the nearest end [K]."""
        if len(self.times) == 1:
            return self.states[0]
        after = int(np.clip(np.searchsorted(self.times, t), 1, len(self.times) - 1))
        before, width = self.times[after - 1], self.times[after] - self.times[after - 1]
        share = float(np.clip((t - before) / width, 0.0, 1.0)) if width > 0 else 1.0
        return np.asarray((1 - share) * self.states[after - 1] + share * self.states[after])

    def observe(self, step: Step) -> None:
        """Add one step."""
        net, h = self.network, step.end - step.start
        if not self.times:
            self.begin(step.start, step.before)
        self.steps += 1
        self.heat += step.heat
        self.by_quadrature += step.heat if step.quadrature is None else step.quadrature
        for share in LOOKS[:-1]:
            t = step.start + share * h
            self._keep(t, net.seated(t, step.at(share)))
        self._keep(step.end, step.after)
        self.turned += [Turned(step.start, name, what) for name, what in step.began]
        self.turned += [Turned(step.end, name, what) for name, what in step.switched]

    def stand(self, duration: float, y: Floats) -> None:
        """Add a time [s] in which nothing changes: a steady state."""
        heat = duration * self.network.rates(Instant(self.network, self.times[-1], y))
        self.heat += heat
        self.by_quadrature += heat
        self._keep(self.times[-1] + duration, y)

    def _keep(self, t: float, y: Floats) -> None:
        T, _ = self.network.temperatures(y)
        self.hottest, self.coldest = np.maximum(self.hottest, T), np.minimum(self.coldest, T)
        self.times.append(t)
        self.states.append(y)

    def kept(self) -> dict[str, NDArray[Any]]:
        """All of it as arrays."""
        return {
            "times_s": np.array(self.times),
            "states_K": np.array(self.states).reshape(len(self.times), len(self.network.names)),
            "turned_s": np.array([one.time for one in self.turned]),
            "turned": np.array([(one.name, one.what) for one in self.turned], dtype=np.str_).reshape(-1, 2),
            "heat_J": np.array([self.heat, self.by_quadrature]),
            "extremes_K": np.array([self.hottest, self.coldest]),
            "steps": np.array(self.steps),
        }

    def resume(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Have observed what `kept` was made of."""
        self.times, self.states, self.steps = kept["times_s"].tolist(), list(kept["states_K"]), int(kept["steps"])
        words = zip(kept["turned_s"].tolist(), kept["turned"].tolist(), strict=True)
        self.turned = [Turned(t, name, what) for t, (name, what) in words]
        self.heat, self.by_quadrature = kept["heat_J"].copy()
        self.hottest, self.coldest = kept["extremes_K"].copy()

    @property
    def duration(self) -> float:
        """s observed."""
        return self.times[-1] - self.times[0]

    def temperatures(self) -> Floats:
        """(times, rows) K."""
        return np.array([self.network.temperatures(y)[0] for y in self.states])

    def stored(self) -> float:
        """Heat stored in the free rows [J]."""
        free = self.network.free
        return float(self.network.capacity[free] @ (self.states[-1] - self.states[0])[free])

    def by_path(self) -> dict[str, float]:
        """Heat into the network by path [J]."""
        return dict(zip(self.network.paths, self.network.by_path(self.heat).tolist(), strict=True))

    def by_name(self) -> dict[str, float]:
        """Heat along every path [J], within the network too, in the direction of its flows."""
        net = self.network
        return dict(zip(net.paths, net.along_paths(self.heat).tolist(), strict=True))

    def throughput(self) -> float:
        """Half of the sum of all magnitudes of heat across the border and of the heat stored [J]."""
        least = NOISE * float(self.network.capacity.sum())
        return max(0.5 * (float(np.abs(self.network.border * self.heat).sum()) + abs(self.stored())), least, 1e-30)

    def closure(self) -> float:
        """Greatest first-law gap of any free row, or of all together, over the throughput [-]."""
        net = self.network
        into = net.incidence @ self.heat
        gaps = net.capacity[net.free] * (self.states[-1] - self.states[0])[net.free] - into
        return max(float(np.abs(gaps).max(initial=0.0)), abs(float(gaps.sum()))) / self.throughput()

    def time_error(self) -> float:
        """|stored - sum of paths| over the throughput [-], paths by Gauss points of the dense output."""
        return abs(self.stored() - float(self.network.by_path(self.by_quadrature).sum())) / self.throughput()


@dataclass(slots=True, eq=False)
class Memory:
    """What was marched last."""

    record: Record | None = None
