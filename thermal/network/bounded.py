"""What carries no more than some heat: a network without such limits, and which of them a state passes."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from thermal.constants import ZERO_CELSIUS
from thermal.network.devices.heat_pipe import HeatPipes, LimitCurve
from thermal.network.devices.heat_pump import HeatPump
from thermal.network.flows import Flow, Instant
from thermal.network.network import Network

ENDLESS = LimitCurve(np.zeros(1), np.full(1, np.inf))


def without_limits(net: Network) -> Network | None:
    """The network with heat pipes and heat pumps that carry any heat; None where none of its own has a limit."""
    flows = [_free(one) for one in net.flows]
    return None if all(new is old for new, old in zip(flows, net.flows, strict=True)) else replace(net, flows=flows)


def _free(flow: Flow) -> Flow:
    if isinstance(flow, HeatPipes) and any(np.isfinite(curve.limit).any() for curve in flow.curves):
        return replace(flow, curves=[ENDLESS] * len(flow.curves))
    if isinstance(flow, HeatPump) and np.isfinite(flow.most):
        return replace(flow, most=np.inf)
    return flow


def passed(net: Network, now: Instant) -> Iterator[str]:
    """Pipes and pumps of which more is asked than they carry, in words with both figures."""
    for flow in net.flows:
        if isinstance(flow, HeatPipes):
            limits, asked = flow.limits(now.T), flow.asked(now.T)
            for i in map(int, np.flatnonzero((np.abs(asked) > limits) & flow.works(now.t))):
                at = max(now.T[flow.start[i]], now.T[flow.end[i]])
                without = {"frozen": "its fluid is frozen", "critical": "its fluid is near or above its critical point"}
                limit = without.get(flow.curves[i].governing(at) or "", f"its limit is {limits[i]:.4g} W")
                yield f"{flow.paths[i]} would have to carry {abs(asked[i]):.4g} W at {at - ZERO_CELSIUS:.1f} degC, where {limit}"
        elif isinstance(flow, HeatPump) and flow.duty(now).asked > flow.most:
            yield f"{flow.paths[0]} takes {flow.most:.4g} W at most, and would have to take {flow.duty(now).asked:.4g} W"
