"""Solar cells reproduce their data sheets, their temperature points, and the laws of distance and cosine."""

import numpy as np
import pytest

from orbit.sun import solar_flux
from power.solar.array import available_power, incident
from power.solar.cell import LIBRARY, max_power

KELVIN = 273.15
SHEET = 28.0 + KELVIN
FLUENCE = (0.0, 5e13, 2.5e14, 5e14, 1e15, 1e16)


@pytest.mark.parametrize(
    ("name", "fluences", "factors"),
    [
        ("azur_3g30", FLUENCE, (1.0, 0.96313, 0.94557, 0.92703, 0.88822, 0.63015)),
        ("azur_3g30_cic", FLUENCE, (1.0, 0.96307, 0.94549, 0.92880, 0.88971, 0.62939)),
        ("azur_4g32", (0.0, 5e13, 2.5e14, 5e14, 1e15, 1e16), (1.0, 0.97057, 0.94991, 0.93390, None, 0.63183)),
        ("azur_3g30_hp", (0.0, 1e15, 1e16), (1.0, 2215 * 1220 / (2395 * 1269), 2112 * 906 / (2395 * 1269))),
        ("atjm", (0.0, 5e14), (1.0, 0.89)),
    ],
)
def test_remaining_power_at_the_fluences_of_the_sheet(name, fluences, factors):
    """AZUR 10891-01-00, 10895-02-00, 10894-02-00 and EMCORE ATJM (2012): power over beginning of life at 28 degC."""
    cell = LIBRARY[name]
    for fluence, factor in zip(fluences, factors, strict=True):
        if factor is not None:
            ratio = max_power(cell, cell.irradiance, SHEET, fluence) / max_power(cell, cell.irradiance, SHEET)
            assert ratio == pytest.approx(factor, rel=2e-5)


@pytest.mark.parametrize(
    ("name", "efficiency"),
    [("azur_3g30", 0.29454), ("azur_4g32", 0.3085), ("azur_4g32c", 0.3179), ("atjm", 0.2702), ("xtj_prime", 0.3033)],
)
def test_efficiency_at_beginning_of_life(name, efficiency):
    """Maximum power over area and irradiance of the sheet."""
    assert LIBRARY[name].efficiency == pytest.approx(efficiency, rel=2e-3)


@pytest.mark.parametrize(("celsius", "watts"), [(28.0, 1.215144), (70.0, 1.094785), (-20.0, 1.345751)])
def test_power_of_one_cell_with_temperature(celsius, watts):
    """AZUR 3G30-Advanced, bare cell, beginning of life: linear coefficients of voltage and current."""
    cell = LIBRARY["azur_3g30"]
    assert max_power(cell, 1367.0, celsius + KELVIN) * cell.area == pytest.approx(watts, rel=1e-6)


def test_power_falls_with_cosine_and_square_of_distance():
    """1 m2 at 100 %: 1361 W at 1 AU, half at 60 degrees, nothing from behind or in eclipse, 1361/1.52^2 at 1.52 AU."""
    au = 149597870.7e3
    angles = np.radians([0.0, 60.0, 90.0, 120.0])
    assert incident(solar_flux(au), np.cos(angles)) == pytest.approx([1361.0, 680.5, 0.0, 0.0], abs=1e-7)
    assert float(incident(solar_flux(1.52 * au))) == pytest.approx(1361.0 / 1.52**2, rel=1e-7)
    assert float(incident(1361.0, 1.0, 0.0)) == 0.0


def test_four_kilometre_square_gives_4_79_gigawatts():
    """16 km2 at 22 % and 1361 W/m2 give 4.791 GW, not 5 (Starcloud white paper, September 2024)."""
    power = available_power(LIBRARY["silicon"], 16e6, 1361.0, SHEET, packing=1.0)
    assert float(power) == pytest.approx(4.791e9, rel=2e-4)
