"""A network under loads that do not change: their means, and thermostats by their averaged law."""

from dataclasses import replace

from thermal.network.flows import Source
from thermal.network.network import Network
from thermal.network.switches import Thermostats
from thermal.signal import constant


def at_mean(network: Network) -> Network:
    """The network with sources and held temperatures at their means over their period."""
    flows = [replace(f, heat=constant(f.heat.mean())) if isinstance(f, Source) else f for f in averaged(network).flows]
    held = None if network.held is None else replace(network.held, temperature=constant(network.held.temperature.mean()))
    return replace(network, flows=flows, held=held)


def standing(network: Network, t: float) -> Network:
    """The network with sources and held temperatures as they are at one time [s]."""
    flows = [replace(f, heat=constant(f.heat(t))) if isinstance(f, Source) else f for f in network.flows]
    held = None if network.held is None else replace(network.held, temperature=constant(network.held.temperature(t)))
    return replace(network, flows=flows, held=held)


def averaged(network: Network) -> Network:
    """The network with thermostats by their duty-averaged law."""
    return replace(network, flows=[replace(f, averaged=True) if isinstance(f, Thermostats) else f for f in network.flows])
