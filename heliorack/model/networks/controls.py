"""What of a network switches or regulates: packs that melt, thermostats, regulators."""

from collections.abc import Mapping

import numpy as np

from heliorack.model.networks.rows import Rows, ids
from thermal.network.controls.regulator import MEMORY, Regulators
from thermal.network.flows import Flow
from thermal.network.states import PhaseChange, StateLaw
from thermal.network.switches import Phases, Switch, Thermostats
from thermal.network.tables import NetworkTable


def packs(table: NetworkTable, nodes: Mapping[str, int], by_state: bool) -> tuple[list[StateLaw], list[Switch]]:
    """Nodes that melt; see `PhaseChange.by_state`."""
    melts = [(node, node.melting) for node in table.nodes if node.melting is not None]
    if not melts:
        return [], []
    capacity = np.array([node.capacity for node, _ in melts])
    liquid = np.array([melting.liquid_capacity or node.capacity for node, melting in melts])
    law = PhaseChange(
        ids(nodes, [node.name for node, _ in melts]),
        np.array([melting.at for _, melting in melts]),
        np.array([melting.latent for _, melting in melts]) / capacity,
        capacity / liquid,
        np.zeros(len(melts), dtype=np.int64),
        by_state,
    )
    return [law], [Phases(law, tuple(node.name for node, _ in melts))]


def thermostats(table: NetworkTable, nodes: Mapping[str, int]) -> Thermostats | None:
    """All heaters with a thermostat as one flow; None without any."""
    if not table.heaters:
        return None
    return Thermostats(
        tuple(one.name for one in table.heaters),
        ids(nodes, [one.node for one in table.heaters]),
        ids(nodes, [one.sensor or one.node for one in table.heaters]),
        np.array([one.power for one in table.heaters]),
        np.array([one.on_below for one in table.heaters]),
        np.array([one.off_above for one in table.heaters]),
    )


def regulators(table: NetworkTable, nodes: Mapping[str, int], rows: Rows) -> list[Flow]:
    """Heaters that follow a regulator, each with a row for its setting."""
    given = table.regulators
    if not given:
        return []
    power, hold, gain, integral = (np.array([getattr(one, key) for one in given]) for key in ("power", "hold", "gain", "integral"))
    settings = np.array([rows.add(f"heater {one.name} setting", MEMORY, one.hold) for one in given], dtype=np.int64)
    heated, sensor = ids(nodes, [one.node for one in given]), ids(nodes, [one.sensor or one.node for one in given])
    rated = [(i, one.derivative, one.filter) for i, one in enumerate(given) if one.derivative is not None and one.filter is not None]
    which = np.array([i for i, _, _ in rated], dtype=np.int64)
    filtered = [rows.add(f"heater {given[i].name} filtered", MEMORY, rows.start[sensor[i]]) for i in which]
    derivative, lag = (np.array([one[j] for one in rated], dtype=float) for j in (1, 2))
    lagged = (which, np.array(filtered, dtype=np.int64))
    return [Regulators(tuple(one.name for one in given), heated, sensor, settings, power, hold, gain, integral, *lagged, derivative, lag)]
