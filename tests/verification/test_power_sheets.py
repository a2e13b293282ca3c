"""Every voltage and current that the data sheets list comes back from the curve and the maximum-power point, at every fluence."""

import numpy as np
import pytest

from power.solar.cell import LIBRARY, by_fluence, max_power
from power.solar.curve import points

FLUENCE = (0.0, 5e13, 2.5e14, 5e14, 1e15, 1e16)
SHEET = 28.0 + 273.15


@pytest.mark.parametrize(
    ("name", "fluences", "voc", "isc", "vmp", "imp"),
    [
        (
            "azur_3g30_cic",
            FLUENCE,
            (2700, 2633, 2584, 2552, 2519, 2341),
            (515, 513, 512, 511, 496, 394),
            (2411, 2336, 2298, 2262, 2230, 2127),
            (499, 496, 495, 494, 480, 356),
        ),
        (
            "azur_4g32",
            FLUENCE,
            (3415, 3330, 3289, 3251, 3196, 2927),
            (445, 444, 443, 441, 439, 356),
            (3015, 2940, 2891, 2849, 2786, 2572),
            (428, 426, 424, 423, 418, 317),
        ),
        ("azur_3g30_hp", (0.0, 1e15, 1e16), (2700, 2519, 2341), (1303, 1255, 997), (2395, 2215, 2112), (1269, 1220, 906)),
    ],
)
def test_tables_in_millivolts_and_milliamperes(name, fluences, voc, isc, vmp, imp):
    """AZUR 10891-01-00, 10895-02-00 and 10894-02-00; power is Vmp Imp over the area to 0.2 % (here to rounding)."""
    cell = LIBRARY[name]
    for given, listed in ((cell.voc, voc), (cell.isc, isc), (cell.vmp, vmp), (cell.imp, imp)):
        assert by_fluence(fluences, cell.fluence, given) * 1e3 == pytest.approx(np.array(listed), rel=1e-9)
    watts = max_power(cell, cell.irradiance, SHEET, fluences) * cell.area
    assert watts == pytest.approx(np.array(vmp) * np.array(imp) * 1e-6, rel=1e-9)


@pytest.mark.parametrize(("fluence", "dvmp", "dimp"), [(0.0, -6.7, 0.24), (2.5e14, -6.8, 0.20), (5e14, -7.1, 0.24), (1e15, -7.2, 0.28)])
def test_temperature_coefficients_at_every_age(fluence, dvmp, dimp):
    """Per kelvin between 28 and 68 degC in mV and mA (AZUR 10891-01-00), and -6.2 mV, 0.36 mA for open and short circuit."""
    cell = LIBRARY["azur_3g30_cic"]
    cold, hot = points(cell, SHEET, fluence), points(cell, SHEET + 40.0, fluence)
    slopes = [float(b - a) / 40.0 * 1e3 for a, b in zip(cold, hot, strict=True)]
    assert slopes == pytest.approx([-6.2, 0.36, dvmp, dimp], rel=1e-9)
