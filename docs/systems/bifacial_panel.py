"""Closed forms of docs/systems/bifacial_panel.md."""

from __future__ import annotations

from math import cos, pi, radians

from systems.formulas import PRINTED_SIGMA, SPACE, STEFAN_BOLTZMANN, Row, Runs, Step, albedo_edge_on, degC, edge_on, uniform

ALPHA, FRONT, BACK = 0.92, 0.85, 0.90
SUN, ALBEDO, EARTH, COLD = 1361.0, 0.30, 237.0, 3.0
ALTITUDE, RADIUS = 550.0, 6371.0
NADIR = (RADIUS / (RADIUS + ALTITUDE)) ** 2
FLOOR, PLACES = 0.05, 72  # of the factor towards nadir; places around the orbit
EXACT = edge_on(ALTITUDE)
DROP = 10.0  # K from die to radiator
POWER, PANEL = 27e3, 116.0  # W, m2
EFFICIENCY = 0.22


def his_factors(beta: float) -> tuple[float, float]:
    """Orbit means of his view factors of front and back [-]: a cosine, with a floor where it is not positive; beta in degrees."""

    def clipped(cosine: float) -> float:
        return NADIR * (cosine if cosine > 0 else FLOOR)

    places = [cos(radians(beta)) * cos(2 * pi * i / PLACES) for i in range(PLACES)]
    return sum(map(clipped, places)) / PLACES, sum(clipped(-c) for c in places) / PLACES


def equilibrium(front: float, back: float, albedo: float, sigma: float = PRINTED_SIGMA, cold: float = COLD) -> float:
    """Temperature of an isothermal panel [K]; all sunlight ends as heat.

    Args:
        front, back: View factors to the Earth.
        albedo: On the front over albedo times sunlight.
    """
    absorbed = ALPHA * SUN + EARTH * (FRONT * front + BACK * back) + ALPHA * SUN * ALBEDO * albedo
    return uniform(0.0, absorbed, FRONT + BACK, cold, sigma)


def his(beta: float) -> float:
    front, back = his_factors(beta)
    return equilibrium(front, back, front * cos(radians(beta)))


def printed() -> list[Row]:
    """Figures of the published replication, with his view factors."""
    sweep = {90: "335.75", 75: "338.24", 60: "341.28", 30: "347.12", 0: "349.58"}
    rows = [Row(f"panel at beta {beta} deg, his view factors", "K", his(beta), 4, text) for beta, text in sweep.items()]
    return [
        *rows,
        Row("his view factor edge-on", "-", his_factors(90)[0], 4, "0.0212", note="a twentieth of 0.8474"),
        Row("exact view factor edge-on", "-", EXACT, 8, note=f"{EXACT / his_factors(90)[0]:.0f} times his"),
        Row("panel at beta 90 deg, exact view factor", "K", equilibrium(EXACT, EXACT, 0.0), 2, note="his balance else"),
        Row("electricity asked of the panel", "W/m2", POWER / PANEL, 1, note=f"{POWER / PANEL / SUN * 100:.1f} % of the sunlight"),
        Row("mass per GW at 36.5 W/kg", "kt", 1e9 / 36.5 / 1e6, 1),
    ]


def causes(runs: Runs) -> list[Step]:
    """Hottest point of the processor [degC], from his balance to the run."""
    run = runs["panel"]
    lit = albedo_edge_on(ALTITUDE, 0)
    return [
        Step("as printed, with his 10 K from panel to die", degC(his(90)) + DROP),
        Step("view factor edge-on 0.2578, not 0.0212", degC(equilibrium(EXACT, EXACT, 0.0)) + DROP),
        Step("Stefan-Boltzmann constant, 2.725 K", degC(equilibrium(EXACT, EXACT, 0.0, STEFAN_BOLTZMANN, SPACE)) + DROP),
        Step("albedo of the ground lit at the terminator, not none", degC(equilibrium(EXACT, EXACT, lit, STEFAN_BOLTZMANN, SPACE)) + DROP),
        Step("heat spreads from one processor of 100 mm through 1.5 mm of aluminium (run)", run["processor_degC"]),
    ]


def needs(runs: Runs) -> list[Row]:
    """What keeps the die at 85 degC, and what the cells owe."""
    run = runs["panel"]
    load = POWER / PANEL
    return [
        Row("thickness of the panel at a die of 85 degC", "mm", run["thickness_at_limit_mm"], 2, note="58.2 W every 0.25 m2"),
        Row("its mass", "kg/m2", run["thickness_at_limit_mm"] * 2.7, 1, note="a satellite has 6.4 in all"),
        Row("electricity that cells of 22 % give at their temperature", "W/m2", run["electricity_W_m2"], 1, note=f"load {load:.1f}"),
        Row("cells that serve the load after five years", "%", EFFICIENCY * 100 * load / (run["electricity_W_m2"] * 0.975**5), 1),
    ]
