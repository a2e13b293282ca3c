"""Figures of 2026 that are no case: what follows from them, in closed form (docs/systems/overview.md)."""

from __future__ import annotations

from systems.formulas import STEFAN_BOLTZMANN, ZERO, Row, degC, edge_on, uniform

SUN, EARTH = 1361.0, 237.0


def allowed_absorptance(kelvin: float, emittance: float, infrared: float) -> float:
    """Solar absorptance of a panel that faces the Sun and turns all of it into heat, at a temperature [K].

    Args:
        emittance: Of both faces together.
        infrared: From the Earth on each face [W/m2].
    """
    return emittance * (STEFAN_BOLTZMANN * kelvin**4 - infrared) / SUN


def printed() -> list[Row]:
    """Published figures in other words."""
    panel, dense, sparse = 1000.0 / 2.75, 1e6 / 1200.0, 1000.0 / 2.5
    forty, earth = ZERO + 40.0, edge_on(650.0) * EARTH
    return [
        Row("1 kW on 2.75 m2 (arXiv 2604.07760)", "W/m2", panel, 1, "363.6", note=f"{panel / SUN * 100:.1f} % of the sunlight"),
        Row("absorptance that 40 degC allow, 0.9 + 0.9 emitted, no Earth", "-", allowed_absorptance(forty, 1.8, 0.0), 5),
        Row("the same with the Earth, 650 km, edge-on", "-", allowed_absorptance(forty, 1.8, earth), 5),
        Row("such a panel with 0.92 absorbed, 0.85 + 0.90 emitted, no Earth", "degC", degC(uniform(0.0, 0.92 * SUN, 1.75)), 1),
        Row("1 MW on 5640 m2 of array (arXiv 2604.27197)", "W/m2", 1e6 / 5640.0, 3),
        Row("1 MW on 2500 m2 of radiator (arXiv 2604.27197)", "W/m2", 1e6 / 2500.0, 0),
        Row("1200 m2 of radiator per MW", "W/m2", dense, 1),
        Row("its temperature, two sides of 0.9", "K", uniform(dense, 0.0, 1.8), 3),
        Row("its temperature, one side of 0.9", "K", uniform(dense, 0.0, 0.9), 3),
        Row("2.5 m2 of radiator per kW", "W/m2", sparse, 0),
        Row("its temperature, two sides of 0.9", "K", uniform(sparse, 0.0, 1.8), 3),
        Row("its temperature, one side of 0.9", "K", uniform(sparse, 0.0, 0.9), 3),
    ]
