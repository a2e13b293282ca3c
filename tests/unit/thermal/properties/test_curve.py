"""Curves over temperature, and how a case says them."""

import numpy as np
import pytest

from thermal.conduction.heat_content import HeatContent
from thermal.constants import ZERO_CELSIUS
from thermal.curve import Curve
from thermal.properties.of_temperature import ConductivityTable, HeatTable, Latent, Polynomial

HEAT = Curve(np.array([250.0, 300.0, 400.0]), np.array([800.0, 1000.0, 1100.0]))


def test_lines_and_their_integral():
    """Straight between points, the end value beyond them; the integral is that of the lines."""
    assert HEAT([200.0, 275.0, 350.0, 500.0]) == pytest.approx([800, 900, 1050, 1100])
    assert HEAT.integral([250.0, 400.0, 450.0], 300.0) == pytest.approx([-45e3, 105e3, 160e3])


def test_latent_heat_is_area_under_the_curve():
    """180 kJ/kg between 310 and 312 K beside the specific heat, and nothing outside."""
    both = Latent(180e3, 310.0, 312.0).beside(HEAT)
    more = both.integral([309.0, 311.0, 313.0], 300.0) - HEAT.integral([309.0, 311.0, 313.0], 300.0)
    assert more == pytest.approx([0.0, 90e3, 180e3], abs=1e-6)
    assert both([309.9, 311.0, 312.1]) - HEAT([309.9, 311.0, 312.1]) == pytest.approx([0, 90e3, 0], abs=1e-9)


def test_content_has_an_inverse():
    """Temperature of heat content of temperature, through kinks, jumps and mixtures, far beyond the ends too."""
    curves = [HEAT.over(950.0), Latent(180e3, 310.0, 312.0).beside(HEAT).over(950.0)]
    share = np.random.default_rng(1).dirichlet([1, 1, 1], 500)[:, :2]
    content = HeatContent(np.arange(500), share, curves)
    T = np.linspace(20.0, 900.0, 500)
    T[:3] = 310.0, 312.0, 300.0
    assert content.temperature(content.of(T)) == pytest.approx(T, abs=1e-9)
    alone = HeatContent(np.arange(500), np.where(np.arange(500) % 3 > 0, 1.0, share[:, 1])[:, None], curves[1:])
    assert alone.temperature(alone.of(T)) == pytest.approx(T, abs=1e-9)
    h = 1e-5
    assert content.slope(T)[10:] == pytest.approx((content.of(T + h) - content.of(T - h))[10:] / (2 * h), rel=1e-3)


def test_polynomials():
    """Lines through a polynomial are as close as they say; NIST's logarithmic form is one of log10 over log10."""
    k = Polynomial("polynomial", (50.0, 0.4, -3e-4), 200.0, 400.0).curve()
    T = np.linspace(200, 400, 777)
    assert k(T) == pytest.approx(50 + 0.4 * T - 3e-4 * T**2, rel=2e-7)
    power = Polynomial("polynomial", (1.0, 0.5), 100.0, 400.0, logarithmic=True).curve()
    assert power(T) == pytest.approx(10 * T**0.5, rel=2e-7)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ConductivityTable("table", (300.0, 290.0), (1.0, 2.0)), "must rise: 26.85 is followed by 16.85"),
        (lambda: HeatTable("table", (290.0, 300.0), (1.0, 2.0, 3.0)), "2 temperatures_degC and 3 values"),
        (lambda: Polynomial("polynomial", (10.0, -0.1), 50.0, 300.0), "must be positive all over its range"),
        (lambda: Polynomial("polynomial", (10.0,), 300.0, 300.0), "lowest_degC must be below highest_degC"),
        (lambda: Latent(1e5, 300.0, 300.01), "0.05 K at least"),
    ],
)
def test_what_is_refused(make, words):
    """Tables that do not rise or do not pair, polynomials that fall to zero, melting at a point."""
    with pytest.raises(ValueError, match=words):
        make()


def test_tables_are_in_kelvin():
    """Past loading everything is SI."""
    assert ConductivityTable("table", (ZERO_CELSIUS, ZERO_CELSIUS + 100), (1.0, 2.0)).curve().lowest == ZERO_CELSIUS
