"""Current-voltage curve of a cell through the three points of its data sheet, and where a bus of fixed voltage sits on it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.cell import Cell, by_fluence


def current(voltage: ArrayLike, voc: ArrayLike, isc: ArrayLike, vmp: ArrayLike, imp: ArrayLike) -> NDArray[np.float64]:
    """Current of a lit cell [A] by the exponential through short circuit, maximum power and open circuit; zero beyond open circuit.

    Source:
        Rauschenbach, Solar Cell Array Design Handbook (1980), the empirical model I = Isc (1 - C1 (exp(V / (C2 Voc)) - 1)), which meets
        (0, Isc) exactly, and (Vmp, Imp) and (Voc, 0) up to C1, far below a thousandth of Isc.
    """
    v, voc, isc, vmp, imp = (np.asarray(x, dtype=float) for x in (voltage, voc, isc, vmp, imp))
    c2 = (vmp / voc - 1.0) / np.log(1.0 - imp / isc)
    c1 = (1.0 - imp / isc) * np.exp(-vmp / (c2 * voc))
    return np.maximum(isc * (1.0 - c1 * np.expm1(np.minimum(v / (c2 * voc), 700.0))), 0.0)


def fixed_voltage_power(
    cell: Cell, voltage: ArrayLike, irradiance: ArrayLike, temperature: ArrayLike, fluence: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Power per square metre of cell that is held at `voltage` [W/m2] (direct energy transfer); arguments broadcast.

    Below the knee the current is nearly Isc, which grows with temperature: hotter gives more. Above the knee hotter gives less. The
    coefficients are linear; far from room temperature, where they would cross, the three points are kept in order.

    Args:
        voltage: Per cell: bus voltage over cells in series [V].
        irradiance: On the cell's plane, cosine included [W/m2].
        temperature: Of the cell [K].
        fluence: 1 MeV equivalent electrons per cm2.

    Raises:
        ValueError: the data sheet lacks one of the points or coefficients.
    """
    points, slopes = (cell.voc, cell.isc, cell.vmp, cell.imp), (cell.dvmp, cell.dimp)
    if None in (*points, *slopes, cell.dvoc, cell.disc):
        raise ValueError(
            "regulation = 'det' needs a cell whose source gives Voc, Isc, Vmp, Imp and the temperature coefficients of all four"
        )
    above = np.asarray(temperature, dtype=float) - cell.temperature
    sun = np.asarray(irradiance, dtype=float) / cell.irradiance
    voc, isc, vmp, imp = (by_fluence(fluence, cell.fluence, values) for values in points if values is not None)
    dvmp, dimp = (by_fluence(fluence, cell.coefficient_fluence, values, hold=True) for values in slopes if values is not None)
    voc, isc = voc + (cell.dvoc or 0.0) * above, isc + (cell.disc or 0.0) * above
    voc = np.maximum(voc, 1e-3)
    vmp, imp = np.clip(vmp + dvmp * above, 0.05 * voc, 0.98 * voc), np.minimum(imp + dimp * above, 0.995 * isc)
    return np.asarray(voltage) * sun * current(voltage, voc, isc, vmp, imp) / cell.area
