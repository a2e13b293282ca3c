"""Conductances of joints against values worked out by hand."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from thermal.conduction.bolt_conductance import PerBolt
from thermal.conduction.contact import Contact
from thermal.conduction.joint_conductance import Bolted, Tim, air_gap_conductance, spot_conductance


def test_tim():
    """0.2 mm of 4 W/mK with 5 mm2K/W: 1/(5e-5 + 5e-6) = 18181.818 W/m2K; without the boundaries 20000."""
    assert Tim(0.2e-3, 4.0, 5e-6).conductance() == pytest.approx(18181.818182, rel=1e-9)
    assert Contact(("a", "b"), tim=Tim(0.2e-3, 4.0)).coefficient(1.0, 1.0, 1.0) == pytest.approx(20000.0)


def bolted(**more):
    """Aluminium on copper: 1 um, slope 0.1, 1.2 GPa."""
    return Bolted(**({"roughness": 1e-6, "asperity_slope": 0.1, "hardness": 1.2e9, "pressure": 1e6} | more))


def test_bolted_in_vacuum():
    """k = 2*167*398/565 = 235.2779 W/mK, (1/1200)^0.95 = 1.187894e-3: h = 1.25 * 235.2779 * 1e5 * 1.187894e-3 = 34935.66 W/m2K."""
    found = bolted().conductance(167.0, 398.0, 1.0)
    assert found == pytest.approx(34935.66, rel=1e-6)
    assert bolted().conductance(398.0, 167.0, 1.0) == found


def test_bolted_goes_with_pressure():
    """Doubling the pressure gives 2^0.95; half the roughness gives twice as much."""
    h = bolted().conductance(167.0, 398.0, 1.0)
    assert bolted(pressure=2e6).conductance(167.0, 398.0, 1.0) / h == pytest.approx(2**0.95)
    assert bolted(roughness=0.5e-6).conductance(167.0, 398.0, 1.0) / h == pytest.approx(2.0)


def test_air_in_the_gaps():
    """Q(3.14) = 8.447e-4, so Y = 3.14 um; M = 2.59770 * 1.65017 * 67.3 nm = 0.28849 um: 0.0263/3.42849e-6 = 7671.0 W/m2K more."""
    assert air_gap_conductance(1e-6, 8.4474e-4) == pytest.approx(7671.0, rel=1e-5)
    more = bolted(gas="air").conductance(167.0, 398.0, 1.0) - bolted().conductance(167.0, 398.0, 1.0)
    assert more == pytest.approx(air_gap_conductance(1e-6, 1 / 1200), rel=1e-9)


@pytest.mark.parametrize("ratio", [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 2e-2])
def test_the_fit_is_that_of_the_plastic_contact_model(ratio):
    """h s/(k m) = exp(-z^2/2)/(2 sqrt(2 pi)) (1 - sqrt(P/H))^-1.5 with P/H = Q(z), the model in closed form, within 2 %."""
    z = -NormalDist().inv_cdf(ratio)
    model = np.exp(-(z**2) / 2) / (2 * np.sqrt(2 * np.pi)) / (1 - np.sqrt(ratio)) ** 1.5
    assert spot_conductance(1.0, 1.0, 1.0, ratio) == pytest.approx(model, rel=0.02)


def test_bolts_make_the_pressure():
    """Four M4 at 2 N m with K = 0.2: 4 * 2/(0.2 * 0.004) = 10 kN over 0.01 m2 is 1 MPa."""
    joint = Bolted(1e-6, 0.1, 1.2e9, bolts=4, torque=2.0, diameter=0.004)
    assert joint.mean_pressure(0.01) == pytest.approx(1e6)
    assert joint.conductance(167.0, 398.0, 0.01) == pytest.approx(bolted().conductance(167.0, 398.0, 1.0))
    spread = [joint.conductance(167.0, 398.0, area) * area for area in (0.005, 0.02)]
    assert np.ptp(spread) < 0.08 * spread[0]  # the exponent is close to one: how far the force spreads hardly matters


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"pressure": None}, "either pressure_MPa, or bolts, torque_Nm and diameter_mm"),
        ({"bolts": 4}, "either pressure_MPa, or bolts"),
        ({"pressure": None, "bolts": 4, "torque": 2.0}, "bolts, torque_Nm and diameter_mm together"),
        ({"pressure": 100e6}, "pressure must be between 1e-06 and 0.02 of the hardness, .* 100 MPa on 1200 MPa is 0.083"),
    ],
)
def test_refusals(more, words):
    """Data that are missing, doubled or outside the correlation."""
    with pytest.raises(ValueError, match=words):
        bolted(**more)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"conductance": 1.0, "tim": Tim(1e-4, 1.0)}, "exactly one of"),
        ({"gap": True, "bonded": True}, "exactly one of"),
        ({"faces": ("a:+z", "b:-z"), "gap": True}, "either between"),
        ({"between": None, "gap": True}, "either between"),
        ({"between": None, "faces": ("a:+z", "b:-z"), "bonded": True}, "bonded = true goes with between"),
    ],
)
def test_contacts_say_one_thing(given, words):
    """Exactly one way to cross, and one way to name the sides."""
    with pytest.raises(ValueError, match=words):
        Contact(**({"between": ("a", "b")} | given))


def test_a_pad_of_the_library_conducts_like_its_figure():
    """5 W/mK over 1 mm are 5000 W/m2K; a pad and a conductivity contradict each other, and an unknown pad names those that exist."""
    assert Tim(1e-3, interface="gap_pad_5000s35").conductance() == pytest.approx(Tim(1e-3, 5.0).conductance()) == pytest.approx(5000.0)
    with pytest.raises(ValueError, match="give either conductivity_W_mK or interface"):
        Tim(1e-3, 5.0, interface="gap_pad_5000s35")
    with pytest.raises(ValueError, match="give either conductivity_W_mK or interface"):
        Tim(1e-3)
    with pytest.raises(ValueError, match=r"interface 'gap_pad' is not in the library \(cho_therm_1671, "):
        Tim(1e-3, interface="gap_pad")


def test_bolts_that_press_rings_conduct_there_alone():
    """Four M5 bolts of 2 Nm press rings of 15 mm: pressure and area of the rings by hand; a contact of any size conducts the same watts."""
    given = {"roughness": 1e-6, "asperity_slope": 0.1, "hardness": 1.1e9, "bolts": 4, "torque": 2.0, "diameter": 5e-3}
    ring = 4 * math.pi / 4 * (0.015**2 - 0.005**2)
    pressure = 4 * 2.0 / (0.2 * 5e-3) / ring
    watts = 1.25 * 167.0 * 0.1 / 1e-6 * (pressure / 1.1e9) ** 0.95 * ring
    rings = Bolted(**given, pressed=0.015)
    assert rings.conductance(167.0, 167.0, 0.01) * 0.01 == pytest.approx(watts, rel=1e-12)
    assert rings.conductance(167.0, 167.0, 0.04) * 0.04 == pytest.approx(watts, rel=1e-12)
    with pytest.raises(ValueError, match="pressed_mm goes with bolts"):
        Bolted(**given, pressed=0.004)


@pytest.mark.parametrize(
    ("bolts", "watts"),
    [(PerBolt(4, size="M5"), 5.28), (PerBolt(2, size="1/4-28", plates="thin"), 2.108), (PerBolt(3, conductance=0.5), 1.5)],
)
def test_watts_per_kelvin_of_single_bolts(bolts, watts):
    """Number times the guideline's figure, whatever the area of the contact."""
    assert [Contact(("a", "b"), bolts=bolts).coefficient(100.0, 100.0, area) * area for area in (1e-3, 0.1)] == pytest.approx([watts] * 2)


def test_a_bolt_has_one_figure():
    with pytest.raises(ValueError, match="give either conductance_W_K of one bolt or its size"):
        PerBolt(4)
    with pytest.raises(ValueError, match="exactly one of"):
        Contact(("a", "b"), bolts=PerBolt(4, size="M5"), bonded=True)
