"""Closed forms of docs/systems/starcloud_rack.md."""

from __future__ import annotations

from systems.dawn_dusk_node import dark_year
from systems.formulas import (
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

from power.system.sizing import radiator_area, radiator_flux

ALPHA, EPSILON, MEAN = 0.09, 0.92, ZERO + 20.0
SUN, ALBEDO, EARTH, FACTOR = 1366.0, 0.30, ZERO - 20.0, 0.25  # page 9
LOAD = 120e3  # page 11
OUR_SUN, OUR_EARTH, ALTITUDE = 1361.0, 237.0, 550.0
EXACT = edge_on(ALTITUDE)


def net(infrared_absorptance: float, sigma: float = PRINTED_SIGMA) -> float:
    """Their balance at 20 degC [W/m2]. The program absorbs infrared with the emittance alone: their 0.09 goes in as less infrared."""
    infrared = FACTOR * sigma * EARTH**4 * infrared_absorptance / EPSILON
    light = SUN + FACTOR * ALBEDO * SUN
    return float(radiator_flux(MEAN, EPSILON, sink=0.0, faces=2, absorptance=ALPHA, sunlight=light, infrared=infrared, sigma=sigma))


def exact(faces_that_see_the_earth: int, sunlit: int) -> float:
    """With 1361 W/m2, 237 W/m2, the exact view factor and no albedo [W/m2]."""
    infrared = faces_that_see_the_earth * EXACT * OUR_EARTH
    return float(radiator_flux(MEAN, EPSILON, sink=0.0, faces=2, absorptance=ALPHA, sunlight=sunlit * OUR_SUN, infrared=infrared))


def printed() -> list[Row]:
    """The paper's figures, and those that it does not print, with its inputs."""
    emitted = float(radiator_flux(MEAN, EPSILON, sink=0.0, faces=2, sigma=PRINTED_SIGMA))
    black = float(radiator_flux(MEAN, 1.0, sink=0.0, faces=2, sigma=PRINTED_SIGMA))
    albedo, infrared = FACTOR * ALBEDO * SUN, FACTOR * PRINTED_SIGMA * EARTH**4
    published = net(ALPHA)
    field = 16e6  # m2: 4 km x 4 km
    return [
        Row("emitted by both faces at 20 degC", "W/m2", emitted, 4, "770.48"),
        Row("sunlight absorbed by one face", "W/m2", ALPHA * SUN, 4, "122.94"),
        Row("Earth absorbed, infrared with 0.09", "W/m2", ALPHA * (albedo + infrared), 4, "14.46"),
        Row("net", "W/m2", published, 4, "633.08"),
        Row("a black plate at 20 degC, both faces", "W/m2", black, 1, "838", note="837.5 by its own constants"),
        Row("radiator of 120 kW", "m2", float(radiator_area(LOAD, published)), 3, note="not printed; follows"),
        Row("radiator of 40 MW", "m2", float(radiator_area(40e6, published)), 0, note="not printed; follows"),
        Row("Earth absorbed, infrared with 0.92", "W/m2", ALPHA * albedo + EPSILON * infrared, 2, note="Kirchhoff"),
        Row("net, infrared with 0.92", "W/m2", net(EPSILON), 2, note="Kirchhoff"),
        Row("view factor edge-on, 550 km", "-", EXACT, 8, note="0.25 in the paper"),
        Row("net, exact, shielded from the Sun", "W/m2", exact(2, 0), 4, note="both faces see the Earth"),
        Row("net, exact, one face in the Sun", "W/m2", exact(2, 1), 4, note="both faces see the Earth"),
        Row("the same, shielded, the Earth counted once", "W/m2", exact(1, 0), 4, note="as the paper counts"),
        Row("the same, sunlit, the Earth counted once", "W/m2", exact(1, 1), 4, note="as the paper counts"),
        Row("16 km2 of cells at 22 %, 1366 W/m2", "GW", field * SUN * 0.22 / 1e9, 3, note="called 5 GW"),
        Row("the same, 1361 W/m2", "GW", field * OUR_SUN * 0.22 / 1e9, 3),
        Row("what 5 GW from 16 km2 ask of the cells", "%", 5e9 / field / SUN * 100, 1, note="no packing, heat or ageing counted"),
        Row(
            "sunlit part of a dawn-dusk year, 550 km",
            "%",
            100 * dark_year(ALTITUDE)[1],
            2,
            note="over 95 % printed",
        ),
        Row("energy: (2 + 5) M$ over 40 MW and ten years", "$/kWh", 7e6 / (40e3 * 10 * 8760), 4, "0.002"),
    ]


def causes(runs: Runs) -> list[Step]:
    """Temperature of the tubes [degC] with 120 kW on 189.55 m2, from the paper's balance to the run."""
    heat = LOAD / float(radiator_area(LOAD, net(ALPHA)))
    both = 2 * EPSILON
    infrared, albedo = FACTOR * STEFAN_BOLTZMANN * EARTH**4, FACTOR * ALBEDO * SUN

    def at(absorbed: float, sink: float = 0.0, sigma: float = STEFAN_BOLTZMANN) -> float:
        return degC(uniform(heat, absorbed, both, sink, sigma))

    terminator = ALBEDO * OUR_SUN * (albedo_edge_on(ALTITUDE, 0) + albedo_edge_on(ALTITUDE, 180))
    ours = ALPHA * OUR_SUN + 2 * EPSILON * EXACT * OUR_EARTH
    return [
        Step("as printed", at(ALPHA * (SUN + albedo + FACTOR * PRINTED_SIGMA * EARTH**4), sigma=PRINTED_SIGMA)),
        Step("Stefan-Boltzmann constant to ten digits", at(ALPHA * (SUN + albedo + infrared))),
        Step("Earth infrared absorbed with 0.92 (Kirchhoff), not 0.09", at(ALPHA * (SUN + albedo) + EPSILON * infrared)),
        Step("both faces see the Earth, not one", at(ALPHA * (SUN + 2 * albedo) + both * infrared)),
        Step("view factor 0.257773, not 0.25", at(ALPHA * SUN + EXACT / FACTOR * (ALPHA * 2 * albedo + both * infrared))),
        Step("1361 and 237 W/m2, not 1366 and 232.9", at(ours + ALPHA * 2 * EXACT * ALBEDO * OUR_SUN)),
        Step("albedo of the ground that is lit at the terminator, not of noon", at(ours + ALPHA * terminator, SPACE)),
        Step("heat spreads from tubes every 100 mm through 1.5 mm of aluminium (run `new`)", runs["new"]["tube_degC"]),
        Step("absorptance 0.20 at end of life, not 0.09 (run `aged`)", runs["aged"]["tube_degC"]),
    ]


def needs(runs: Runs) -> list[Row]:
    """What would hold 20 degC at the tubes, by runs of the case with more strips."""
    planform = 0.1 * 0.997632
    rows = []
    for life, words in (("new", "new"), ("aged", "at end of life")):
        strips = LOAD / runs[life]["load_at_limit_W"]
        rows += [
            Row(f"radiator that holds 20 degC {words}", "m2", strips * planform, 1, note=f"{strips:.0f} strips"),
            Row(f"load that 189.55 m2 hold at 20 degC {words}", "kW", runs[life]["load_at_limit_W"] * 1.9, 1),
        ]
    hotter = runs["aged"]["tube_degC"]
    return [*rows, Row("or tubes as warm as", "degC", hotter, 1, note="189.55 m2, 120 kW, at end of life")]


def balance(runs: Runs) -> list[Row]:
    """The absorbed heat of the run `new`, and the same in closed form."""
    area = 1900 * 0.1 * 0.997632
    terminator = albedo_edge_on(ALTITUDE, 0) + albedo_edge_on(ALTITUDE, 180)
    closed = {"sun": ALPHA * OUR_SUN, "earth_infrared": 2 * EPSILON * EXACT * OUR_EARTH, "albedo": ALPHA * ALBEDO * OUR_SUN * terminator}
    rows = [
        Row(f"{path.replace('_', ' ')} absorbed", "W/m2", runs["new"][f"{path}_W"] / area, 2, note=f"closed form {value:.2f}")
        for path, value in closed.items()
    ]
    by_hand = degC(tube_by_hand(LOAD / area, 2 * EPSILON, sum(closed.values())))
    return [*rows, Row("tube, mean", "degC", runs["new"]["tube_mean_degC"], 2, note=f"fin equation and bond {by_hand:.2f}")]
