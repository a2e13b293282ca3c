"""Closed-form sizes of array, battery and radiator against handbook arithmetic and published systems."""

import numpy as np
import pytest

from power.bus.balance import Paths, balance, swing
from power.system.sizing import (
    array_power,
    pack_energy,
    quick,
    radiator_area,
    radiator_flux,
    smallest_array,
    smallest_pack,
)

MINUTE, WATT_HOUR = 60.0, 3600.0


@pytest.mark.parametrize(("day_path", "eclipse_path", "watts"), [(0.85, 0.65, 2121.139954), (0.80, 0.60, 2273.391813)])
def test_array_power_of_a_constant_load(day_path, eclipse_path, watts):
    """P = (Pe Te/Xe + Pd Td/Xd)/Td with 1000 W, 35 min of eclipse and 57 min of sunlight (Wertz and Larson)."""
    power = array_power(1000.0, 1000.0, 57 * MINUTE, 35 * MINUTE, day_path, eclipse_path)
    assert float(power) == pytest.approx(watts, rel=1e-9)


@pytest.mark.parametrize(("depth", "path", "energy"), [(1.0, 1.0, 583.3333333), (0.35, 1.0, 1666.6666667), (0.30, 0.95, 2046.7836257)])
def test_battery_of_a_constant_load(depth, path, energy):
    """1000 W through 35 min."""
    assert float(pack_energy(1000.0, 35 * MINUTE, depth, path)) / WATT_HOUR == pytest.approx(energy, rel=1e-9)


def test_marched_bus_closes_at_the_closed_form_sizes():
    """With a square orbit the smallest array and battery of the marched bus are those of the closed form."""
    paths = Paths(0.80, 0.83, 0.80, 0.95, 0.95)
    times = np.array([0.0, 57, 57, 92]) * MINUTE
    sun = np.array([1.0, 1.0, 0.0, 0.0])
    load = np.full(4, 1000.0)
    area = smallest_array(times, 400.0 * sun, load, paths)
    assert area * 400.0 == pytest.approx(
        float(array_power(1000.0, 1000.0, 57 * MINUTE, 35 * MINUTE, paths.array_to_load, paths.through_battery)), rel=1e-9
    )
    pack = smallest_pack(times, area * 400.0 * sun, load, paths, depth=0.3)
    assert pack == pytest.approx(float(pack_energy(1000.0, 35 * MINUTE, 0.3, 0.95 * 0.80)), rel=1e-9)
    found = balance(times, area * 400.0 * sun, load, pack, paths)
    assert found.closes
    assert found.depth_of_discharge == pytest.approx(0.3, rel=1e-9)
    assert not balance(times, 0.999 * area * 400.0 * sun, load, pack, paths).closes
    assert swing(times, area * 400.0 * sun, load, paths)[0] == pytest.approx(0.0, abs=1e-3)


def test_small_battery_fills_and_stays_full():
    """5 W + 5 W into a store of 10 J that holds 5 J: after 5 s it holds 10 J, not 55 (Basilisk, test_simpleBattery)."""
    times = np.array([0.0, 5.0, 5.0, 10.0])
    found = balance(times, [5.0 + 5.0] * 2 + [0.0] * 2, [0.0, 0.0, 1.0, 1.0], 10.0, Paths(1.0, 1.0, 1.0))
    assert found.stored[0] == pytest.approx(5.0)
    assert found.stored[found.given[1]] == 10.0
    assert found.undrawn == pytest.approx(45.0)


def test_radiator_of_a_published_white_paper():
    """20 degC, emittance 0.92, one side sunlit, the Earth counted once and with the solar absorptance: 633.08 W/m2 (Starcloud, 2024)."""
    sigma = 5.67e-8
    earth = 0.25 * (0.30 * 1366.0 + sigma * 253.15**4)
    assert float(radiator_flux(293.15, 0.92, sink=0.0, sigma=sigma)) == pytest.approx(770.4784, abs=1e-3)
    net = radiator_flux(293.15, 0.92, absorptance=0.09, sunlight=1366.0 + earth, sink=0.0, sigma=sigma)
    assert float(net) == pytest.approx(633.0786, abs=1e-3)
    assert float(radiator_area(120e3, net)) == pytest.approx(189.550, abs=0.01)


def test_radiator_with_infrared_absorptance_equal_to_emittance():
    """Edge-on to the Earth at 550 km (view factor 0.25777283 and 237 W/m2 on both faces): 658.1197 W/m2 in shade, 535.6297 sunlit."""
    infrared = 2 * 0.25777283 * 237.0
    shade = radiator_flux(293.15, 0.92, infrared=infrared, sink=0.0)
    sunlit = radiator_flux(293.15, 0.92, absorptance=0.09, sunlight=1361.0, infrared=infrared, sink=0.0)
    assert float(shade) == pytest.approx(658.1197, abs=1e-3)
    assert float(sunlit) == pytest.approx(535.6297, abs=1e-3)


def test_two_sided_radiator_of_110_square_metres_of_planform():
    """120 kW on 110 m2 of planform, emittance 0.91, sink 220 K: 337.10 K; read as emitting area it is far hotter (390 K)."""
    below, above = (float(radiator_area(120e3, radiator_flux(t, 0.91, sink=220.0))) for t in (337.11, 337.09))
    assert below < 110.0 < above
    assert float(radiator_area(120e3, radiator_flux(385.0, 0.91, faces=1, sink=220.0))) > 110.0


def test_radiator_area_is_linear_in_power():
    """At fixed temperature and surroundings twice the heat needs twice the planform area, not 19 % more."""
    flux = radiator_flux(310.0, 0.85, infrared=100.0, sink=2.725)
    assert radiator_area([1e3, 2e3, 1e5], flux) == pytest.approx(np.array([1.0, 2.0, 100.0]) * float(radiator_area(1e3, flux)), rel=1e-14)


def test_trade_curve_costs_no_loop():
    """All fields of a quick size follow the shape of the inputs; more eclipse never asks for less."""
    eclipse = np.linspace(0.0, 2200.0, 12)
    found = quick(
        period=5740.0,
        eclipse=eclipse,
        load_day=1000.0,
        load_eclipse=1000.0,
        heat=1000.0,
        array_density=300.0,
        paths=Paths(0.8, 0.83, 0.8, 0.95, 0.95),
        depth=0.3,
        specific_energy=200.0 * WATT_HOUR,
        flux=radiator_flux(300.0, 0.85, sink=2.725),
    )
    assert found.array_area.shape == found.radiator_mass.shape == (12,)
    assert np.all(np.diff(found.array_area) > 0.0)
    assert np.all(np.diff(found.pack_energy) > 0.0)
    assert found.array_power[0] == pytest.approx(1000.0 / 0.8)
