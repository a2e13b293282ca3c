"""Friction factors against `fluids`, at their seams, and what is remarked."""

import fluids.friction
import numpy as np
import pytest

from thermal.fluid.duct import tube
from thermal.fluid.friction import LAMINAR_END, TURBULENT_START, friction_factor, pressure_drop
from thermal.fluid.validity import FluidError

RE = np.geomspace(4000.0, 1e8, 25)


@pytest.mark.parametrize("roughness", [0.0, 1e-6, 1e-4, 1e-2, 0.05])
def test_against_fluids(roughness):
    """Colebrook to 1e-13 of the closed form by Lambert's W; Haaland and Churchill of the same name to 1e-12."""
    for name, peer in {
        "colebrook": fluids.friction.Colebrook,
        "haaland": fluids.friction.Haaland,
        "churchill": fluids.friction.Churchill_1977,
    }.items():
        found = friction_factor(RE, roughness, name)
        assert found.factor == pytest.approx([peer(re, roughness) for re in RE], rel=1e-12)
        assert (found.correlation, found.remarks) == (name, ())


def test_blasius_is_for_smooth_tubes():
    """0.3164 Re^-0.25; beyond Re 1e5 and with a roughness it says so, with numbers."""
    assert friction_factor(1e4, correlation="blasius").factor.item() == pytest.approx(0.03164)
    remarks = friction_factor([1e4, 2e5], 1e-3, "blasius").remarks
    assert [remark.words() for remark in remarks] == [
        "Blasius is used at Re = 2e+05; its source states 4000 to 100000",
        "Blasius is used at e/D = 0.001; its source states 0 to 0",
    ]


def test_one_factor_for_one_flow():
    """Without a jump at both ends of the transition, which is remarked as outside of the correlation."""
    for edge in (LAMINAR_END, TURBULENT_START):
        below, above = friction_factor([edge * (1 - 1e-9), edge * (1 + 1e-9)]).factor
        assert below == pytest.approx(above, rel=1e-6)
    found = friction_factor([1000.0, 3000.0, 5000.0])
    assert list(found.regime) == ["laminar", "transition", "turbulent"]
    assert found.remarks[0].words() == "Colebrook is used at Re = 3000; its source states 4000 to 1e+08"


def test_laminar():
    """The shape's own figure over Re, 56.91 of a square duct (Shah and London); Churchill's laminar part is 64/Re."""
    assert friction_factor(500.0, laminar_friction=56.91).factor.item() == pytest.approx(56.91 / 500)
    assert friction_factor(500.0, correlation="churchill").factor.item() == pytest.approx(64 / 500, rel=1e-9)


def test_hagen_poiseuille():
    """128 mu L Q/(pi D^4) of 0.01 l/s water in 8 mm over 3 m; backwards it is as much the other way."""
    mu, rho, q, d = 1e-3, 998.0, 1e-5, 8e-3
    v = q / tube(d).area
    drop = pressure_drop(friction_factor(rho * v * d / mu).factor, 3.0, d, rho, np.array([v, -v]))
    assert drop == pytest.approx(np.array([1, -1]) * 128 * mu * 3 * q / (np.pi * d**4))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0.0,), "must be above zero"),
        ((np.nan,), "must be above zero"),
        ((1e4, -1e-4), "not be negative"),
        ((1e4, 0.0, "moody"), "'moody' is not known"),
    ],
)
def test_refused(arguments, words):
    """Nothing comes of no flow."""
    with pytest.raises(FluidError, match=words):
        friction_factor(*arguments)
