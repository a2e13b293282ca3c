"""Whether the periodic state is the same from a hot and from a cold start."""

from collections.abc import Callable
from dataclasses import dataclass

from thermal.constants import ZERO_CELSIUS
from thermal.solve.solution import Solution

HOT, COLD = 400.0, 200.0  #: K


@dataclass(frozen=True, slots=True)
class Extremes:
    """Coldest and hottest temperature of a part over the orbit [K]."""

    part: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Starts:
    """The states that the two starts end in; the result is the hot one unless that ran away."""

    hot: tuple[Extremes, ...]  #: empty where it ran away
    cold: tuple[Extremes, ...]  #: empty where it ran away
    tolerance: float  #: within which they count as one [K]
    hot_runaway: str | None = None
    cold_runaway: str | None = None

    @property
    def difference(self) -> float:
        """Largest difference of an extreme of a part [K]; infinite where only one of them ran away."""
        if (self.hot_runaway is None) != (self.cold_runaway is None):
            return float("inf")
        pairs = zip(self.hot, self.cold, strict=True)
        return max((max(abs(a.low - b.low), abs(a.high - b.high)) for a, b in pairs), default=0.0)

    @property
    def agree(self) -> bool:
        """Whether both starts end in one state."""
        return self.difference <= self.tolerance

    def words(self) -> str:
        """One sentence: one state, or two with their figures."""
        begin = f"starts from {HOT:.0f} K and {COLD:.0f} K"
        if self.hot_runaway and self.cold_runaway:
            return f"{begin} both run away"
        if self.agree:
            return f"{begin} end in one state, within {self.difference:.2g} K"
        if self.hot_runaway or self.cold_runaway:
            lost, kept = ("hot", "cold") if self.hot_runaway else ("cold", "hot")
            return f"two states: the {kept} start ends in a periodic state, the {lost} one in {self.hot_runaway or self.cold_runaway}"
        a, b = max(
            zip(self.hot, self.cold, strict=True), key=lambda pair: max(abs(pair[0].high - pair[1].high), abs(pair[0].low - pair[1].low))
        )
        return (
            f"two states: {begin} end apart; {a.part} at {a.low - ZERO_CELSIUS:.1f} to {a.high - ZERO_CELSIUS:.1f} degC from the hot one, "
            f"{b.low - ZERO_CELSIUS:.1f} to {b.high - ZERO_CELSIUS:.1f} degC from the cold one; the figures are those of the hot one"
        )


def from_both(search: Callable[[float, "Solution | None"], Solution], names: tuple[str, ...], tolerance: float) -> tuple[Solution, Starts]:
    """The state from the hot start, or from the cold one where the hot one runs away, and how the two compare.

    Args:
        search: Start [K] and a state that is known already -> the periodic solution; the last call leaves the loads as they belong to it.
        names: Parts, first in the history's groups.
        tolerance: Within which two states count as one [K].
    """
    cold, hot = search(COLD, None), search(HOT, None)

    def parts(found: Solution) -> tuple[Extremes, ...]:
        if found.runaway is not None:
            return ()
        h = found.history
        return tuple(Extremes(name, float(h.coldest[i]), float(h.hottest[i])) for i, name in enumerate(names))

    compared = Starts(parts(hot), parts(cold), tolerance, hot.runaway, cold.runaway)
    if hot.runaway is not None and cold.runaway is None:
        return search(COLD, cold), compared
    return hot, compared
