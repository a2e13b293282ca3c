"""Two-phase flow against `fluids`, at its single-phase ends, and its events."""

import fluids.two_phase
import numpy as np
import pytest
from scipy.integrate import quad

from thermal.fluid.coolant import coolant
from thermal.fluid.friction import friction_factor, pressure_drop
from thermal.fluid.saturation import Saturated, saturated
from thermal.fluid.two_phase import (
    acceleration,
    below_critical,
    density,
    dry_out,
    friction_gradient,
    run_drop,
    subcooling,
    void_fraction,
)
from thermal.fluid.validity import FluidError

D = 0.010
FLUX = 250.0


@pytest.fixture(scope="module")
def ammonia() -> Saturated:
    return saturated(coolant("ammonia"), temperature=303.15)


@pytest.mark.parametrize(("name", "peer"), [("mueller_steinhagen_heck", "Muller_Steinhagen_Heck"), ("friedel", "Friedel")])
@pytest.mark.parametrize("x", [0.01, 0.2, 0.6, 0.95])
def test_against_fluids(ammonia, name, peer, x):
    """The gradient of the same name to 1e-10, turbulent, rough and smooth."""
    arguments = {
        "m": FLUX * np.pi * D**2 / 4,
        "x": x,
        "rhol": float(ammonia.liquid_density),
        "rhog": float(ammonia.vapour_density),
        "mul": float(ammonia.liquid_viscosity),
        "mug": float(ammonia.vapour_viscosity),
        "D": D,
    } | ({"sigma": float(ammonia.surface_tension)} if name == "friedel" else {})
    for rough in (0.0, 1e-3):
        expected = getattr(fluids.two_phase, peer)(**arguments, roughness=rough * D)
        assert friction_gradient(FLUX, x, D, ammonia, rough, name).value.item() == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("name", ["mueller_steinhagen_heck", "friedel"])
def test_ends_are_single_phase(ammonia, name):
    """Quality 0 is the liquid alone, quality 1 the vapour alone."""
    for x, rho, mu in ((0.0, ammonia.liquid_density, ammonia.liquid_viscosity), (1.0, ammonia.vapour_density, ammonia.vapour_viscosity)):
        alone = pressure_drop(friction_factor(FLUX * D / mu).factor, 1.0, D, rho, FLUX / rho)
        assert friction_gradient(FLUX, x, D, ammonia, correlation=name).value.item() == pytest.approx(float(alone), rel=1e-12)


def test_a_run_is_the_integral_of_its_gradient(ammonia):
    """Evaporating from 0.05 to 0.6 over 3 m: friction by adaptive quadrature, and momentum; condensing gives the momentum back."""
    friction = quad(lambda x: friction_gradient(FLUX, x, D, ammonia).value.item(), 0.05, 0.6, epsrel=1e-11)[0] * 3.0 / 0.55
    total = quad(lambda x: friction_gradient(FLUX, x, D, ammonia).value.item(), 0.6, 1.0, epsrel=1e-9, limit=400)[0]
    dry = total * 3.0 / 0.4
    assert run_drop(FLUX, 0.6, 1.0, 3.0, D, ammonia) - acceleration(FLUX, 0.6, 1.0, ammonia) == pytest.approx(dry, rel=1e-6)
    momentum = FLUX**2 * (1 / density(0.6, ammonia).item() - 1 / density(0.05, ammonia).item())
    assert acceleration(FLUX, 0.05, 0.6, ammonia) == pytest.approx(momentum, rel=1e-10)
    assert run_drop(FLUX, 0.05, 0.6, 3.0, D, ammonia) == pytest.approx(friction + momentum, rel=1e-8)
    assert run_drop(FLUX, 0.6, 0.05, 3.0, D, ammonia) == pytest.approx(friction - momentum, rel=1e-8)


def test_zivi_has_the_least_kinetic_energy(ammonia):
    """His slip is where x^3/(rho_v a)^2 + (1 - x)^3/(rho_l (1 - a))^2 is least over the void a; the homogeneous void is larger."""
    x, rho_l, rho_v = 0.3, float(ammonia.liquid_density), float(ammonia.vapour_density)
    void = void_fraction(x, ammonia, "zivi").item()

    def energy(a: float) -> float:
        return x**3 / (rho_v * a) ** 2 + (1 - x) ** 3 / (rho_l * (1 - a)) ** 2

    assert energy(void) < min(energy(void * (1 + 1e-4)), energy(void * (1 - 1e-4)))
    assert void < void_fraction(x, ammonia).item()
    assert void_fraction([0.0, 1.0], ammonia) == pytest.approx([0.0, 1.0])


def test_events(ammonia):
    """Nothing as long as it holds; a named figure when it does not."""
    assert dry_out(0.6, 0.8, "cold_plate") is None
    assert dry_out(0.85, 0.8, "cold_plate").words() == "dry-out in cold_plate: quality 0.850 at its exit, 0.800 allowed"
    assert subcooling(295.0, ammonia, 5.0, "pump") is None
    assert subcooling(300.0, ammonia, 5.0, "pump").words() == "loss of subcooling into pump: 3.15 K below boiling, 5.00 K needed"


def test_remarks_and_refusals(ammonia):
    """Outside of the data: remarked with numbers. What is no quality, no correlation, no boiling: refused."""
    assert [remark.quantity for remark in friction_gradient(20.0, 0.3, 1e-3, ammonia).remarks] == ["D [m]", "G [kg/m2s]"]
    with pytest.raises(FluidError, match="quality of 0 to 1"):
        friction_gradient(FLUX, 1.2, D, ammonia)
    with pytest.raises(FluidError, match="'lockhart' is not known"):
        friction_gradient(FLUX, 0.2, D, ammonia, correlation="lockhart")
    with pytest.raises(FluidError, match="'smith' is not known"):
        void_fraction(0.2, ammonia, "smith")
    with pytest.raises(FluidError, match=r"136\.85 degC is above the critical point of ammonia, 132\.41 degC"):
        below_critical(410.0, 405.56, "ammonia")
