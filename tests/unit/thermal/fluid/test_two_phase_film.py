"""Films of two phases against `ht`, and at their ends."""

import ht
import numpy as np
import pytest

from thermal.fluid.coolant import coolant, ends
from thermal.fluid.film import dittus_boelter
from thermal.fluid.saturation import saturated
from thermal.fluid.two_phase_film import boiling_film, condensing_film
from thermal.fluid.validity import FluidError

D, FLUX = 0.010, 300.0
STATE = saturated(coolant("r134a"), temperature=293.15)
CRITICAL = ends(coolant("r134a")).critical_pressure or 0.0
MASS = 0.102032


def of_ht(*names: str) -> dict[str, float]:
    """Arguments as `ht` calls them."""
    known = {
        "rhol": STATE.liquid_density,
        "rhog": STATE.vapour_density,
        "mul": STATE.liquid_viscosity,
        "kl": STATE.liquid_conductivity,
        "Cpl": STATE.liquid_specific_heat,
        "P": STATE.pressure,
    }
    return {"m": FLUX * np.pi * D**2 / 4, "D": D, "Pc": CRITICAL, **{name: float(known[name]) for name in names}}


@pytest.mark.parametrize("x", [0.05, 0.3, 0.8])
def test_against_ht(x):
    """Liu and Winterton at a wall's superheat, and Shah's condensation: to 1e-6."""
    superheat = 6.0
    peer = ht.boiling_flow.Liu_Winterton(x=x, MW=1e3 * MASS, Te=superheat, **of_ht("rhol", "rhog", "mul", "kl", "Cpl", "P"))
    found = boiling_film(FLUX, x, D, superheat, STATE, CRITICAL, MASS).item()
    assert found == pytest.approx(peer, rel=1e-6)
    peer = ht.condensation.Shah(x=x, **of_ht("rhol", "mul", "kl", "Cpl", "P"))
    assert condensing_film(FLUX, x, D, STATE, CRITICAL).item() == pytest.approx(peer, rel=1e-6)


def test_liquid_alone():
    """Without vapour and without heat the film of boiling is that of the liquid, and so is that of condensation."""
    re = FLUX * D / float(STATE.liquid_viscosity)
    pr = float(STATE.liquid_specific_heat * STATE.liquid_viscosity / STATE.liquid_conductivity)
    liquid = dittus_boelter(re, pr).item() * float(STATE.liquid_conductivity) / D
    assert boiling_film(FLUX, 0.0, D, 0.0, STATE, CRITICAL, MASS).item() == pytest.approx(liquid)
    assert condensing_film(FLUX, 0.0, D, STATE, CRITICAL).item() == pytest.approx(liquid)


def test_no_quality():
    """Refused with what was found."""
    with pytest.raises(FluidError, match="quality of 0 to 1, not 1"):
        condensing_film(FLUX, 1.2, D, STATE, CRITICAL)
