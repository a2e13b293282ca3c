"""Limits of heat pipes: how they scale, and which governs where."""

import numpy as np
import pytest

from thermal.fluid.coolant import coolant
from thermal.fluid.pipes.heat_pipe import Lengths, TransportTable, Wick, limits, transport_capacity
from thermal.fluid.saturation import SaturationTable, saturated, saturation_table
from thermal.fluid.validity import FluidError

AXIAL = Lengths(0.3, 0.5, 0.6)


@pytest.fixture(scope="module")
def ammonia() -> SaturationTable:
    return saturation_table(coolant("ammonia"))


def wick(**more: float) -> Wick:
    return Wick(
        **(
            {"pore_radius": 3e-4, "permeability": 1e-9, "area": 2e-5, "vapour_radius": 4e-3, "wall_radius": 6e-3, "conductivity": 10.0}
            | more
        )
    )


def test_without_vapour_it_is_merit_times_wick(ammonia):
    """N_l x 2 K A_w/r_c; the vapour's drop takes of it what its share of both drops is."""
    merit = float(ammonia.at(293.15).merit)
    assert transport_capacity(wick(), ammonia, 293.15, vapour_drop=False).item() == pytest.approx(merit * 2 * 1e-9 * 2e-5 / 3e-4)
    s = ammonia.at(293.15)
    q = transport_capacity(wick(vapour_radius=1e-3), ammonia, 293.15).item()
    liquid = q * float(s.liquid_viscosity / (s.liquid_density * s.latent_heat)) / (1e-9 * 2e-5)
    vapour = q * 8 * float(s.vapour_viscosity / (s.vapour_density * s.latent_heat)) / (np.pi * 1e-12)
    assert liquid + vapour == pytest.approx(2 * float(s.surface_tension) / 3e-4)


def test_a_limit_of_20_degrees_is_too_high_at_60(ammonia):
    """Ammonia carries 0.65 of it there (CoolProp's own states): a constant limit would be believed."""
    cold, hot = transport_capacity(wick(), ammonia, [293.15, 333.15], vapour_drop=False)
    states = [saturated(coolant("ammonia"), temperature=T) for T in (293.15, 333.15)]
    assert hot / cold == pytest.approx(float(states[1].merit / states[0].merit), rel=1e-5)
    assert hot / cold < 0.65


def test_scaling(ammonia):
    """Sonic and entrainment go with the vapour's area, boiling with evaporator and wick, viscous with r^4."""
    one = limits(wick(), AXIAL, ammonia, 300.0)
    wide = limits(wick(vapour_radius=8e-3, wall_radius=12e-3), AXIAL, ammonia, 300.0)
    assert wide.sonic / one.sonic == pytest.approx(4)
    assert wide.entrainment / one.entrainment == pytest.approx(4)
    assert wide.viscous / one.viscous == pytest.approx(16)
    longer = limits(wick(conductivity=5.0), Lengths(0.6, 0.5, 0.6), ammonia, 300.0)
    assert longer.boiling == pytest.approx(one.boiling)
    assert limits(wick(surface_radius=1.2e-3), AXIAL, ammonia, 300.0).entrainment / one.entrainment == pytest.approx(0.5)


def test_sonic_is_below_the_flow_at_the_speed_of_sound(ammonia):
    """Levy's limit is 1/sqrt(2 (gamma + 1)) of A rho h_fg c: 0.463 for 4/3."""
    s = ammonia.at(250.0)
    c = np.sqrt(4 / 3 * ammonia.gas_constant * 250.0)
    whole = float(np.pi * 16e-6 * s.vapour_density * s.latent_heat * c)
    assert limits(wick(), AXIAL, ammonia, 250.0).sonic.item() == pytest.approx(whole / np.sqrt(14 / 3))
    assert ammonia.gas_constant == pytest.approx(8.314462618 / 0.01703026, rel=1e-4)


def test_which_governs():
    """A water pipe: viscous just above freezing, then what its wick carries, and it boils when hot."""
    water = saturation_table(coolant("water"))
    found = limits(wick(vapour_radius=2e-3, area=3e-4, nucleus=2.54e-6), AXIAL, water, [274.0, 350.0, 480.0])
    assert list(found.governs) == ["viscous", "capillary", "boiling"]
    unknown = limits(wick(wall_radius=None), AXIAL, water, 480.0)
    assert np.isinf(unknown.boiling)
    assert (found.least <= found.capillary).all()


def test_makers_table():
    """Straight between points; beyond them the end, and a remark."""
    table = TransportTable((273.15, 293.15, 333.15), (160.0, 150.0, 90.0))
    assert table.at([283.15, 313.15, 350.0]) == pytest.approx([155.0, 120.0, 90.0])
    assert table.remarks(300.0) == ()
    assert (
        table.remarks(350.0)[0].words() == "the maker's table of the heat pipe is used at T [K] = 350; its source states 273.15 to 333.15"
    )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: wick(permeability=0.0), "above zero"),
        (lambda: wick(wall_radius=1e-3), "larger than that of its vapour"),
        (lambda: TransportTable((300.0, 280.0), (1.0, 2.0)), "rising temperatures"),
        (lambda: TransportTable((300.0,), (1.0,)), "two temperatures"),
    ],
)
def test_refused(make, words):
    """By what is wrong."""
    with pytest.raises(FluidError, match=words):
        make()
