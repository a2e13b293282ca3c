"""Nodes and loops that a loss leaves without a way to a sink: no state settles, and what can be said is how long it takes to a limit."""

from dataclasses import replace

from scipy.optimize import brentq

from heliorack.case.case import Case
from heliorack.case.margins import Verdict, judge
from heliorack.case.settings import Run
from heliorack.casefile.errors import listed
from heliorack.casefile.patterns import matching
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.checks.context import ROOM_TEMPERATURE
from heliorack.model.network import built
from heliorack.model.networks.built import BuiltNetwork
from heliorack.model.networks.lost import lost, whole
from thermal.errors import SolveError
from thermal.network.flows import Floats
from thermal.network.march import March, Step
from thermal.network.mean import at_mean
from thermal.network.steady import steady_states
from thermal.network.tables import NetworkTable

LONGEST = 1e7  #: s that are looked at after the loss
MOST_STEPS = 5000  #: and steps


def explained(case: Case, error: SolveError, tolerance: float) -> SolveError:
    """The refusal of a network that has no steady state, with what the loss does from the state before it, where something is lost.

    Args:
        tolerance: Of the march [K].
    """
    table = case.network
    if table is None or not lost(table):
        return error
    said = f"without {listed(lost(table), 'and')} nothing settles: {error}"
    try:
        after = _course(case, table, tolerance)
    except SolveError:
        return SolveError(said)
    return SolveError(f"{said}\n{after}")


def _course(case: Case, table: NetworkTable, tolerance: float) -> str:
    """What is passed first after the loss, under mean loads.

    Raises:
        SolveError: there is no state before it either, or the march stops.
    """
    before = built(replace(case, network=whole(table), run=Run(kind="steady")))
    mean = at_mean(before.network)
    y = steady_states(mean, mean.states(before.start))
    start = ROOM_TEMPERATURE if case.run.start is None else case.run.start
    after = built(replace(case, network=table, run=Run(kind="transient", duration=LONGEST, start=start)))
    if after.network.names != before.network.names:
        raise SolveError("what is lost changes the rows of the network")
    broken = min(_verdicts(case, before, y), key=lambda v: v.margin, default=None)
    if broken is not None and broken.margin < 0:
        return f"The state before it misses {_words(broken)} of {broken.on} already."
    march = March(at_mean(after.network), tuple(after.alarms.values()), tolerance)
    events = (0.0, LONGEST)
    last: Step | None = None
    happened: list[str] = []
    for count, step in enumerate(march.run(march.begin(y, events), events)):
        last = step
        if any(v.margin < 0 for v in _verdicts(case, after, step.after)):
            happened.append(_passed(case, after, step))
            break
        happened += [f"{name}: its fluid {what} {_time(step.end)}" for name, what in step.switched]
        if happened and not case.limits:
            break
        if count >= MOST_STEPS:
            break
    assert last is not None
    if not happened:
        T, names = after.network.temperatures(last.after)[0] - ZERO_CELSIUS, after.network.names
        happened.append(f"no limit is passed, and {names[int(T.argmax())]} is at {T.max():.1f} degC {_time(last.end)}")
    return f"From the mean state before it: {'; '.join(happened)}."


def _passed(case: Case, after: BuiltNetwork, step: Step) -> str:
    """The limit that is passed first within a step, and when."""
    span = step.end - step.start

    def left(share: float) -> float:
        return min(v.margin for v in _verdicts(case, after, step.at(share)))

    share = brentq(left, 0.0, 1.0, xtol=1e-9) if left(0.0) > 0 else 0.0
    first = min(_verdicts(case, after, step.at(share)), key=lambda v: v.margin)
    row = after.nodes[first.on]
    ends = [float(after.network.temperatures(y)[0][row]) for y in (step.before, step.after)]
    rate = (ends[1] - ends[0]) / span
    return f"{first.on} passes {_words(first)} {_time(step.start + share * span)}, at {rate:.3g} K/s"


def _verdicts(case: Case, made: BuiltNetwork, y: Floats) -> list[Verdict]:
    """Of all limits at one state."""
    T = made.network.temperatures(y)[0]
    found: list[Verdict] = []
    for limit in case.limits:
        for name in matching(limit.on, list(made.nodes)):
            at = float(T[made.nodes[name]])
            found += judge(limit, name, at, at, case.margins)
    return found


def _words(v: Verdict) -> str:
    return f"its {v.side} limit of {v.allowed - ZERO_CELSIUS:.1f} degC ({abs(v.predicted - v.calculated):g} K of uncertainty on top)"


def _time(t: float) -> str:
    return f"{t:.4g} s after the loss"
