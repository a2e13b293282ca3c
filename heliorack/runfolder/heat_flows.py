"""heat_flows.json of a run folder: who heats whom, and the conductors of the network that parts make, or nodes and loops."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from heliorack.runfolder import numbered

NAME = "heat_flows.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A fluid or surrounding of a temperature of its own that a body is tied to."""

    name: str
    kind: Literal["GL", "GR"]
    value: float  #: W/K, or m2
    degC: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Parts that are bonded, and so one piece for heat; mostly a single part."""

    name: str
    parts: tuple[str, ...]
    capacity_J_K: float
    mean_degC: float  #: over capacity and time
    min_degC: float  #: of its mean over the run
    max_degC: float
    paths_W: dict[str, float]  #: mean heat into it from what is neither another body nor space: sources, Sun, planet, films
    space_W: float  #: mean heat that it sends to space
    stored_W: float  #: mean heat that it takes up
    imbalance_W: float  #: what these and the flows leave over: error of the mean over the kept moments
    space_area_m2: float  #: emittance, view and reflections to space: GR of a network
    space_K: float  #: what it sees there
    heat_W: tuple[float, ...] = ()  #: heat into it at `times_s`: all paths but what ties it to `outside`; none of a steady state
    outside: tuple[Outside, ...] = ()
    start_degC: float | None = None  #: mean over capacity at the start


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Mean heat from one body to another."""

    from_body: str
    to_body: str
    conduction_W: float  #: through contacts and straps
    radiation_W: float
    contact_W_K: float  #: conductance of the contacts alone
    conductor_W_K: float  #: by the means of the two bodies: GL of a network, with what spreads inside them; may be negative
    exchange_area_m2: float  #: of radiation: GR of a network
    given_W: float = 0.0  #: of these: what flows whatever the temperatures are, as by a heat pump


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatFlows:
    """Mean heat between bodies over the orbit or the run."""

    bodies: tuple[Body, ...]
    flows: tuple[Flow, ...]
    notes: tuple[str, ...]
    times_s: tuple[float, ...] = ()  #: of `Body.heat_W`, straight between them; a jump stands twice
    lumped: bool = False  #: of nodes and loops alone, whose conductors are those of the case

    def json(self) -> dict[str, Any]:
        """Content of heat_flows.json, its number first."""
        return numbered.numbered(self, NAME)


def read(run_dir: Path) -> HeatFlows | None:
    """The heat flows of a run; None of a run that does not keep them: older, or one that ran away.

    Raises:
        FormatError: of a form that this version does not read, or damaged.
    """
    path = run_dir / NAME
    return numbered.read(HeatFlows, path) if path.exists() else None
