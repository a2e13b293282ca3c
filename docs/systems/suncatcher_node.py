"""Closed forms of docs/systems/suncatcher_node.md."""

from __future__ import annotations

from math import exp

from systems.formulas import SPACE, STEFAN_BOLTZMANN, ZERO, Row, Runs, Step, degC, edge_on, uniform

from orbit.planet import sphere_view_factor

CHIPS, CHIP, AVIONICS, PARASITIC = 4, 300.0, 150.0, 100.0  # W
AREA, EPSILON, ALPHA = 4.0, 0.85, 0.15
CHAIN = {"junction to case": 0.150, "interface": 0.020, "base": 0.060, "heat pipe": 0.050, "radiator": 0.020}  # K/W, optimised
BEFORE = 0.350  # K/W, with 0.040 and 0.080 of interface and heat pipe
LIMIT, ALTITUDE = 125.0, 650.0
SUN, ALBEDO, EARTH = 1367.0, 0.30, 237.0
MASS, SPECIFIC_HEAT, SHADOW, LOST = 54.0, 900.0, 300.0, 100.0


def radiator(heat: float) -> float:
    """Temperature of the radiator without surroundings [degC]."""
    return degC(uniform(heat / AREA, 0.0, EPSILON))


def cooled() -> float:
    """Radiator after 300 s without 100 W [degC]: C dT/dt = Q - 100 W - eps sigma A T^4, not linearised."""
    from scipy.integrate import solve_ivp

    heat = CHIPS * CHIP + AVIONICS + PARASITIC
    start = uniform(heat / AREA, 0.0, EPSILON)

    def rate(_: float, T: float) -> float:
        return (heat - LOST - EPSILON * STEFAN_BOLTZMANN * AREA * T**4) / (MASS * SPECIFIC_HEAT)

    return degC(float(solve_ivp(rate, (0.0, SHADOW), [start], rtol=1e-12, atol=1e-10).y[0, -1]))


def printed() -> list[Row]:
    """Figures of v1.2, with its inputs."""
    heat = CHIPS * CHIP + AVIONICS + PARASITIC
    warm, chain = radiator(heat), sum(CHAIN.values())
    sphere = float(sphere_view_factor((6371.0 + ALTITUDE) / 6371.0))
    film = 4 * EPSILON * STEFAN_BOLTZMANN * (warm + ZERO) ** 3
    slow, fall = MASS * SPECIFIC_HEAT / (film * AREA), LOST / (film * AREA)
    pipes = 0.080 * (8 / 7 - 1)
    return [
        Row("heat", "W", heat, 0, "1450"),
        Row("radiator, one side, no surroundings", "degC", warm, 6, "21.34"),
        Row("resistance, before optimising", "K/W", BEFORE, 3, "0.350"),
        Row("resistance, after", "K/W", chain, 3, "0.300"),
        Row("junction", "degC", warm + CHIP * chain, 4, "111.3"),
        Row("junction, one of eight heat pipes out", "degC", warm + CHIP * (chain + pipes), 4, "114.8"),
        Row("view factor (of a small sphere)", "-", sphere, 5, "0.290"),
        Row("view factor of a face edge-on to the Earth", "-", edge_on(ALTITUDE), 5, note="0.823 for one that faces it"),
        Row("sunlight on 4 m2", "W", ALPHA * SUN * AREA, 1, "820"),
        Row("albedo on 4 m2", "W", ALPHA * SUN * ALBEDO * sphere * AREA, 1, "71"),
        Row("Earth infrared on 4 m2", "W", EPSILON * EARTH * sphere * AREA, 1, "234"),
        Row("linearised film", "W/m2K", film, 3, "4.92"),
        Row("time constant", "s", slow, 1, "2468"),
        Row("steady change without 100 W", "K", -fall, 3, "-5.08"),
        Row("after 300 s of shadow, linearised", "degC", warm - fall * (1 - exp(-SHADOW / slow)), 6, "20.76"),
        Row("after 300 s of shadow, not linearised", "degC", cooled(), 6, "20.76"),
        Row("largest power of a passive chip: 125 / 0.300", "W", LIMIT / chain, 3, "417", note="forgets the radiator's 21.3 degC"),
        Row("the same above the radiator: (125 - 21.34) / 0.300", "W", (LIMIT - warm) / chain, 3, note="346 in a later file"),
        Row("Google: dose of the first irregularities over that of five years", "-", 2000.0 / 750.0, 2, note="2 krad, 750 rad(Si)"),
        Row("Google: dose without hard failure over that of five years", "-", 15e3 / 750.0, 0, note="15 krad"),
    ]


def causes(runs: Runs) -> list[Step]:
    """Hottest junction [degC] in the eclipse season, from the published balance to the run."""
    run = runs["eclipse_season"]
    rise = CHIP * sum(CHAIN.values())
    own = CHIPS * CHIP + AVIONICS
    infrared, light = run["earth_infrared_W"], run["albedo_W"] + run["sun_W"]

    def at(heat: float) -> float:
        return degC(uniform(heat / AREA, 0.0, EPSILON, SPACE)) + rise

    return [
        Step("as printed", radiator(own + PARASITIC) + rise),
        Step("without the 100 W that stand for the surroundings", at(own)),
        Step(f"Earth infrared: {infrared:.0f} W, orbit mean", at(own + infrared)),
        Step(f"albedo and sunlight: {light:.0f} W, orbit mean", at(own + infrared + light)),
        Step(f"converters of array and battery: {run['regulators_W']:.0f} W", at(own + infrared + light + run["regulators_W"])),
        Step("heat spreads through plates, pipes and sheet (mean of the warmest chip), not by 0.300 K/W", run["junction_mean_degC"]),
        Step("its hottest point and moment, not its mean", run["junction_degC"]),
    ]


def needs(runs: Runs) -> list[Row]:
    """What the node would need, by further runs of the case."""
    season, hot = runs["eclipse_season"], runs["hot"]
    return [
        Row("power of a chip at a junction of 125 degC, no margin", "W", season["load_at_limit_W"], 1, note="eclipse season"),
        Row(
            "junction with one of eight heat pipes out",
            "degC",
            season["pipe_out_degC"],
            1,
            note="pipes times 7/8, smeared",
        ),
        Row("hottest junction, hot case", "degC", hot["junction_degC"], 1, note="perihelion fluxes, no shadow"),
        Row("array", "m2", season["array_m2"], 2, note="end of five years; sized by the eclipse season"),
        Row("battery", "Wh", season["pack_Wh"], 0, note=f"30 % depth; shadow of {season['eclipse_s'] / 60:.1f} min"),
    ]
