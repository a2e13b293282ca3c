"""A thermal-vacuum chamber or a bench in place of the orbit: shroud, lamp, and film to air."""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt

from orbit.elements import EARTH_RADIUS


@dataclass(frozen=True, slots=True, kw_only=True)
class Chamber:
    """Surroundings of a test: everything the parts radiate to is the shroud."""

    kind: Literal["chamber"] = "chamber"
    shroud: Annotated[float, "degC", Ge(0.0)]  #: temperature of the black shroud
    lamp_flux: Annotated[float, "W_m2", Ge(0.0)] = 0.0  #: parallel light at the test article
    lamp_direction: Annotated[tuple[float, float, float], "-"] = (0.0, 0.0, 1.0)  #: from the article to the lamp, body frame, any length
    film: Annotated[float, "W_m2K", Ge(0.0)] = 0.0  #: film coefficient to the air on every outer face; zero in vacuum
    air: Annotated[float, "degC", Ge(0.0)] = 293.15  #: temperature of the air
    duration: Annotated[float, "s", Gt(0.0)] = 5400.0  #: length of one cycle: the period that periodic results refer to

    def __post_init__(self) -> None:
        if not np.linalg.norm(self.lamp_direction) > 0:
            raise ValueError("environment.lamp_direction must not be zero")


def chamber_fields(chamber: Chamber, steps: int) -> dict[str, object]:
    """The fields of an `Environment` in a chamber: constant, no planet, no shadow; the Sun is the lamp."""
    times = np.linspace(0.0, chamber.duration, steps + 1)
    lamp = np.array(chamber.lamp_direction) / np.linalg.norm(chamber.lamp_direction)
    down = np.tile([0.0, 0.0, -1.0], (len(times), 1))
    light = "no lamp" if chamber.lamp_flux == 0 else f"lamp of {chamber.lamp_flux:g} W/m2, parallel and of solar spectrum"
    air = "vacuum" if chamber.film == 0 else f"film of {chamber.film:g} W/m2K to air at {chamber.air - 273.15:g} degC"
    return {
        "period": chamber.duration,
        "times": times,
        "edges": np.empty(0),
        "sun": np.tile(lamp, (len(times), 1)),
        "nadir": down,
        "velocity": np.tile([1.0, 0.0, 0.0], (len(times), 1)),
        "distance": np.full(len(times), 2 * EARTH_RADIUS),
        "illumination": np.ones(len(times)),
        "solar": chamber.lamp_flux,
        "albedo": 0.0,
        "earth_ir": 0.0,
        "sink": chamber.shroud,
        "planet_radius": EARTH_RADIUS,
        "beta": float("nan"),
        "inclination": float("nan"),
        "assumptions": (f"test chamber: black shroud at {chamber.shroud - 273.15:g} degC all around, {light}, {air}; no planet",),
    }
