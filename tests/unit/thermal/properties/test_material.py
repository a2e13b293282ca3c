"""Material and coating libraries."""

import numpy as np
import pytest

from thermal.properties import coating, material


@pytest.mark.parametrize("name", material.LIBRARY)
def test_every_material_is_positive_and_has_a_source(name):
    """Density 10 to 25000 kg/m3, heat 100 to 5000 J/kgK, conductivity up to 2000 W/mK."""
    m = material.LIBRARY[name]
    assert len(m.source) > 10
    assert 10 < m.density < 25000
    assert 100 < m.specific_heat < 5000
    assert 0 < np.diag(m.tensor()).min() <= m.greatest_conductivity <= 2000


@pytest.mark.parametrize("name", coating.LIBRARY)
def test_every_coating_has_two_numbers_and_a_source(name):
    """Solar absorptance and infrared emittance are separate fields within 0 and 1; end of life is never better than the beginning."""
    c = coating.LIBRARY[name]
    assert len(c.source) > 10
    assert not hasattr(c, "absorptivity")
    for life in ("bol", "eol"):
        alpha, epsilon = c.at(life)
        assert 0 <= alpha <= 1
        assert 0 < epsilon <= 1
    assert c.at("bol") == (c.solar_absorptance, c.infrared_emittance)
    assert c.at("eol")[0] >= c.at("bol")[0]


def test_absorptance_and_emittance_are_separate():
    """White paint and buffed aluminium absorb alike in sunlight and emit thirty times apart in the infrared."""
    paint, metal = coating.LIBRARY["z93"], coating.LIBRARY["aluminium_buffed"]
    assert paint.solar_absorptance == pytest.approx(metal.solar_absorptance, abs=0.02)
    assert paint.infrared_emittance > 30 * metal.infrared_emittance


def test_end_of_life_falls_back_to_the_beginning():
    """Only what is known changes."""
    assert coating.LIBRARY["a276"].at("eol") == (0.44, 0.88)
    assert coating.LIBRARY["gold_electroplated"].at("eol") == coating.LIBRARY["gold_electroplated"].at("bol")


def test_a_board_is_copper_in_parallel_and_in_series():
    """1.6 mm with eight 35 um planes: sum k t/t in the plane, t/sum(t/k) through it; 70.523675 and 0.415682 W/mK."""
    assert material.stacked_board(1.6e-3, 8 * 35e-6) == pytest.approx((70.523675, 0.415682), abs=1e-6)
    assert material.stacked_board(1e-3, 0.0) == pytest.approx((1.059, 0.343))
    board = material.LIBRARY["fr4_8cu"].tensor()
    assert np.diag(board) == pytest.approx([70.523675, 70.523675, 0.415682], abs=1e-6)


@pytest.mark.parametrize("copper", [-1e-6, 1e-3, 2e-3])
def test_more_copper_than_board(copper):
    """Refused in millimetres."""
    with pytest.raises(ValueError, match="must lie between 0 and the board's 1 mm"):
        material.stacked_board(1e-3, copper)


def test_a_board_is_computed_from_its_copper():
    """1.6 mm of laminate with 0.28 mm of copper planes: 70.523675 W/mK in the plane, 0.415682 W/mK through it."""
    board = material.Material(2900, 800, 1.059, "case", k_z=0.343, board=1.6e-3, copper=0.28e-3)
    assert np.diag(board.tensor()) == pytest.approx([70.523675, 70.523675, 0.415682], rel=1e-6)


@pytest.mark.parametrize(
    ("stack", "words"), [({"board": 1e-3}, "give both board_mm and copper_mm"), ({"board": 1e-3, "copper": 2e-3}, "thinner")]
)
def test_half_a_stack_is_refused(stack, words):
    """Both thicknesses, and less copper than board."""
    with pytest.raises(ValueError, match=words):
        material.Material(2900, 800, 1.0, "case", **stack)


def test_service_lies_below_melting():
    """A material that is used above where it melts contradicts itself; none of the library does."""
    with pytest.raises(ValueError, match="service_degC must not be above melting_degC"):
        material.Material(2700, 900, 160, "case", service=900.0, melting=800.0)
    melting = {name for name, known in material.LIBRARY.items() if known.melting is not None}
    assert {"al_6061", "al_7075", "copper", "ti_6al_4v", "stainless_304", "stainless_316", "invar_36"} <= melting


def test_a_laminate_is_resin_and_fibres():
    """Fibres that conduct like the resin make a laminate that does; along T300 fibres 0.6 x 10.46 + 0.4 x 0.2 W/mK."""
    assert material.laminate(0.2, 0.2) == pytest.approx((0.2, 0.2, 0.2))
    along, across, plane = material.laminate(10.46)
    assert along == pytest.approx(6.356)
    assert 0.2 < across < 0.2 * (1 + 0.6) / (1 - 0.6)  # never above fibres that conduct without end
    assert plane == pytest.approx((along + across) / 2)
    ud = np.diag(material.LIBRARY["cfrp_t300_ud"].tensor())
    assert ud == pytest.approx([along, across, across])
