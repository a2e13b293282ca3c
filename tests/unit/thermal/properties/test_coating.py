"""Coatings at beginning and end of life, and what contradicts itself."""

import pytest

from thermal.properties.ageing import Power
from thermal.properties.coating import LIBRARY, Coating

LAW = Power("power", growth=0.1, measured=3.6e6, exponent=1.0, source="test")


def test_end_values_take_over_at_end_of_life():
    """A-276 of NASA RP-1121 browns from 0.26 to 0.44; what has no end value stays."""
    assert LIBRARY["a276"].at("bol") == (0.26, 0.88)
    assert LIBRARY["a276"].at("eol") == (0.44, 0.88)
    assert LIBRARY["osr"].at("eol") == LIBRARY["osr"].at("bol") == (0.07, 0.74)
    assert LIBRARY["a276"].at("eol", 1.0) == (0.44, 0.88)


def test_law_takes_the_time_in_the_sun():
    """0.2 + 0.1 after the time of the law; at beginning of life the time does not matter."""
    white = Coating(0.2, 0.9, "test", infrared_emittance_eol=0.85, ageing=LAW)
    assert white.at("bol") == white.at("bol", 9e9) == (0.2, 0.9)
    assert white.at("eol", 3.6e6) == pytest.approx((0.3, 0.85), abs=1e-15)
    with pytest.raises(ValueError, match="no end of life before its time in the Sun is known"):
        white.at("eol")


def test_one_way_to_age():
    """An end value and a law would contradict each other."""
    with pytest.raises(ValueError, match=r"^ageing and solar_absorptance_eol both say how the coating ages; give one"):
        Coating(0.2, 0.9, "test", solar_absorptance_eol=0.3, ageing=LAW)


def test_mirror_needs_reflected_light():
    """A surface that absorbs all sunlight reflects none to be split."""
    assert Coating(0.99, 0.9, "test", specular_fraction=1.0).specular_fraction == 1.0
    with pytest.raises(ValueError, match=r"^specular_fraction is of the reflected sunlight, and solar_absorptance = 1 reflects none"):
        Coating(1.0, 0.9, "test", specular_fraction=0.1)


def test_flown_coatings_rise_by_what_was_measured_in_orbit():
    """LDEF, 69 months: Z-93 0.14 to 0.15, S13G/LO 0.18 to 0.37, YB-71 0.13 to 0.15; Hubble, 8.25 years: silvered FEP 0.074 to 0.155."""
    flown = {"z93": 0.15 - 0.14, "s13glo": 0.37 - 0.18, "zot": 0.15 - 0.13, "chromic_anodize": 0.47 - 0.40, "silver_fep": 0.155 - 0.074}
    for name, rise in flown.items():
        known = LIBRARY[name]
        assert known.has_end_of_life
        assert known.at("eol")[0] - known.at("bol")[0] == pytest.approx(rise, abs=0.005), name
        assert known.at("eol")[1] == known.at("bol")[1]


def test_an_end_of_life_figure_says_where_it_comes_from():
    """Every coating with one names the end of life in its source; one without is known to be without."""
    for name, known in LIBRARY.items():
        assert known.has_end_of_life == ("end of life" in known.source), name
    assert not LIBRARY["osr"].has_end_of_life
    assert Coating(0.2, 0.9, "test", ageing=LAW).has_end_of_life
