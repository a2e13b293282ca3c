"""Multilayer insulation: ideal shields against the resistance network, and what a face with a blanket shows."""

import numpy as np
import pytest

from thermal.properties.ageing import Saturating
from thermal.properties.blanket import LIBRARY, Blanket, ideal_effective_emittance, optics, outer_coating
from thermal.properties.coating import LIBRARY as COATINGS
from thermal.properties.coating import Coating


def network(shields, emittance):
    """Heat between two surfaces at emissive powers 1 and 0 through parallel shields, by a balance of every radiosity (no formula)."""
    resistances = []
    for _ in range(shields + 1):
        resistances += [(1 - emittance) / emittance, 1.0, (1 - emittance) / emittance]
    n = len(resistances) + 1
    matrix = np.zeros((n, n))
    for i, r in enumerate(resistances):
        matrix[i : i + 2, i : i + 2] += np.array([[1, -1], [-1, 1]]) / max(r, 1e-300)
    inside = np.linalg.solve(matrix[1:-1, 1:-1], -matrix[1:-1, 0])
    return -(matrix[-1, 1:-1] @ inside)


@pytest.mark.parametrize(("shields", "emittance"), [(0, 0.5), (1, 0.03), (10, 0.03), (25, 0.1)])
def test_ideal_shields_are_resistances_in_series(shields, emittance):
    """The closed form is the heat of the network of surface and space resistances."""
    assert ideal_effective_emittance(shields, emittance) == pytest.approx(network(shields, emittance), rel=1e-10)


def test_ten_ideal_shields():
    """10 shields of 0.03: 0.00138440; no shield between black surfaces: 1."""
    assert ideal_effective_emittance(10, 0.03) == pytest.approx(0.00138440, abs=5e-9)
    assert LIBRARY["mli_ideal_10"].effective_emittance == ideal_effective_emittance(10, 0.03)
    assert ideal_effective_emittance(0, 1.0) == 1.0
    with pytest.raises(ValueError, match="must not be negative"):
        ideal_effective_emittance(-1, 0.03)
    with pytest.raises(ValueError, match="above 0 and up to 1"):
        ideal_effective_emittance(10, 0.0)


def test_library_is_sourced_and_wears_known_coatings():
    """Every blanket has a source and an outer layer of the library, and shares no name with a coating."""
    assert not set(LIBRARY) & set(COATINGS)
    for blanket in LIBRARY.values():
        assert blanket.source
        assert blanket.outer in COATINGS
        assert blanket.passes_heat


def test_heat_passes_by_either_way():
    """Radiation between the layers or conduction at the seams."""
    assert not Blanket("z93", 0.0, "test").passes_heat
    assert Blanket("z93", 0.0, "test", conductance=0.01).passes_heat
    assert Blanket("z93", 0.01, "test").passes_heat


def test_faces_show_the_outer_layer():
    """A blanket's name gives the optics of its outer layer, aged by each face's own time in the Sun."""
    law = Saturating("saturating", growth=0.1, time_constant=1.0, measured=1.0, source="test")
    coatings = {"white": Coating(0.2, 0.9, "test", ageing=law), "black": Coating(0.95, 0.85, "test")}
    blankets = {"mli": Blanket("white", 0.02, "test")}
    assert outer_coating("mli", coatings, blankets) is coatings["white"]
    found, said = optics(["mli", "black", "white"], coatings, blankets, "bol")
    assert found.tolist() == [[0.2, 0.9], [0.95, 0.85], [0.2, 0.9]]
    assert said == ()
    found, said = optics(["mli", "black", "white"], coatings, blankets, "eol", np.array([3600.0, 3600.0, 0.5]))
    assert found[:, 0] == pytest.approx([0.3, 0.95, 0.2 + 0.1 * (1 - np.exp(-0.5))], abs=1e-12)
    assert said == ("coating white: aged by 1 equivalent sun hours, beyond the 0 h of its law (test); the rest is extrapolated",)
    assert optics(["white"], coatings, blankets, "eol", np.array([0.5]))[1] == ()
    with pytest.raises(ValueError, match="time in the Sun"):
        optics(["mli"], coatings, blankets, "eol")
