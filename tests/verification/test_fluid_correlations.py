"""Friction, films and exchangers at published points."""

import numpy as np
import pytest

from thermal.fluid.exchanger import effectiveness, heat
from thermal.fluid.film import film
from thermal.fluid.friction import friction_factor


@pytest.mark.parametrize(
    ("reynolds", "roughness", "correlation", "factor"),
    [
        (1e4, 0.0, "colebrook", 0.0308829504),
        (1e5, 1e-4, "colebrook", 0.0185138661),
        (4e3, 0.0, "colebrook", 0.0399070141),
        (1e5, 1e-4, "haaland", 0.0182650530),
        (1e5, 1e-4, "churchill", 0.0184626246),
        (1000.0, 1e-4, "colebrook", 0.064),
    ],
)
def test_friction(reynolds, roughness, correlation, factor):
    """Darcy friction factor by the correlation it names, to 1e-8."""
    found = friction_factor(reynolds, roughness, correlation)
    assert found.factor.item() == pytest.approx(factor, rel=1e-8)
    assert found.correlation == correlation


@pytest.mark.parametrize(
    ("reynolds", "prandtl", "correlation", "nusselt", "remarked"),
    [
        (1e4, 7.0, "gnielinski", 79.49264509, False),
        (4e3, 20.0, "gnielinski", 45.56774398, False),
        (2e4, 1.4, "gnielinski", 73.52783996, False),
        (1e4, 7.0, "dittus_boelter", 79.390229, False),
        (4e3, 20.0, "dittus_boelter", 58.048076, True),
    ],
)
def test_nusselt(reynolds, prandtl, correlation, nusselt, remarked):
    """Gnielinski and Dittus-Boelter to 1e-8; out of its range it says so."""
    found = film(reynolds, prandtl, correlation)
    assert found.nusselt.item() == pytest.approx(nusselt, rel=1e-8)
    assert bool(found.remarks) == remarked


@pytest.mark.parametrize(
    ("arrangement", "ntu", "ratio", "expected"),
    [
        ("parallel", 1.0, 0.5, 0.5179132266),
        ("parallel", 2.0, 0.75, 0.5541729238),
        ("parallel", 3.0, 1.0, 0.4987606239),
        ("parallel", 1.5, 0.25, 0.6773160265),
        ("counter", 1.0, 0.5, 0.5647334016),
        ("counter", 2.0, 0.75, 0.7218269911),
        ("counter", 3.0, 1.0, 0.75),
        ("cross_unmixed", 1.0, 0.5, 0.5474898339),
        ("cross_unmixed", 3.0, 1.0, 0.6812911081),
        ("cross_unmixed", 1.5, 0.25, 0.7161537580),
        ("shell_two_tube", 1.0, 0.5, 0.5399395561),
        ("shell_two_tube", 2.0, 0.75, 0.6204313520),
        ("shell_two_tube", 1.5, 0.25, 0.7044874780),
    ],
)
def test_effectiveness(arrangement, ntu, ratio, expected):
    """To 1e-9; cross flow by Mason's exact series, from which the usual fit is 0.5 % off."""
    assert effectiveness(ntu, ratio, arrangement).item() == pytest.approx(expected, abs=1e-9)


def test_concentric_tube_oil_cooler():
    """Incropera and DeWitt, chapter 11, first example: 8524 W, water leaves at 40.2 degC, Re 14050, U 38.19 W/m2K, 65.79 m of tube.

    Their Nu of the annulus (5.63) and their properties; the water's film by Dittus-Boelter as there. The length gives the same heat by
    effectiveness-NTU.
    """
    oil, water = 0.1 * 2131.0, 0.2 * 4178.0
    duty = oil * 40.0
    water_out = 30.0 + duty / water
    difference = (100.0 - water_out - 30.0) / np.log((100.0 - water_out) / 30.0)
    reynolds = 4 * 0.2 / (3.141592653589793 * 0.025 * 725e-6)
    inner = film(reynolds, 4.85, "dittus_boelter").coefficient(0.625, 0.025).item()
    outer = 5.63 * 0.138 / 0.020
    u = 1 / (1 / inner + 1 / outer)
    length = duty / (u * 3.141592653589793 * 0.025 * difference)
    found = (duty, water_out, difference, reynolds, inner, outer, u, length)
    assert found == pytest.approx((8524.0, 40.2010531, 43.1999855, 14049.54, 2249.54, 38.847, 38.1875, 65.788), rel=1e-5)
    assert heat(oil, water, 100.0, 30.0, u * 3.141592653589793 * 0.025 * length, "counter").item() == pytest.approx(duty, rel=1e-12)
