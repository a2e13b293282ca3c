"""Alarms within a step that another integrator took: nothing stops for them, so each is found afterwards on the dense output."""

from collections.abc import Sequence

from thermal.network.flows import Instant
from thermal.network.march import Step
from thermal.network.network import Network
from thermal.network.record import Turned
from thermal.network.switches import Switch

SHARP = 1e-6  #: of a step, within which an alarm is found


def heard(alarms: Sequence[Switch], network: Network, step: Step) -> list[Turned]:
    """Alarms within a step, each with its time; they remember that they went off."""
    found: list[Turned] = []
    for alarm in alarms:
        if not _due(alarm, network, step, 1.0):
            continue
        for share in (_first_due(alarm, network, step), 1.0):
            now = moment(network, step, share)
            due = alarm.distance(now) < 0.0
            if due.any():
                names = [name for name, mine in zip(alarm.names, due, strict=True) if mine]
                found += [Turned(now.t, name, what) for name, what in zip(names, alarm.turn(due, now), strict=True)]
    return found


def moment(network: Network, step: Step, share: float) -> Instant:
    """The network at a share (0..1) of a step."""
    t = step.start + share * (step.end - step.start)
    return Instant(network, t, network.seated(t, step.at(share)))


def _first_due(alarm: Switch, network: Network, step: Step) -> float:
    """Share of a step after which an alarm that is due at its end first is, by bisection."""
    low, high = 0.0, 0.0 if _due(alarm, network, step, 0.0) else 1.0
    while high - low > SHARP:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _due(alarm, network, step, middle) else (middle, high)
    return high


def _due(alarm: Switch, network: Network, step: Step, share: float) -> bool:
    return bool((alarm.distance(moment(network, step, share)) < 0.0).any())
