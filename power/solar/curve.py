"""Current-voltage curve of a cell through the three points of its data sheet, and where a bus of fixed voltage sits on it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.solar.cell import Cell, by_fluence


class Points(NamedTuple):
    """The points of a cell's curve under the sheet's sunlight; arrays of one shape."""

    voc: NDArray[np.float64]  #: open circuit [V]
    isc: NDArray[np.float64]  #: short circuit [A]
    vmp: NDArray[np.float64]  #: maximum power [V]
    imp: NDArray[np.float64]  #: maximum power [A]


def current(voltage: ArrayLike, voc: ArrayLike, isc: ArrayLike, vmp: ArrayLike, imp: ArrayLike) -> NDArray[np.float64]:
    """Current of a lit cell [A] by the exponential through short circuit, maximum power and open circuit; zero beyond open circuit.

    Source:
        Rauschenbach, Solar Cell Array Design Handbook (1980), the empirical model I = Isc (1 - C1 (exp(V / (C2 Voc)) - 1)), which meets
        (0, Isc) exactly, and (Vmp, Imp) and (Voc, 0) up to C1, far below a thousandth of Isc.
    """
    v, isc = np.asarray(voltage, dtype=float), np.asarray(isc, dtype=float)
    c1, scale = _shape(voc, isc, vmp, imp)
    return np.maximum(isc * (1.0 - c1 * np.expm1(np.minimum(v / scale, 700.0))), 0.0)


def voltage(drawn: ArrayLike, voc: ArrayLike, isc: ArrayLike, vmp: ArrayLike, imp: ArrayLike) -> NDArray[np.float64]:
    """Voltage of a lit cell [V] that carries the current `drawn` [A]; the inverse of `current`, 0 at and above short circuit."""
    c1, scale = _shape(voc, isc, vmp, imp)
    rest = np.maximum(1.0 - np.asarray(drawn, dtype=float) / np.asarray(isc, dtype=float), 0.0)
    return np.asarray(scale * np.log1p(rest / c1))


def _shape(voc: ArrayLike, isc: ArrayLike, vmp: ArrayLike, imp: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """C1 [-] and C2 Voc [V] of the exponential."""
    voc, isc, vmp, imp = (np.asarray(x, dtype=float) for x in (voc, isc, vmp, imp))
    scale = (vmp - voc) / np.log(1.0 - imp / isc)
    return np.maximum((1.0 - imp / isc) * np.exp(-vmp / scale), 1e-290), scale


def points(cell: Cell, temperature: ArrayLike, fluence: ArrayLike = 0.0) -> Points:
    """The points of the curve at a temperature [K] and a fluence [1 MeV electrons per cm2], under the sheet's sunlight.

    The coefficients are linear; far from room temperature, where the points would cross, they are kept in order.

    Raises:
        ValueError: the data sheet lacks one of the points or coefficients.
    """
    given, slopes = (cell.voc, cell.isc, cell.vmp, cell.imp), (cell.dvmp, cell.dimp)
    if None in (*given, *slopes, cell.dvoc, cell.disc):
        raise ValueError(
            "a current-voltage curve (regulation = 'det') needs a cell whose source gives Voc, Isc, Vmp, Imp and the temperature "
            "coefficients of all four"
        )
    above = np.asarray(temperature, dtype=float) - cell.temperature
    voc, isc, vmp, imp = (by_fluence(fluence, cell.fluence, values) for values in given if values is not None)
    dvmp, dimp = (by_fluence(fluence, cell.coefficient_fluence, values, hold=True) for values in slopes if values is not None)
    voc = np.maximum(voc + (cell.dvoc or 0.0) * above, 1e-3)
    isc = isc + (cell.disc or 0.0) * above
    return Points(voc, isc, np.clip(vmp + dvmp * above, 0.05 * voc, 0.98 * voc), np.minimum(imp + dimp * above, 0.995 * isc))


def fixed_voltage_power(
    cell: Cell, voltage: ArrayLike, irradiance: ArrayLike, temperature: ArrayLike, fluence: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Power per square metre of cell that is held at `voltage` [W/m2] (direct energy transfer); arguments broadcast.

    Below the knee the current is nearly Isc, which grows with temperature: hotter gives more. Above the knee hotter gives less.

    Args:
        voltage: Per cell: bus voltage over cells in series [V].
        irradiance: On the cell's plane, cosine included [W/m2].
        temperature: Of the cell [K].
        fluence: 1 MeV equivalent electrons per cm2.

    Raises:
        ValueError: the data sheet lacks one of the points or coefficients.
    """
    sun = np.asarray(irradiance, dtype=float) / cell.irradiance
    return np.asarray(voltage) * sun * current(voltage, *points(cell, temperature, fluence)) / cell.area
