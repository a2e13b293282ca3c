"""Solar cells by their data sheets: maximum-power voltage and current with temperature, 1 MeV electron fluence and irradiance.

Linear in temperature (the sheets' coefficients), current proportional to irradiance, voltage independent of it. Between the fluences of a
sheet everything is linear in log10(fluence); between zero and the first fluence linear in fluence; beyond the last nothing is guessed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.constants import ZERO_CELSIUS


@dataclass(frozen=True, slots=True)
class Cell:
    """Data sheet of a solar cell. Fluences are 1 MeV equivalent electrons per cm2, the sheets' own unit; everything else is SI."""

    area: float  #: area that the sheet's current belongs to [m2]
    source: str  #: data sheet, or the page that quotes it
    irradiance: float = 1367.0  #: at which the sheet holds [W/m2]
    temperature: float = 28.0 + ZERO_CELSIUS  #: at which the sheet holds [K]
    fluence: tuple[float, ...] = (0.0,)  #: 1 MeV electrons per cm2, increasing from 0
    vmp: tuple[float, ...] | None = None  #: voltage at maximum power, by fluence [V]
    imp: tuple[float, ...] | None = None  #: current at maximum power, by fluence [A]
    voc: tuple[float, ...] | None = None  #: open-circuit voltage, by fluence [V]
    isc: tuple[float, ...] | None = None  #: short-circuit current, by fluence [A]
    power_factor: tuple[float, ...] | None = None  #: remaining maximum power by fluence [-], where voltage and current are not given
    rated_efficiency: float | None = None  #: at beginning of life [-], where voltage and current are not given
    coefficient_fluence: tuple[float, ...] = (0.0,)  #: fluences of the temperature coefficients; the last ones are kept beyond
    dvmp: tuple[float, ...] | None = None  #: temperature coefficient of `vmp` [V/K]
    dimp: tuple[float, ...] | None = None  #: temperature coefficient of `imp` [A/K]
    dvoc: float | None = None  #: temperature coefficient of `voc` at beginning of life [V/K]
    disc: float | None = None  #: temperature coefficient of `isc` at beginning of life [A/K]
    areal_mass: float | None = None  #: bare cell [kg/m2]
    rough: bool = False  #: True when only a secondary transcription or an estimate was seen

    @property
    def efficiency(self) -> float:
        """Maximum power over sunlight at the sheet's conditions, beginning of life [-]."""
        if self.vmp is not None and self.imp is not None:
            return self.vmp[0] * self.imp[0] / (self.area * self.irradiance)
        assert self.rated_efficiency is not None
        return self.rated_efficiency


def by_fluence(fluence: ArrayLike, known: tuple[float, ...], values: tuple[float, ...], hold: bool = False) -> NDArray[np.float64]:
    """Interpolate `values` given at the fluences `known` [1/cm2]; see the module's rule.

    Raises:
        ValueError: a fluence is negative, or beyond the last known one (unless `hold`, which keeps the last value).
    """
    phi = np.asarray(fluence, dtype=float)
    if np.any(phi < 0.0) or (not hold and np.any(phi > known[-1])):
        raise ValueError(f"fluence {np.max(phi):.3g} per cm2 lies outside the data sheet (0 to {known[-1]:.3g}); give eol_factor instead")
    if len(known) == 1:
        return np.full(phi.shape, values[0])
    first = known[1]
    low = values[0] + (values[1] - values[0]) * phi / first
    high = np.interp(np.log10(np.maximum(phi, first)), np.log10(known[1:]), values[1:])
    return np.where(phi < first, low, high)


def max_power(
    cell: Cell, irradiance: ArrayLike, temperature: ArrayLike, fluence: ArrayLike = 0.0, coefficient: float | None = None
) -> NDArray[np.float64]:
    """Power at the maximum-power point per square metre of cell [W/m2]; arguments broadcast.

    Args:
        irradiance: Sunlight on the cell's plane, cosine included [W/m2].
        temperature: Of the cell [K].
        fluence: 1 MeV equivalent electrons per cm2.
        coefficient: Relative change of power per kelvin [1/K], for cells whose sheet gives none.

    Raises:
        ValueError: the sheet lacks temperature coefficients and none is given, or the fluence is beyond the sheet.
    """
    sun = np.asarray(irradiance, dtype=float) / cell.irradiance
    above = np.asarray(temperature, dtype=float) - cell.temperature
    if cell.vmp is not None and cell.imp is not None:
        vmp, imp = by_fluence(fluence, cell.fluence, cell.vmp), by_fluence(fluence, cell.fluence, cell.imp)
        if cell.dvmp is not None and cell.dimp is not None:
            vmp = np.maximum(vmp + by_fluence(fluence, cell.coefficient_fluence, cell.dvmp, hold=True) * above, 0.0)
            imp = np.maximum(imp + by_fluence(fluence, cell.coefficient_fluence, cell.dimp, hold=True) * above, 0.0)
            return sun * vmp * imp / cell.area
        reference = vmp * imp / cell.area
    else:
        left = 1.0 if cell.power_factor is None else by_fluence(fluence, cell.fluence, cell.power_factor)
        if cell.power_factor is None and np.any(np.asarray(fluence) > 0.0):
            raise ValueError("the data sheet of this cell gives no loss by fluence; give eol_factor instead")
        reference = cell.efficiency * cell.irradiance * np.asarray(left)
    if coefficient is None:
        if np.any(above != 0.0):
            raise ValueError("the source of this cell gives no temperature coefficients; give temperature_coefficient (per kelvin)")
        coefficient = 0.0
    return sun * reference * np.maximum(1.0 + coefficient * above, 0.0)


_CM2 = 1e-4
_FLUENCE = (0.0, 5e13, 2.5e14, 5e14, 1e15, 1e16)
_COEFFICIENT_FLUENCE = (0.0, 2.5e14, 5e14, 1e15)
_DVMP = (-6.7e-3, -6.8e-3, -7.1e-3, -7.2e-3)
_DIMP = (0.24e-3, 0.20e-3, 0.24e-3, 0.28e-3)
_VMP_3G30 = (2.411, 2.336, 2.298, 2.262, 2.230, 2.127)
_AZUR = "AZUR SPACE 3G30-Advanced 4x8, data sheet 10891-01-00"
_SECONDARY = "secondary: catalogue bheemrc/satpower"

LIBRARY: dict[str, Cell] = {
    "azur_3g30": Cell(
        30.18 * _CM2,
        _AZUR + " (bare cell; packing must then include the gaps of the cover-glass assembly)",
        fluence=_FLUENCE,
        vmp=_VMP_3G30,
        imp=(0.504, 0.501, 0.500, 0.498, 0.484, 0.360),
        coefficient_fluence=_COEFFICIENT_FLUENCE,
        dvmp=_DVMP,
        dimp=_DIMP,
        dvoc=-6.2e-3,
        disc=0.36e-3,
    ),
    "azur_3g30_cic": Cell(
        31.13 * _CM2,
        _AZUR + " (assembly with cover glass; voltages at maximum power as the bare cell's)",
        fluence=_FLUENCE,
        vmp=_VMP_3G30,
        imp=(0.499, 0.496, 0.495, 0.494, 0.480, 0.356),
        voc=(2.700, 2.633, 2.584, 2.552, 2.519, 2.341),
        isc=(0.515, 0.513, 0.512, 0.511, 0.496, 0.394),
        coefficient_fluence=_COEFFICIENT_FLUENCE,
        dvmp=_DVMP,
        dimp=_DIMP,
        dvoc=-6.2e-3,
        disc=0.36e-3,
    ),
    "azur_3g30c": Cell(
        30.18 * _CM2,
        "AZUR SPACE 3G30C-Advanced, data sheet 3401; temperature coefficients as 10891-01-00",
        vmp=(2.411,),
        imp=(0.5044,),
        voc=(2.700,),
        isc=(0.5202,),
        dvmp=(-6.7e-3,),
        dimp=(0.24e-3,),
        dvoc=-6.2e-3,
        disc=0.36e-3,
    ),
    "azur_3g30_hp": Cell(
        77.55 * _CM2,
        "AZUR SPACE 3G30-Advanced HP (assembly with cover glass), data sheet 10894-02-00; temperature coefficients not seen",
        fluence=(0.0, 1e15, 1e16),
        vmp=(2.395, 2.215, 2.112),
        imp=(1.269, 1.220, 0.906),
        voc=(2.700, 2.519, 2.341),
        isc=(1.303, 1.255, 0.997),
    ),
    "azur_4g32": Cell(
        30.60 * _CM2,
        "AZUR SPACE 4G32-Advanced 4x8 (assembly with cover glass), data sheet 10895-02-00; temperature coefficients of the earlier 4G32C",
        fluence=_FLUENCE,
        vmp=(3.015, 2.940, 2.891, 2.849, 2.786, 2.572),
        imp=(0.428, 0.426, 0.424, 0.423, 0.418, 0.317),
        voc=(3.415, 3.330, 3.289, 3.251, 3.196, 2.927),
        isc=(0.445, 0.444, 0.443, 0.441, 0.439, 0.356),
        dvmp=(-8.6e-3,),
        dimp=(0.03e-3,),
    ),
    "azur_4g32c": Cell(
        30.18 * _CM2,
        "AZUR SPACE 4G32C-Advanced, data sheet 5979-01-00",
        vmp=(3.025,),
        imp=(0.4335,),
        dvmp=(-8.6e-3,),
        dimp=(0.03e-3,),
    ),
    "atjm": Cell(
        1.0 * _CM2,
        "EMCORE (SolAero) ATJM data sheet, September 2012 (per square centimetre; AM0 135.3 mW/cm2)",
        irradiance=1353.0,
        fluence=(0.0, 5e14),
        power_factor=(1.0, 0.89),
        rated_efficiency=2.285 * 16.0 / 135.3,
        areal_mass=0.84,
    ),
    "xtj_prime": Cell(
        26.62 * _CM2,
        "secondary: Spectrolab XTJ Prime, sheet of 2016-07-28; current, area and efficiency do not close (30.3 against 30.7 %)",
        irradiance=1353.0,
        vmp=(2.396,),
        imp=(0.456,),
        voc=(2.720,),
        isc=(0.473,),
        rough=True,
    ),
    "ztj": Cell(27.60 * _CM2, _SECONDARY + ", SolAero ZTJ", rated_efficiency=0.295, voc=(2.73,), rough=True),
    "ctj30": Cell(1.0 * _CM2, _SECONDARY + ", CESI CTJ30 (per square centimetre)", rated_efficiency=0.30, rough=True),
    "utj": Cell(1.0 * _CM2, _SECONDARY + ", Spectrolab UTJ (per square centimetre)", rated_efficiency=0.283, rough=True),
    "silicon": Cell(1.0 * _CM2, "estimate: andrewmccalip/thoughts, broadband satellites", rated_efficiency=0.22, rough=True),
}


def cell(name: str) -> Cell:
    """A cell of the library.

    Raises:
        ValueError: no such cell; names those that exist.
    """
    if name in LIBRARY:
        return LIBRARY[name]
    raise ValueError(f"cell '{name}' is not in the library ({', '.join(sorted(LIBRARY))})")
