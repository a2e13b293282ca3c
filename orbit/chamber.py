"""A thermal-vacuum chamber or a bench in place of the orbit: shroud, lamp, and film to air."""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt

from orbit.constants import ZERO_CELSIUS


@dataclass(frozen=True, slots=True, kw_only=True)
class Chamber:
    """Surroundings of a test: everything the parts radiate to is the shroud."""

    kind: Literal["chamber"] = "chamber"
    shroud: Annotated[float, "degC", Ge(0.0)]  #: temperature of the black shroud
    lamp_flux: Annotated[float, "W_m2", Ge(0.0)] = 0.0  #: parallel light at the test article
    lamp_direction: Annotated[tuple[float, float, float], "-"] = (0.0, 0.0, 1.0)  #: from the article to the lamp, body frame, any length
    film: Annotated[float, "W_m2K", Ge(0.0)] = 0.0  #: film coefficient to the air on every outer face that is not insulated; zero in vacuum
    air: Annotated[float, "degC", Ge(0.0)] = 20.0 + ZERO_CELSIUS  #: temperature of the air
    duration: Annotated[float, "s", Gt(0.0)] = 5400.0  #: length of one cycle: the period that periodic results refer to

    def __post_init__(self) -> None:
        if not np.linalg.norm(self.lamp_direction) > 0:
            raise ValueError("environment.lamp_direction must not be a zero vector")

    def said(self) -> str:
        """The chamber in a sentence."""
        light = "no lamp" if self.lamp_flux == 0 else f"lamp of {self.lamp_flux:g} W/m2, parallel and of solar spectrum"
        air = "vacuum" if self.film == 0 else f"film of {self.film:g} W/m2K to air at {self.air - ZERO_CELSIUS:g} degC"
        return f"test chamber: black shroud at {self.shroud - ZERO_CELSIUS:g} degC all around, {light}, {air}; no planet"
