"""What can be prescribed on named faces: a temperature, a film to a fluid, a flux, or radiation to a sink of its own.

All of it acts beside the coating: what is lit goes on absorbing sunlight, and what emits goes on emitting but where a `Sink` says to what.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval


@dataclass(frozen=True, slots=True)
class FixedTemperature:
    """Faces held at a temperature, constant or varying as mean + amplitude sin(2 pi t / period)."""

    kind: Literal["temperature"]
    faces: str  #: face name or pattern, e.g. "bar:-x"
    temperature: Annotated[float, "degC", Ge(0)]  #: the temperature held (the mean, with an amplitude)
    amplitude: Annotated[float, "K"] = 0.0  #: amplitude of a sine added to it
    period: Annotated[float, "s", Gt(0)] | None = None  #: period of that sine

    def __post_init__(self) -> None:
        if (self.amplitude != 0.0) != (self.period is not None):
            raise ValueError("amplitude_K and period_s go together: a sine has both")
        if abs(self.amplitude) > self.temperature:
            raise ValueError(f"amplitude is {abs(self.amplitude):g} K, more than the mean of {self.temperature:g} K: below absolute zero")


@dataclass(frozen=True, slots=True)
class Film:
    """Convection to a fluid of given temperature, beside the coating's radiation."""

    kind: Literal["film"]
    faces: str  #: face name or pattern
    h: Annotated[float, "W_m2K", Gt(0)]  #: film coefficient
    fluid: Annotated[float, "degC", Ge(0)]  #: fluid temperature


@dataclass(frozen=True, slots=True)
class Flux:
    """Heat flux into the faces."""

    kind: Literal["flux"]
    faces: str  #: face name or pattern
    flux: Annotated[float, "W_m2"]  #: heat flux, positive into the part


@dataclass(frozen=True, slots=True)
class Sink:
    """Grey radiation to a black surrounding of given temperature, in place of the coating's infrared; sunlight it goes on absorbing."""

    kind: Literal["radiation"]
    faces: str  #: face name or pattern
    emittance: Annotated[float, "-", Interval(gt=0, le=1)]  #: infrared emittance
    sink: Annotated[float, "degC", Ge(0)]  #: temperature of the surroundings


Boundary = FixedTemperature | Film | Flux | Sink
