"""When a load case sizes array and battery: the worst orbit of its years, by what every date asks for."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from heliorack.case.case import examine
from heliorack.casefile.document import read
from heliorack.model.sizing_dates import sizing_dates, why_own
from heliorack.model.surroundings import surroundings

EDGE = Path(__file__).resolve().parents[4] / "cases" / "edge_node.toml"
FIXED = (
    "attitude={point={axis='+z',at='nadir'},align={axis='+x',at='velocity'}}",
    "parts.panel.coatings={'-z'='gaas_cells'}",
    "power.array_faces='panel:-z'",
)
FREE = ("attitude={point={axis='+z',at='anti_sun'},align={axis='+x',at='nadir'}}",)


def edge(*overrides, name="hot_operational"):
    return examine(read(EDGE), str(EDGE), ["power.years=1", *overrides]).cases[name]


def asked(case):
    """What a constant load asks of a free wing over a whole revolution of the solver, shadow and penumbra in it: over that of no shadow."""
    env = surroundings(case, 360)
    dark = float(np.trapezoid(1.0 - env.illumination, env.times)) / env.period
    paths = case.power.paths
    return (dark / paths.through_battery + (1.0 - dark) / paths.array_to_load) / (env.solar * (1.0 - dark)), dark * env.period


def through_the_year(case, steps=40):
    """The same load case at dates all over its year, at its own flux."""
    start, radius = case.orbit.epoch, case.environment.planet_radius
    return [replace(case, orbit=case.orbit.at_date(start + timedelta(days=365.25 * i / steps), radius)) for i in range(steps)]


def test_no_date_of_the_year_asks_for_more():
    """Area and eclipse of revolutions solved one by one, cone and penumbra: none a thousandth above the sizing date."""
    case = edge()
    (found,) = sizing_dates(case)
    area, dark = asked(found.case)
    for other in through_the_year(case):
        there = asked(other)
        assert there[0] <= area * 1.001
        assert there[1] <= dark * 1.001
    own = asked(case)
    assert found.area == pytest.approx(area / own[0], rel=1e-3)
    assert found.longer == pytest.approx(dark - own[1], abs=3.0)


@pytest.mark.parametrize(
    ("name", "override", "flux"),
    [
        ("hot_operational", None, 1316.6),
        ("safe_mode", None, 1316.6),
        ("cold_operational", None, 1316.6),
        ("hot_operational", "environment.solar_flux_W_m2=1400", 1400.0),
    ],
)
def test_the_sun_is_that_of_aphelion_unless_the_case_gives_a_number(name, override, flux):
    (found,) = sizing_dates(edge(*([override] if override else []), name=name))
    assert found.at.sunlight == pytest.approx(flux, abs=0.2)
    assert surroundings(found.case, 90).solar == pytest.approx(flux, abs=0.2)


def test_cells_that_do_not_follow_the_sun_are_sized_where_least_light_falls_on_them_too():
    """A plate that looks away from the Earth on an orbit of low inclination gets most light where the eclipse is longest."""
    case = edge("orbit={kind='circular',altitude_km=550,inclination_deg=50,epoch=2027-03-01T00:00:00Z}", *FIXED)
    dark, array = sizing_dates(case)
    assert abs(dark.at.beta) < np.radians(3.0)
    assert abs(array.at.beta) > np.radians(40.0)
    assert array.at.eclipse < dark.at.eclipse
    assert array.area > 1.001 * dark.area


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("power.sized_at='own_date'", "own_date"),
        ("orbit={kind='beta',altitude_km=550,beta_deg=30}", "an orbit of kind beta has no calendar"),
        ("run={kind='steady'}", "a steady run is of one date"),
        ("environment={solar_flux_W_m2=0,albedo=0,earth_ir_W_m2=0}", "there is no sunlight"),
    ],
)
def test_who_sizes_at_its_own_date_says_why(override, said):
    document = {**read(EDGE), "cases": {"hot_operational": {}}}  # without the epochs of the others
    case = examine(document, str(EDGE), [override]).cases["hot_operational"]
    assert said in why_own(case)
    assert sizing_dates(case) == ()


def test_where_the_body_turns_freely_the_next_date_is_flown():
    """+z away from the Sun and +x to nadir: at noon of the longest eclipse, beta 0, both are one; the date beside it is sized."""
    (found,) = sizing_dates(edge("orbit={kind='circular',altitude_km=350,inclination_deg=168,epoch='longest_eclipse'}", *FREE))
    surroundings(found.case, 120)
    assert 0.0 < abs(found.at.beta) < np.radians(1.0)
    assert found.longer > -1.0


def test_cells_in_an_attitude_that_some_season_does_not_define_are_sized_in_the_longest_eclipse():
    """Seen from their own date no beta angle tells all of the light; there is one date, and no error."""
    dates = sizing_dates(edge("orbit={kind='circular',altitude_km=350,inclination_deg=168,epoch='longest_eclipse'}", *FREE, *FIXED[1:]))
    assert len(dates) == 1
