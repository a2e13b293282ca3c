"""A case ends the data of a library coolant: within what is known of it the answer is the same, beyond it the run fails."""

import re

import pytest
from network_case import STEADY, node, solved, table

WHOLE = "water_glycol (50 % by mass) at 3 bar is a liquid with data from -35.99 degC to 100.00 degC; stay within"


def loop(fluid="water_glycol", bar=3, heat=2000, **keys):
    """Heat into a loop that radiates it, 2 kW at -15 to -2 degC."""
    tubes = (
        f'{{ name = "plate", length_m = 1, diameter_mm = 10, heat_W = {heat}, cells = 2 }}, {{ name = "panel", length_m = 8, '
        "diameter_mm = 8, isothermal = true, cells = 20, radiates = { emittance = 0.9, perimeter_m = 1 } }"
    )
    pump = "{ flow_kg_s = 0.05 }"
    return table("loops", name='"w"', fluid=f'"{fluid}"', pressure_bar=bar, pump=pump, segments=f"[{tubes}]", **keys)


def found(**keys):
    result = solved(loop(**keys) + STEADY)
    return result, result.summary().network.loops["w"]


def test_within_its_range_nothing_changes():
    """Data that end at -20 and 80 degC are tabulated between, as exactly as all of them are."""
    (_, whole), (result, part) = found(), found(data_from_degC=-20, data_to_degC=80)
    assert not result.failures
    assert (part.min_degC, part.max_degC) == pytest.approx((whole.min_degC, whole.max_degC), abs=1e-5)


@pytest.mark.parametrize(
    ("heat", "keys", "said"),
    [(2000, {"data_from_degC": -5}, "panel.*known from -5.00 to 100.00"), (5000, {"data_to_degC": 25}, "known from -35.99 to 25.00")],
)
def test_what_leaves_it_fails_the_run(heat, keys, said):
    """As the ends of all data do, with place, temperature and range."""
    result, _ = found(heat=heat, **keys)
    assert result.holds is False
    (failure,) = result.failures
    assert "its fluid leaves the range of its data" in failure
    assert re.search(said, failure)


def test_near_its_critical_point_a_fluid_ends_colder():
    """Ammonia at 112 bar cannot be tabulated up to 132 degC, which is refused with the key that ends it; to 100 degC it can."""
    with pytest.raises(ValueError, match="14 % off; end it colder with data_to_degC"):
        found(fluid="ammonia", bar=112)
    assert not found(fluid="ammonia", bar=112, data_to_degC=100)[0].failures


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"data_to_degC": 300}, f"data_to_degC = 300.0   {WHOLE}"),
        ({"data_from_degC": -90}, f"data_from_degC = -90.0   {WHOLE}"),
        ({"data_from_degC": 50, "data_to_degC": 40}, "data_to_degC = 40   must be warmer than data_from_degC"),
        ({"data_from_degC": 30}, "20.00 degC, its table goes from 30.00 degC"),
        ({"data_to_degC": 80, "fluid": "f"}, "f of network.fluids has the same properties at any temperature"),
    ],
)
def test_bad_ranges_have_words(keys, said):
    own = "[network.fluids.f]\ndensity_kg_m3 = 1000\nspecific_heat_J_kgK = 4000\n"
    with pytest.raises(ValueError) as refused:
        solved(own + loop(**keys) + node("n", held_degC=20) + STEADY)
    assert said in str(refused.value)
