"""The [radiation] table: how far parts see, shade and heat one another, and how finely that is traced."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval


@dataclass(frozen=True, slots=True)
class Radiation:
    """View factors, shadows and exchange between parts."""

    #: parts see, shade and heat one another; open: each face sees space and planet as if it were alone
    model: Literal["exchange", "open"] = "exchange"
    rays: Annotated[int, "-", Interval(ge=64, le=10_000_000)] = 4096  #: rays for the view factors of each group of facets
    #: rays towards the Sun for each facet and direction; several smooth the edge of a shadow
    sun_rays: Annotated[int, "-", Interval(ge=1, le=10_000)] = 16
    planet_rays: Annotated[int, "-", Interval(ge=64, le=10_000_000)] = 1024  #: rays towards the planet for each group of facets
    cluster: Annotated[float, "mm", Gt(0)] | None = None  #: largest size of a group of facets; chosen from the parts when not given
    seed: Annotated[int, "-", Ge(0)] = 0  #: of the rays; the same seed gives the same result
    positions: Annotated[int, "-", Interval(ge=1, le=3600)] = 12  #: poses per orbit at which the exchange is traced where parts turn
    #: largest error of the sum of a group's view factors as traced; beyond it the run ends
    closure_limit: Annotated[float, "-", Gt(0)] = 0.05
    closed: tuple[str, ...] = ()  #: patterns of faces that see no sky, such as "case:in*"; sky that they do see is a fault
    bounces: Annotated[int, "-", Interval(ge=0, le=1000)] = 8  #: mirror reflections of sunlight that are followed

    def __post_init__(self) -> None:
        if self.closed and self.model == "open":
            raise ValueError(
                'closed names faces that see no sky, and model = "open" lets every face see it; use "exchange" or leave it out'
            )
