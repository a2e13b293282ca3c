"""What is sized lasts: the sizes, given, serve every orbit of every year at the allowed depth, and 2 % less of either does not."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from thorough import many

from power.storage.life import Ageing
from power.system.result import PowerResult
from power.system.settings import Power, Sizes
from power.system.system import solve
from power.system.yearly_figures import battery_years, years_failures

PERIOD = 5700.0  #: s
CURVE = ((0.05, 400000.0), (0.3, 60000.0), (0.8, 5000.0))

AS_FOUND = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "phases": (Phase.reuse, Phase.generate)}

efficiency = some.floats(0.7, 1.0)
#: by year; fluence up to the end of the data sheet in five years; the years bring the array up to date once a day and tell no faster loss
array_age = some.one_of(
    some.just({}),
    some.builds(lambda kept: {"eol_factor": kept}, some.floats(0.9, 0.999)),
    some.builds(lambda f: {"fluence_per_year": f}, some.floats(1e13, 1.9e15)),
)
battery_age = some.one_of(
    some.just({}),
    some.builds(lambda f: {"battery_eol_factor": f}, some.floats(0.6, 1.0)),
    some.builds(lambda time: {"ageing": Ageing(CURVE, loss_per_year=time)}, some.floats(0.0, 0.05)),
)
powers = some.builds(
    lambda to_load, to_battery, from_battery, charge, discharge, depth, years, array, battery, flown: Power(
        "azur_3g30_cic",
        "lg_mj1",
        array_temperature=320.0,
        years=years,
        life="eol" if flown and array else "bol",
        array_to_load=to_load,
        array_to_battery=to_battery,
        battery_to_load=from_battery,
        charge_efficiency=charge,
        discharge_efficiency=discharge,
        max_depth_of_discharge=depth,
        **{key: value**years if key == "eol_factor" else value for key, value in array.items()},
        **battery,
    ),
    *[efficiency] * 5,
    some.floats(0.1, 0.8),
    some.sampled_from([0.5, 1.0, 2.3, 5.0]),
    array_age,
    battery_age,
    some.booleans(),
)
orbits = some.tuples(some.floats(0.05, 0.4), some.floats(0.3, 1.0), some.floats(200.0, 3000.0), some.floats(200.0, 3000.0))


def orbit(eclipse: float, cosine: float, day: float, night: float) -> tuple[list[float], list[float], list[float]]:
    """Times, sunlight on the cells and load: an eclipse in the middle, the Sun lower towards its edges."""
    dark, rim = eclipse * PERIOD, 0.5 * (1.0 - eclipse) * PERIOD
    times = [0.0, rim, rim, rim + dark, rim + dark, PERIOD]
    return times, [1361.0, 1361.0 * cosine, 0.0, 0.0, 1361.0 * cosine, 1361.0], [day, day, night, night, day, day]


def lasts(power: Power, found: PowerResult) -> bool:
    """Whether no orbit of any year misses anything, by the year's march where something ages."""
    if found.failures:
        return False
    years = battery_years(power, found)
    return years is None or not years_failures(years["rows"], power.max_depth_of_discharge)


def check(power: Power, flight: tuple[float, float, float, float]) -> None:
    """The claim, for one power system on one orbit."""
    times, sunlight, load = orbit(*flight)
    sized = solve(power, times, sunlight, load)
    assert sized.array_area is not None
    assert sized.pack_capacity is not None

    def flown(array: float, pack: float) -> bool:
        smaller = replace(power, sizes=Sizes(array * sized.array_area, pack * sized.pack_capacity))
        return lasts(smaller, solve(smaller, times, sunlight, load))

    assert lasts(power, sized)
    assert flown(1.0, 1.0)
    assert not flown(0.98, 1.0)
    assert not flown(1.0, 0.98)


def test_a_battery_counts_the_cells_as_warm_as_they_are():
    """By fluence, the battery works harder as the array fades: cells of another temperature cost 0.6 % of depth."""
    given = {"array_to_load": 0.782, "array_to_battery": 1.0, "battery_to_load": 1.0, "charge_efficiency": 0.7412}
    power = Power(
        "azur_3g30_cic",
        "lg_mj1",
        array_temperature=320.0,
        life="eol",
        discharge_efficiency=0.985,
        max_depth_of_discharge=0.5438,
        fluence_per_year=5e13,
        ageing=Ageing(CURVE, loss_per_year=0.0028),
        **given,
    )
    times, sunlight, load = orbit(0.167, 0.7005, 2926.3, 413.4)
    rows = battery_years(power, solve(power, times, sunlight, load))["rows"]
    assert rows[-1]["depth_of_discharge"] == pytest.approx(0.5438, rel=1e-3)
    check(power, (0.167, 0.7005, 2926.3, 413.4))


@settings(max_examples=20, **AS_FOUND)
@given(powers, orbits)
def test_sizes_last_and_no_less_does(power, flight):
    check(power, flight)


@pytest.mark.full
@settings(max_examples=many(600, 200), **AS_FOUND)
@given(powers, orbits)
def test_sizes_last_and_no_less_does_on_many_orbits(power, flight):
    check(power, flight)
