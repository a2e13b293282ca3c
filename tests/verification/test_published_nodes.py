"""Published orbital data-centre nodes to their printed digits, and what they become with heliorack's own view factors."""

import numpy as np
import pytest
from networks import floats, heated, marched, network, radiating, tied
from scipy.optimize import brentq

from orbit.planet import plate_view_factor
from power.system.sizing import radiator_flux
from thermal.network.steady import steady_state

ZERO = 273.15
AREA, EMITTANCE, HEAT = 4.0, 0.85, 1450.0  #: Biswas, "Suncatcher" node v1.2, part I: one side radiates to 0 K
CHIP, CHAIN = 300.0, 0.300  #: W, and K/W from junction to radiator
CAPACITY = 48600.0  #: J/K, whose time constant is the printed 2468 s


def node(resistance: float, heat: float = HEAT, chip: float = CHIP):
    """Radiator, space, and one of its chips."""
    flows = [radiating((0, 1, EMITTANCE * AREA)), tied((2, 0, 1 / resistance)), heated(0, heat - chip), heated(2, chip)]
    return network([CAPACITY, 0, 0], flows, held=[(1, 0.0)])


@pytest.mark.parametrize(("resistance", "junction"), [(CHAIN, 111.339), (CHAIN + 0.080 / 7, 114.7677)], ids=["whole", "one heat pipe lost"])
def test_suncatcher_node(resistance, junction, record_property):
    """1450 W on 4 m2: 21.34 degC, junction at 111.3, and at 114.8 with seven of eight heat pipes (0.080 K/W together)."""
    T = steady_state(node(resistance), floats(300, 0, 350)) - ZERO
    record_property("expected", junction)
    record_property("found", float(T[2]))
    record_property("tolerance", 1e-3)
    assert T[0] == pytest.approx(21.339176, abs=2e-6)
    assert T[2] == pytest.approx(junction, abs=1e-3)


def test_suncatcher_wall_counts_the_radiator():
    """At 345.54 W a chip is at 125 degC above a radiator of 21.34; the published 417 W forgets those 21.34 degC."""
    T = steady_state(node(CHAIN, chip=345.536, heat=HEAT), floats(300, 0, 350)) - ZERO
    assert T[2] == pytest.approx(125.0, abs=1e-3)
    forgets = steady_state(node(CHAIN, chip=416.667, heat=HEAT), floats(300, 0, 350)) - ZERO
    assert forgets[2] == pytest.approx(125.0 + 21.339, abs=1e-3)


def test_suncatcher_eclipse():
    """100 W of sunlight less for 300 s: 20.757870 degC by the nonlinear law (published 20.76 by the linearised one, 20.757940)."""
    start = steady_state(node(CHAIN), floats(300, 0, 350))
    record = marched(node(CHAIN, HEAT - 100.0), start.tolist(), [0.0, 300.0], tolerance=1e-6)
    assert record.temperatures()[-1][0] - ZERO == pytest.approx(20.757870, abs=2e-5)
    h = 4 * EMITTANCE * 5.670374419e-8 * start[0] ** 3
    assert h == pytest.approx(4.92, abs=0.005)
    assert CAPACITY / (AREA * h) == pytest.approx(2468, abs=0.5)
    assert -100.0 / (AREA * h) == pytest.approx(-5.08, abs=0.005)


ALPHA, FRONT, BACK, SUN, INFRARED, ALBEDO = (
    0.92,
    0.85,
    0.90,
    1361.0,
    237.0,
    0.30,
)  #: McCalip, "Space Datacenters": a panel that faces the Sun
RADIUS, HEIGHT = 6371.0, 550.0  #: km
ANGLES = 2 * np.pi * np.arange(72) / 72  #: his 72 places of the orbit


def views(beta: float, exact: bool) -> tuple[float, float]:
    """Orbit means of the view factors of front and back: his (the nadir one times the cosine, 5 % of it at least), or exact."""
    cosine = np.cos(np.radians(beta)) * np.cos(ANGLES)
    ratio = (RADIUS + HEIGHT) / RADIUS
    if exact:
        return tuple(float(np.mean(plate_view_factor(ratio, np.arccos(sign * cosine)))) for sign in (1, -1))
    nadir = 1 / ratio**2
    return tuple(float(np.mean(np.where(sign * cosine <= 0, 0.05 * nadir, nadir * sign * cosine))) for sign in (1, -1))


def balanced(beta: float, exact: bool = False, sigma: float = 5.67e-8) -> float:
    """Temperature of the panel [K], all electricity staying on board."""
    front, back = views(beta, exact)
    reflected = SUN * ALBEDO * front * np.cos(np.radians(beta))

    def excess(T: float) -> float:
        sunny = radiator_flux(
            T, FRONT, sink=3.0, faces=1, absorptance=ALPHA, sunlight=SUN + reflected, infrared=INFRARED * front, sigma=sigma
        )
        shady = radiator_flux(T, BACK, sink=3.0, faces=1, infrared=INFRARED * back, sigma=sigma)
        return float(sunny + shady)

    return float(brentq(excess, 200.0, 500.0, xtol=1e-9))


@pytest.mark.parametrize(("beta", "kelvin"), [(90, 335.75), (75, 338.24), (60, 341.28), (30, 347.12), (0, 349.58)])
def test_bifacial_panel_with_its_own_view_factors(beta, kelvin, record_property):
    """Absorptance 0.92, emittances 0.85 and 0.90, 1361 W/m2, 237 W/m2, 5.67e-8: the printed temperatures."""
    found = balanced(beta)
    record_property("expected", kelvin)
    record_property("found", found)
    record_property("tolerance", 0.006)
    assert found == pytest.approx(kelvin, abs=0.006)


def test_bifacial_panel_with_exact_view_factors():
    """Edge-on the panel sees 0.25777 of the Earth on either side, twelve times his mean of 0.0212: some 5 K warmer at beta 90."""
    assert views(90, exact=False) == pytest.approx((0.0212, 0.0212), abs=1e-4)
    assert views(90, exact=True) == pytest.approx((0.25777, 0.25777), abs=1e-5)
    own = balanced(90, exact=True)
    assert own == pytest.approx((1252.12 / (5.67e-8 * 1.75) + INFRARED * 0.25777 / 5.67e-8 + 81.0) ** 0.25, abs=1e-3)
    assert 4.0 < own - balanced(90) < 7.0
