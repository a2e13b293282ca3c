"""What of a network is lost from the start, and the network with nothing lost."""

from dataclasses import replace

from thermal.network.tables import NetworkTable


def lost(table: NetworkTable) -> tuple[str, ...]:
    """Pumps, heat pipes and heat pumps that carry nothing any more, in words; a loop with a pump left still flows."""
    pumps = [f"the pump of {one.name}" for one in table.loops if one.pump is not None and one.pump.failed >= one.pump.parallel]
    return (
        *pumps,
        *(f"{loop.name}.{tube.name}" for loop in table.loops for tube in loop.segments if tube.failed),
        *(f"heat pipe {one.name}" for one in table.heat_pipes if one.failed),
        *(f"heat pump {one.name}" for one in table.heat_pumps if one.failed),
    )


def whole(table: NetworkTable) -> NetworkTable:
    """The network with nothing lost."""
    return replace(
        table,
        loops=tuple(
            replace(
                one,
                pump=None if one.pump is None else replace(one.pump, failed=0),
                segments=tuple(replace(tube, failed=False) for tube in one.segments),
            )
            for one in table.loops
        ),
        heat_pipes=tuple(replace(one, failed=False) for one in table.heat_pipes),
        heat_pumps=tuple(replace(one, failed=False) for one in table.heat_pumps),
    )
