"""Closed forms of docs/systems/ai1_radiator.md."""

from __future__ import annotations

from systems.formulas import (
    EQUATOR,
    PRINTED_SIGMA,
    SPACE,
    STEFAN_BOLTZMANN,
    ZERO,
    Row,
    Runs,
    Step,
    albedo_edge_on,
    degC,
    edge_on,
    tube_by_hand,
    uniform,
)

EPSILON, SINK, AREA = 0.91, 220.0, 110.0
SUSTAINED, PEAK = 120e3, 150e3
ALTITUDE, SUN, ALBEDO, EARTH, ALPHA = 700.0, 1407.7, 0.35, 261.0, 0.20  # of the case
EXACT = edge_on(ALTITUDE, EQUATOR)
PRINTED = ZERO + 63.95  # K: 337.10


def two_sided(load: float, planform: float, sink: float = SINK, sigma: float = PRINTED_SIGMA) -> float:
    return uniform(load / planform, 0.0, 2 * EPSILON, sink, sigma)


def surroundings() -> float:
    """What two faces edge-on to Sun and Earth absorb in the hot environment of the case [W/m2 of planform]."""
    lit = albedo_edge_on(ALTITUDE, 90, EQUATOR)
    return 2 * (EPSILON * EXACT * EARTH + ALPHA * ALBEDO * SUN * lit)


def printed() -> list[Row]:
    """Figures of the press, and both readings of `area`."""
    n13 = 154e3 / AREA
    return [
        Row("120 kW, 110 m2 planform (220 m2 emitting)", "K", two_sided(SUSTAINED, AREA), 2, "337.1"),
        Row("150 kW, 110 m2 planform", "K", two_sided(PEAK, AREA), 2),
        Row("120 kW, 110 m2 emitting (55 m2 planform)", "K", two_sided(SUSTAINED, AREA / 2), 2, note="the other reading of the area"),
        Row("150 kW, 110 m2 emitting", "K", two_sided(PEAK, AREA / 2), 2, note="the other reading of the area"),
        Row("1400 W/m2 of planform, sink 0 K", "K", two_sided(n13, 1.0, 0.0, STEFAN_BOLTZMANN), 3, note="154 kW"),
        Row("1400 W/m2 of planform, sink 220 K", "K", two_sided(n13, 1.0, SINK, STEFAN_BOLTZMANN), 3, note="154 kW"),
        Row("array of 250 W/m2 for 150 kW", "m2", PEAK / 250.0, 0, note="press: 250 W/m2"),
        Row("mass at 70 kW/t", "t", PEAK / 70e3, 3, note="press: 70 kW/t"),
    ]


def causes(runs: Runs) -> list[Step]:
    """Tubes [degC] at 120 kW, from the printed balance to the run."""
    return [
        Step("as printed, planform read", degC(two_sided(SUSTAINED, AREA))),
        Step("Stefan-Boltzmann constant to ten digits", degC(two_sided(SUSTAINED, AREA, sigma=STEFAN_BOLTZMANN))),
        Step(
            f"Earth edge-on at 700 km ({EXACT:.4f} of the view, 261 W/m2) and albedo, not surroundings of 220 K",
            degC(uniform(SUSTAINED / AREA, surroundings(), 2 * EPSILON, SPACE)),
        ),
        Step("heat spreads from tubes every 100 mm through 1.5 mm of aluminium (run `sustained`)", runs["sustained"]["tube_degC"]),
        Step("150 kW, not 120 (run `peak`)", runs["peak"]["tube_degC"]),
    ]


def array() -> float:
    """Temperature of an array that faces the Sun beside it, 250 W/m2 drawn [K]; its optics are those of the bifacial panel."""
    from systems.bifacial_panel import ALPHA as CELLS
    from systems.bifacial_panel import BACK, FRONT

    return uniform(-250.0, CELLS * SUN + (FRONT + BACK) * EXACT * EARTH, FRONT + BACK, SPACE)


def left_for_arrays() -> float:
    """View factor from each face of the radiator to black array backs that would make up the surroundings of 220 K [-]."""
    alone = surroundings() / (2 * EPSILON * STEFAN_BOLTZMANN)  # K^4
    return (SINK**4 - alone - SPACE**4) / array() ** 4


def needs(runs: Runs) -> list[Row]:
    """What 75 degC at the tubes take, and what 220 K leave for the arrays."""
    strip, run = 0.1, runs["peak"]
    strips = PEAK / run["load_at_limit_W"]
    alone = (surroundings() / (2 * EPSILON * STEFAN_BOLTZMANN) + SPACE**4) ** 0.25
    return [
        Row("radiator for 150 kW with tubes of 75 degC", "m2", strips * strip, 1, note=f"{strips:.0f} strips, planform"),
        Row("load that 110 m2 carry with tubes of 75 degC", "kW", run["load_at_limit_W"] * 1.1, 1),
        Row("surroundings of the case", "K", alone, 1, note="220 K printed"),
        Row("arrays beside it, 250 W/m2 drawn", "K", array(), 1, note="0.92 absorbed, 0.85 + 0.90 emitted; assumptions"),
        Row("view of such arrays that makes the surroundings 220 K", "-", left_for_arrays(), 3, note="of each face; black backs"),
    ]


def balance(runs: Runs) -> list[Row]:
    """The absorbed heat of the run `sustained`, and the same in closed form."""
    run, lit = runs["sustained"], albedo_edge_on(ALTITUDE, 90, EQUATOR)
    closed = {"earth_infrared": 2 * EPSILON * EXACT * EARTH, "albedo": 2 * ALPHA * ALBEDO * SUN * lit}
    rows = [
        Row(f"{path.replace('_', ' ')} absorbed", "W/m2", run[f"{path}_W"] / AREA, 2, note=f"closed form {value:.2f}")
        for path, value in closed.items()
    ]
    by_hand = degC(tube_by_hand(SUSTAINED / AREA, 2 * EPSILON, surroundings()))
    return [*rows, Row("tube, mean", "degC", run["tube_mean_degC"], 2, note=f"fin equation and bond {by_hand:.2f}")]
