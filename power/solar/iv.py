"""Current and voltage of a whole array at one moment: cells in series by voltage, strings in parallel by current."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.solar.cell import Cell
from power.solar.curve import Points, points
from power.solar.curve import voltage as cell_voltage
from power.solar.strings import Wing

_NEAR = np.concatenate([[0.0], np.geomspace(1e-7, 1.0, 160)])  # distance below a short-circuit current, as a share of it


def array_curve(
    known: Cell,
    wing: Wing,
    irradiance: ArrayLike,
    temperature: ArrayLike,
    *,
    sunlit: ArrayLike = 1.0,
    fluence: float = 0.0,
    factor: float = 1.0,
    samples: int = 401,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Voltage [V] and current [A] of a wing, from short circuit to open circuit; (samples,) each.

    Args:
        known: Data sheet with all four points and their temperature coefficients.
        wing: Cells in series, strings in parallel, diodes. A blocking diode keeps current from flowing back into any string.
        irradiance: On each string [W/m2]; (parallel,) or one number. Cosine and penumbra included, shadow of other parts not.
        temperature: Of each string [K]; (parallel,) or one number.
        sunlit: Lit part of each string's area (parallel,), or of each of its cells (parallel, series) [-].
        fluence: 1 MeV equivalent electrons per cm2.
        factor: Losses; they scale the current [-].

    Raises:
        ValueError: the data sheet lacks one of the points or coefficients; `sunlit` does not fit the wing.

    Source:
        Cells by Rauschenbach's exponential (see `curve.current`); series and parallel sums are exact, with ideal diodes of constant drop
        and cells that block in reverse.
    """
    sun = np.broadcast_to(np.asarray(irradiance, dtype=float) / known.irradiance, wing.parallel)
    warm = np.broadcast_to(np.asarray(temperature, dtype=float), wing.parallel)
    lit = _by_cell(np.asarray(sunlit, dtype=float), wing)
    sheet = points(known, warm, fluence)
    single = [Points(*(float(np.broadcast_to(x, warm.shape)[k]) for x in sheet)) for k in range(wing.parallel)]  # type: ignore[arg-type]
    curves = [_string(single[k], wing, float(sun[k]), *lit[k]) for k in range(wing.parallel)]
    volts = np.linspace(0.0, max(max(v[-1] for v, _ in curves), 0.0), samples)
    amps = np.sum([np.interp(volts, v, i, right=0.0) for v, i in curves], axis=0)
    return volts, amps * factor


def maximum_power(volts: NDArray[np.float64], amps: NDArray[np.float64]) -> tuple[float, float]:
    """Highest power on a curve [W] and its voltage [V]; the nearest three samples by a parabola."""
    watts = volts * amps
    k = int(np.argmax(watts))
    if k == 0 or k == len(volts) - 1:
        return float(watts[k]), float(volts[k])
    low, mid, high = watts[k - 1 : k + 2]
    bend = low - 2.0 * mid + high
    shift = 0.5 * (low - high) / bend if bend < 0.0 else 0.0
    return float(mid - 0.25 * (low - high) * shift), float(volts[k] + shift * (volts[1] - volts[0]))


def _by_cell(sunlit: NDArray[np.float64], wing: Wing) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Levels of light in each string, and the number of its cells at each."""
    if np.any(sunlit < 0.0) or np.any(sunlit > 1.0 + 1e-9):
        raise ValueError(f"sunlit must lie between 0 and 1, not {sunlit.min():g} to {sunlit.max():g}")
    if sunlit.ndim == 2:
        if sunlit.shape != (wing.parallel, wing.series):
            raise ValueError(f"sunlit is {sunlit.shape}, but '{wing.name}' has {wing.parallel} strings of {wing.series} cells")
        found = (np.unique(row, return_counts=True) for row in sunlit)
        return [(level, count.astype(float)) for level, count in found]
    parts = np.broadcast_to(sunlit, wing.parallel)
    return [(np.array([0.0, 1.0]), wing.series * np.array([1.0 - f, f])) for f in parts]


def _string(
    sheet: Points, wing: Wing, sun: float, level: NDArray[np.float64], count: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Voltage (increasing) and current of one string."""
    level, count = level[count > 1e-9 * wing.series] * sun, count[count > 1e-9 * wing.series]
    ends = level * sheet.isc
    top = ends.max() if wing.bypass else ends.min()
    if top <= 0.0:
        return np.array([0.0, 0.0]), np.array([0.0, 0.0])
    grid = np.unique(np.concatenate([np.outer(ends, 1.0 - _NEAR).ravel(), ends * (1.0 + 1e-12)]))
    grid = grid[grid <= top]
    volts = np.zeros(grid.shape)
    for share, cells in zip(level, count, strict=True):
        over = grid > share * sheet.isc
        carried = cell_voltage(grid / max(share, 1e-300), *sheet) if share > 0.0 else np.zeros(grid.shape)
        volts += cells * np.where(over, -wing.drop, carried)
    return volts[::-1], grid[::-1]
