"""Current and power of the array against voltage at its hottest and coldest moment in sunlight, with the point at which it works."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from power.solar.cell import Cell
from power.solar.cell import cell as cell_of
from power.solar.iv import array_curve, maximum_power
from power.solar.strings import Wing
from power.system.result import PowerResult
from power.system.settings import Power

Floats = NDArray[np.float64]

LIT = 0.5  #: of the strongest sunlight of the orbit: a moment with less does not count as one in sunlight
WHOLE = 0.999  #: visible part of the solar disc that counts as all of it
SAMPLES = 161
SHAPES = {"azur_3g30": "azur_3g30_cic"}  #: bare cells whose sheet gives short and open circuit of the glassed assembly only


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """The array at one moment. `volts` and `amps` are those of the whole array where its strings are known, else of one cell."""

    name: str  #: hottest | coldest
    time: float  #: s
    temperature: float  #: K
    sunlight: float  #: on the plane of the cells [W/m2]
    volts: Floats  #: (k,)
    amps: Floats  #: (k,)
    watts: Floats  #: (k,) of the whole array
    best: tuple[float, float]  #: voltage and power of the array at maximum power
    works: tuple[float, float]  #: voltage and power of the array at what is drawn


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """What the plot of the array shows."""

    moments: tuple[Moment, ...]
    per_cell: bool  #: volts and amps are those of one cell, since the case names no strings
    said: str  #: whose curve it is, in words


def curves(power: Power, found: PowerResult, illumination: Floats | None = None) -> Curves:
    """Curves at the hottest and the coldest moment in sunlight.

    Args:
        power: The [power] table.
        found: Its solution.
        illumination: (n,) visible part of the solar disc at the solution's times; moments in penumbra are left out. None knows of none.

    Raises:
        ValueError: the data sheet lacks a point or coefficient, or the cells see no sunlight.

    Source:
        `power.solar.iv.array_curve`. All strings alike and unshadowed at the mean temperature and sunlight of the cells.
    """
    light = np.zeros(0) if found.sunlight is None else found.sunlight
    whole = np.ones(light.shape, dtype=bool) if illumination is None or not light.size else illumination >= WHOLE
    lit = np.flatnonzero(whole & (light > 0.0) & (light >= LIT * light.max(initial=0.0)))
    if not lit.size:
        raise ValueError("the cells see no sunlight")
    if found.array_area is None:
        raise ValueError("no array carries this load")
    hot, cold = lit[np.argmax(found.temperature[lit])], lit[np.argmin(found.temperature[lit])]
    wing, strings, per_cell = _strings(power, found.array_area)
    known, scale = _sheet(power)
    shown = (("hottest", hot), ("coldest", cold))
    moments = tuple(_moment(name, power, found, int(k), float(light[k]), known, scale, wing, strings, per_cell) for name, k in shown)
    cells = found.array_area * power.packing / power.solar_cell.area
    whose = f"one of {cells:.0f} cells, all alike (no strings given)" if per_cell else f"{strings:.4g} strings of {wing.series} cells"
    borrowed = "" if known is power.solar_cell else f"; short and open circuit after {SHAPES[power.cell]}"
    return Curves(moments, per_cell, f"{power.cell}: {whose}{borrowed}")


def _strings(power: Power, area: float) -> tuple[Wing, float, bool]:
    """One string, how many of them the array has, and whether that "string" is but a cell."""
    cells = area * power.packing / power.solar_cell.area
    series = power.cells_in_series
    if series is None or len({wing.series for wing in power.wings}) > 1:
        return Wing(series=1), cells, True
    return Wing(series=series), cells / series, False


def _sheet(power: Power) -> tuple[Cell, float]:
    """The sheet of the curve, and what its current is multiplied with to be that of the array's cells."""
    own = power.solar_cell
    if own.voc is not None or power.cell not in SHAPES or own.imp is None:
        return own, 1.0
    other = cell_of(SHAPES[power.cell])
    assert other.imp is not None
    return other, own.imp[0] / other.imp[0]


def _moment(
    name: str, power: Power, found: PowerResult, k: int, light: float, known: Cell, scale: float, wing: Wing, strings: float, per_cell: bool
) -> Moment:
    factor = power.array_factor * power.losses.factor * scale
    warm = float(found.temperature[k])
    volts, amps = array_curve(known, wing, light, warm, fluence=power.fluence, factor=factor, samples=SAMPLES)
    watts = volts * amps * strings
    most, at = maximum_power(volts, amps * strings)
    asked = float(found.drawn[k])
    held = None if power.cell_voltage is None else power.cell_voltage * wing.series
    if held is not None:
        works = (held, min(asked, float(np.interp(held, volts, watts))))
    elif asked >= 0.998 * most:
        works = (at, most)
    else:
        beyond = volts >= at  # off its best point a tracker goes towards open circuit
        works = (float(np.interp(-asked, -watts[beyond], volts[beyond])), asked)
    times = found.balance.times[found.balance.given]
    shown = amps if per_cell else amps * strings
    return Moment(name, float(times[k]), warm, light, volts, shown, watts, (at, most), works)
