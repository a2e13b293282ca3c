"""Strings and wings: cells in series, strings in parallel, partial shadow with and without bypass diodes, and named losses.

How shadow on a string counts. Cells in series carry one current. Without bypass diodes the current is that of the worst lit cell. With one
diode across every cell the string may give up its weakest cells: each of them then costs its own voltage and the drop of its diode; the
best number of cells to give up is taken. Where only the lit part f of a string's area is known, its shadow has a sharp edge: a share f of
the cells is fully lit and the others are dark, so that without diodes any f below 1 gives nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Interval
from numpy.typing import ArrayLike, NDArray

from power.solar.cell import Cell, by_fluence, cell, max_power
from power.solar.curve import current, points

type Fraction = Annotated[float, "-", Interval(gt=0, le=1)]

_WHOLE = 1.0 - 1e-9  # lit part of an area that counts as all of it


@dataclass(frozen=True, slots=True)
class Losses:
    """What takes power from every string alike; each stands for one cause, and their product counts."""

    cover_glass: Fraction = 1.0  #: light that cover glass and adhesive pass; 1 for cells whose data sheet is that of the glassed assembly
    pointing: Fraction = 1.0  #: mean cosine of the pointing error, where the geometry does not hold it already
    mismatch: Fraction = 1.0  #: spread of the cells within and between strings
    wiring: Fraction = 1.0  #: harness and blocking diodes

    @property
    def factor(self) -> float:
        """Product of all."""
        return self.cover_glass * self.pointing * self.mismatch * self.wiring


@dataclass(frozen=True, slots=True)
class Wing:
    """Equal strings in parallel."""

    series: Annotated[int, "-", Ge(1)]  #: cells in series of one string
    parallel: Annotated[int, "-", Ge(1)] = 1  #: strings in parallel
    name: str = "wing"  #: how results call it
    cell: str | None = None  #: solar cell of the library; that of the array when not given
    bypass: bool = False  #: true when every cell has a bypass diode
    bypass_drop: Annotated[float, "V", Ge(0)] | None = None  #: forward voltage of a bypass diode; needed with bypass
    faces: str | None = None  #: pattern of the faces that carry its strings, of those of array_faces; all of them by area when not given
    #: body axis along which its strings lie side by side; the longest of the face when not given
    across: Literal["x", "y", "z"] | None = None

    def __post_init__(self) -> None:
        if self.bypass and self.bypass_drop is None:
            raise ValueError("bypass_drop is missing: bypass = true needs the forward voltage of a diode (bypass_drop_V)")
        if not self.bypass and self.bypass_drop is not None:
            raise ValueError("bypass_drop is given but bypass is false; set bypass = true or leave the drop out")
        if self.cell is not None:
            cell(self.cell)

    @property
    def drop(self) -> float:
        """Forward voltage of a bypass diode [V]; 0 without diodes."""
        return self.bypass_drop or 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Lit:
    """Strings of one wing that share a plane and a temperature, over n times."""

    wing: Wing
    irradiance: NDArray[np.float64]  #: (n,) on their plane as if nothing stood in the way [W/m2]
    temperature: NDArray[np.float64]  #: (n,) of the cells [K]
    sunlit: NDArray[np.float64]  #: (n, k) lit part of each string's area [-]
    count: float = 1.0  #: strings that each of the k stands for
    section: int = 0  #: position of their face among the sections of the array


def check_equal(wings: Sequence[Wing], default: str, regulation: Literal["mppt", "det"] = "det") -> None:
    """Refuse unequal strings that would share one voltage.

    Args:
        wings: All wings of the array.
        default: Cell of the wings that name none.
        regulation: Under "det" every string sits at the bus voltage; under "mppt" each string is taken at its own maximum-power point.

    Raises:
        ValueError: strings of different cells or different counts in series, under "det".
    """
    if regulation == "mppt":
        return
    first = wings[0] if wings else None
    for wing in wings[1:]:
        assert first is not None
        for word, one, other in (
            ("cells in series", first.series, wing.series),
            ("cell", first.cell or default, wing.cell or default),
        ):
            if one != other:
                raise ValueError(
                    f"wings: '{first.name}' has {word} = {one} and '{wing.name}' has {word} = {other}; strings in parallel at one bus "
                    "voltage must be equal, since the weaker one would be held off its knee: make them alike or use regulation = 'mppt'"
                )


def cell_area(wings: Sequence[Wing], default: str) -> float:
    """Area of all cells [m2]."""
    return sum(wing.series * wing.parallel * cell(wing.cell or default).area for wing in wings)


def string_power(
    known: Cell,
    wing: Wing,
    irradiance: ArrayLike,
    temperature: ArrayLike,
    *,
    sunlit: ArrayLike = 1.0,
    fluence: float = 0.0,
    coefficient: float | None = None,
    voltage: float | None = None,
) -> NDArray[np.float64]:
    """Power of every string [W], (n, strings); losses are not in it.

    Args:
        known: Data sheet of the cells.
        wing: Cells in series, diodes.
        irradiance: On the strings' plane as if nothing stood in the way, penumbra and cosine included [W/m2]; (n, strings) or (n, 1).
        temperature: Of the cells [K]; (n, strings) or (n, 1).
        sunlit: Lit part of each string's area (n, strings), or of each of its cells (n, strings, series) [-].
        fluence: 1 MeV equivalent electrons per cm2.
        coefficient: Relative change of power per kelvin for cells whose sheet gives none [1/K].
        voltage: Of the bus [V] under direct energy transfer; None takes each string at its own maximum-power point.

    Raises:
        ValueError: `sunlit` by cell does not have `series` cells; diodes on a cell whose sheet gives no current.

    With unequally lit cells (none dark, none whole) the power under direct energy transfer is a lower bound, since better lit cells sit at
    a higher voltage than is taken here; `iv.array_curve` is exact.
    """
    level, count = _choices(np.asarray(sunlit, dtype=float), wing)
    lost = wing.series - count
    sun = (np.asarray(irradiance, dtype=float) / known.irradiance)[..., None]
    warm = np.asarray(temperature, dtype=float)[..., None]
    if voltage is not None:
        each = np.divide(voltage + lost * wing.drop, count, out=np.full(count.shape, np.inf), where=count > 0.0)
        return np.asarray(np.max(voltage * level * sun * current(each, *points(known, warm, fluence)), axis=-1))
    one = max_power(known, sun * known.irradiance, warm, fluence, coefficient) * known.area
    diodes = lost * wing.drop * sun * _current(known, warm, fluence) if wing.drop > 0.0 else 0.0
    return np.asarray(np.max(np.maximum(level * (count * one - diodes), 0.0), axis=-1))


def _choices(sunlit: NDArray[np.float64], wing: Wing) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ways to run a string: share of full current, and cells that carry it; the last axis holds the ways."""
    if np.any(sunlit < 0.0) or np.any(sunlit > 1.0 + 1e-9):
        raise ValueError(f"sunlit must lie between 0 and 1, not {sunlit.min():g} to {sunlit.max():g}")
    if sunlit.ndim == 3:
        if sunlit.shape[-1] != wing.series:
            raise ValueError(f"sunlit has {sunlit.shape[-1]} cells in each string of '{wing.name}', which has {wing.series} in series")
        if not wing.bypass:
            worst = sunlit.min(axis=-1, keepdims=True)
            return worst, np.full(worst.shape, float(wing.series))
        level = -np.sort(-sunlit, axis=-1)
        return level, np.broadcast_to(np.arange(1.0, wing.series + 1.0), level.shape)
    part = sunlit[..., None]
    if wing.bypass:
        return np.ones_like(part), part * wing.series
    return np.where(part >= _WHOLE, 1.0, 0.0), np.full(part.shape, float(wing.series))


def _current(known: Cell, temperature: NDArray[np.float64], fluence: float) -> NDArray[np.float64]:
    """Current of one cell at its maximum-power point under the sheet's sunlight [A]."""
    if known.imp is None:
        raise ValueError("bypass_drop needs a cell whose source gives the current at maximum power; give bypass_drop_V = 0 or another cell")
    imp = by_fluence(fluence, known.fluence, known.imp)
    if known.dimp is None:
        return np.asarray(imp)
    above = temperature - known.temperature
    return np.maximum(imp + by_fluence(fluence, known.coefficient_fluence, known.dimp, hold=True) * above, 0.0)
