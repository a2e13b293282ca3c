"""Nusselt numbers against `ht`, at their seams, and what is remarked."""

import ht.conv_internal
import numpy as np
import pytest

from thermal.fluid.film import developing, dittus_boelter, film, gnielinski
from thermal.fluid.friction import LAMINAR_END, TURBULENT_START
from thermal.fluid.validity import FluidError


@pytest.mark.parametrize("prandtl", [0.7, 7.0, 150.0])
def test_against_ht(prandtl):
    """Gnielinski with the same f, Dittus-Boelter both ways, Hausen: to 1e-12 of the functions of `ht`."""
    re = np.geomspace(4e3, 5e6, 9)
    f = (0.790 * np.log(re) - 1.64) ** -2
    assert gnielinski(re, prandtl) == pytest.approx(
        [ht.conv_internal.turbulent_Gnielinski(r, prandtl, g) for r, g in zip(re, f, strict=True)], rel=1e-12
    )
    for way in ("heated", "cooled"):
        peer = [ht.conv_internal.turbulent_Dittus_Boelter(r, prandtl, heating=way == "heated", revised=True) for r in re]
        assert dittus_boelter(re, prandtl, way) == pytest.approx(peer, rel=1e-12)
    peer = ht.conv_internal.laminar_entry_thermal_Hausen(1500.0, prandtl, 1.0, 0.01)
    assert developing(1500.0, prandtl, 0.01, 3.66).item() == pytest.approx(peer, rel=1e-12)


def test_no_jump():
    """From no flow (the laminar constant) to turbulent in one line, with and without an entrance."""
    assert film(0.0, 5.0).nusselt.item() == 3.66
    for per_length in (0.0, 0.01):
        for edge in (LAMINAR_END, TURBULENT_START):
            below, above = film([edge * (1 - 1e-9), edge * (1 + 1e-9)], 5.0, diameter_per_length=per_length).nusselt
            assert below == pytest.approx(above, rel=1e-6)
    rising = film(np.linspace(0, 2e4, 400), 5.0, diameter_per_length=0.005).nusselt
    assert (np.diff(rising) >= 0).all()


def test_remarks():
    """What lies outside is named with what was found and what is stated; inside there is nothing to say."""
    assert film([2000.0, 4000.0, 1e5], 7.0).remarks == ()
    assert [remark.words() for remark in film([4e3, 5e4], 200.0, "dittus_boelter").remarks] == [
        "Dittus-Boelter is used at Re = 4000; its source states 10000 and above",
        "Dittus-Boelter is used at Pr = 200; its source states 0.7 to 160",
    ]
    assert film([2500.0, 2900.0], 7.0).remarks[0].words() == "Gnielinski is used at Re = 2500 to 2900; its source states 3000 to 5e+06"
    between = film([1000.0, 3147.0, 5000.0], 6.2).remarks
    assert [remark.words() for remark in between] == [
        "films at Re = 3147 are a straight line from laminar (Nu 3.66) to turbulent at Re 4000 (Nu 30.4); such flow may be either"
    ]
    assert film([2300.0, 4000.0], 6.2).remarks == ()


def test_coefficient():
    """h = Nu k/D: 3.66 x 0.6/0.01 = 219.6 W/m2K."""
    assert film(100.0, 5.0).coefficient(0.6, 0.01).item() == pytest.approx(219.6)


def test_refused():
    """By name."""
    with pytest.raises(FluidError, match="'sieder' is not known; there are gnielinski"):
        film(1e4, 7.0, "sieder")
    with pytest.raises(FluidError, match="Pr above zero"):
        film(1e4, 0.0)
