"""The coupled solve: participants that take states and return flows, and the one loop that owns rounds, their order and what they left."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from heliorack.model.loads import Loads, merged
from thermal.heat import Category
from thermal.signal import Signal
from thermal.solve.periodic_march import Orbit
from thermal.solve.ways import Source

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Outlet:
    """Where heat of a participant enters the model, or leaves it where its signal is negative."""

    signal: str  #: name of the signal among the participant's own
    path: str  #: of the ledger; several outlets may share one
    spread: Any  #: (owned, m) of a signal of m columns, see `thermal.solve.ways.Source`
    category: Category = Category.WITHIN


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """What a participant gives in one round."""

    loads: Loads  #: as it was given them, with what it draws itself
    signals: Mapping[str, Signal] = field(default_factory=dict)  #: heat of its outlets [W]
    settled: bool = True  #: whether it moved no more since the round before
    jumps: tuple[float, ...] = ()  #: times at which its signals jump [s]
    memory: Any = None  #: its own, for the next round


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """What a participant is asked in one round."""

    orbit: Orbit | None  #: temperatures and heat of the last orbit; None before the first
    loads: Loads  #: of this round as the participants before have left them
    before: Flows | None  #: what it gave in the round before; None in the very first

    @property
    def memory(self) -> Any:
        """What it remembered; None in the very first round."""
        return None if self.before is None else self.before.memory


class Participant(Protocol):
    """Something that is solved together with the temperatures. It keeps nothing: what it must remember goes with its flows."""

    @property
    def name(self) -> str:
        """One of its own."""
        ...

    def outlets(self) -> Sequence[Outlet]:
        """Where its heat enters the model."""
        ...

    def respond(self, now: Round) -> Flows:
        """What it gives at the temperatures of the last orbit."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What a round has left."""

    loads: Loads
    flows: Mapping[str, Flows] = field(default_factory=dict)  #: by participant


@dataclass(slots=True, eq=False)
class Coupling:
    """The loop over the participants of a solve, in their order: each sees what those before it draw in the same round.

    It is the only one that writes; the model's sources read the signals of its last round. As a partner of a periodic march it is asked
    for the next round after every orbit.
    """

    participants: tuple[Participant, ...]  #: one that feeds others, such as a bus, comes after those that it feeds
    stops: Sequence[float]  #: times at which loads over time jump, from 0 to the period [s]
    state: State

    def __post_init__(self) -> None:
        names = [one.name for one in self.participants]
        if len(set(names)) < len(names):
            raise ValueError(f"two participants of one name among {', '.join(names)}")

    @property
    def loads(self) -> Loads:
        """Of the last round."""
        return self.state.loads

    def sources(self) -> list[Source]:
        """Ways of heat of all participants, whatever the round."""
        return [self._source(one.name, outlet) for one in self.participants for outlet in one.outlets()]

    def _source(self, participant: str, outlet: Outlet) -> Source:
        now: Callable[[], Signal] = partial(self._signal, participant, outlet.signal)
        return Source(outlet.path, outlet.spread, lambda times: now()(times), lambda a, b: now().total(a, b), outlet.category, now)

    def _signal(self, participant: str, name: str) -> Signal:
        return self.state.flows[participant].signals[name]

    def events(self) -> list[float]:
        """Times at which loads of the next orbit jump, from 0 to the period [s]."""
        return merged(self.stops, [t for flows in self.state.flows.values() for t in flows.jumps])

    def update(self, orbit: Orbit | None) -> bool:
        """One round at the temperatures of the last orbit (None: before the first); True when no participant moved any more."""
        loads, flows = self.state.loads, {}
        for one in self.participants:
            given = one.respond(Round(orbit, loads, self.state.flows.get(one.name)))
            flows[one.name], loads = given, given.loads
        self.state = State(loads, flows)
        return all(given.settled for given in flows.values())

    def read(self, one: Participant, orbit: Orbit) -> None:
        """Bring what one participant draws to given temperatures, after a solve in which nothing else follows them."""
        given = one.respond(Round(orbit, self.state.loads, self.state.flows.get(one.name)))
        self.state = State(given.loads, {**self.state.flows, one.name: given})

    def feed(self, loads: Loads) -> None:
        """Go on with other loads, after a solve in which nothing else follows them."""
        self.state = replace(self.state, loads=loads)

    def memory(self, one: Participant) -> Any:
        """What a participant remembers of the last round; None before the first."""
        return self.state.flows[one.name].memory if one.name in self.state.flows else None

    def remember(self, one: Participant, memory: Any) -> None:
        """Have a participant go on from another memory."""
        self.state = replace(self.state, flows={**self.state.flows, one.name: replace(self.state.flows[one.name], memory=memory)})
