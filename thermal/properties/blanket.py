"""Multilayer insulation: an outer layer with its own temperature, coupled to the skin below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Interval
from numpy.typing import NDArray

from thermal.properties.ageing import beyond
from thermal.properties.coating import Coating


@dataclass(frozen=True, slots=True)
class Blanket:
    """Multilayer insulation on a face; a face wears it by its name in place of a coating's.

    Heat from the skin to the outer layer: effective emittance x sigma (T_skin^4 - T_outer^4) + conductance x (T_skin - T_outer).
    """

    outer: str  #: coating of the outer layer
    effective_emittance: Annotated[float, "-", Interval(ge=0, le=1)]  #: of all layers between the skin and the outer layer
    source: str  #: test, handbook or DOI
    conductance: Annotated[float, "W_m2K", Ge(0)] = 0.0  #: by conduction between skin and outer layer: seams, spacers, edges

    @property
    def passes_heat(self) -> bool:
        """Whether any heat goes through it."""
        return self.effective_emittance > 0 or self.conductance > 0


def ideal_effective_emittance(shields: int, emittance: float) -> float:
    """Effective emittance [-] of `shields` parallel foils of one emittance on both sides, between two surfaces of that emittance.

    Shields in series, radiation only: 1 / ((N + 1)(2 / eps - 1)).

    Raises:
        ValueError: fewer shields than none, or an emittance that is none.

    >>> round(ideal_effective_emittance(10, 0.03), 8)
    0.0013844
    """
    if shields < 0 or not 0 < emittance <= 1:
        raise ValueError(
            f"{shields} shields of emittance {emittance:g}: the number must not be negative, the emittance above 0 and up to 1"
        )
    return 1.0 / ((shields + 1) * (2.0 / emittance - 1.0))


def outer_coating(name: str, coatings: Mapping[str, Coating], blankets: Mapping[str, Blanket]) -> Coating:
    """Coating that a face shows to the outside: the one of that name, or that of the blanket's outer layer."""
    return coatings[blankets[name].outer if name in blankets else name]


def optics(
    names: Sequence[str],
    coatings: Mapping[str, Coating],
    blankets: Mapping[str, Blanket],
    life: Literal["bol", "eol"],
    sun: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Solar absorptance and infrared emittance that faces show to the outside, and what had to be assumed of their age.

    Args:
        names: coating or blanket of each face, (f,).
        coatings: by name.
        blankets: by name.
        life: beginning or end of life.
        sun: equivalent time in the Sun at end of life [s], (f,); needed where a coating ages by a law.

    Returns:
        (f, 2), and a sentence for each coating aged beyond the hours of Sun that its law was measured for.

    Raises:
        ValueError: end of life of a coating that ages by a law, without `sun`.
    """
    found = np.empty((len(names), 2))
    longest: dict[str, float] = {}
    for i, name in enumerate(names):
        chosen = outer_coating(name, coatings, blankets)
        time = None if sun is None else float(sun[i])
        found[i] = chosen.at(life, time)
        if life == "eol" and chosen.ageing is not None and time is not None:
            label = blankets[name].outer if name in blankets else name
            longest[label] = max(time, longest.get(label, 0.0))
    laws = {label: law for label in longest if (law := coatings[label].ageing) is not None}
    said = [beyond(label, law, longest[label]) for label, law in laws.items()]
    return found, tuple(sentence for sentence in said if sentence)


_OUTER = "; outer layer aluminised Kapton"

#: Blankets by the figure that stands for them. What a blanket does in flight depends on its seams and its area: prefer a test of your own.
LIBRARY: dict[str, Blanket] = {
    "mli_small": Blanket("kapton_al_1mil", 0.05, "small blankets: TU Delft thesis table, citing thermalengineer.com" + _OUTER),
    "mli_typical_poor": Blanket(
        "kapton_al_1mil", 0.03, "upper end of the range 0.015 to 0.03 that is commonly quoted, no test report behind it" + _OUTER
    ),
    "mli_typical_good": Blanket(
        "kapton_al_1mil", 0.015, "lower end of the range 0.015 to 0.03 that is commonly quoted, no test report behind it" + _OUTER
    ),
    "mli_ideal_10": Blanket(
        "kapton_al_1mil",
        ideal_effective_emittance(10, 0.03),
        "computed: 10 shields of emittance 0.03, 1/((N+1)(2/eps-1)), radiation only; blankets as built are 10 to 20 times worse" + _OUTER,
    ),
}
