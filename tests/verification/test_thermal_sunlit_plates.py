"""Black plates in sunlight, from a case text to the temperature."""

import pytest
from bodies import alone
from case_text import FULL_SUN

from heliorack.case.case import loads
from heliorack.run.simulate import simulate
from orbit.planet import STEFAN_BOLTZMANN, plate_equilibrium, plate_view_factor

PLATE = 'title = "plate in sunlight"\n' + FULL_SUN
PLATE += """
[[parts]]
name = "plate"
kind = "box"
size_mm = [200, 100, 0.2]
material = "copper"
coating = "insulated"
coatings = { FACES }
mesh_mm = 100
[coatings.black]
solar_absorptance = ABSORPTANCE
infrared_emittance = 1
source = "black body"
[run]
kind = "steady"
"""
ONE, BOTH = '"+z" = "black"', '"+z" = "black", "-z" = "black"'


@pytest.mark.parametrize(("faces", "sides", "exact"), [(ONE, 1, 393.605898), (BOTH, 2, 330.981788)])
def test_equilibrium(faces, sides, exact):
    """alpha = eps = 1, normal to 1361 W/m2, no planet, 0 K: T = (1361/(n sigma))^(1/4) for n emitting sides, to 1e-6 K (mean)."""
    result = simulate(loads(PLATE.replace("FACES", faces).replace("ABSORPTANCE", "1")), alone())
    assert float(plate_equilibrium(1361.0, sides=sides)) == pytest.approx(exact, abs=1e-6)
    assert float(result.solution.history.mean[0, 0]) == pytest.approx(exact, abs=1e-6)
    assert result.heat["sun"] == pytest.approx(1361 * 0.02, rel=1e-9)
    assert result.heat["space"] == pytest.approx(-1361 * 0.02, rel=1e-9)


def test_solar_absorptance_is_not_infrared_emittance():
    """alpha = 0.16, eps = 1 on both sides: T falls by 0.16^(1/4), to 1e-6 K."""
    result = simulate(loads(PLATE.replace("FACES", BOTH).replace("ABSORPTANCE", "0.16")), alone())
    assert float(result.solution.history.mean[0, 0]) == pytest.approx(330.981788 * 0.16**0.25, abs=1e-6)


@pytest.mark.parametrize("absorptance", ["1", "0.16"])
def test_earth_infrared_is_absorbed_as_it_is_emitted(absorptance):
    """A face of emittance 0.5 towards nadir in the dark takes F E from the Earth: T = (F E/sigma)^(1/4), whatever its solar absorptance."""
    dark = PLATE.replace("solar_flux_W_m2 = 1361", "solar_flux_W_m2 = 0").replace("earth_ir_W_m2 = 0", "earth_ir_W_m2 = 240")
    dark = dark.replace('at = "sun"', 'at = "nadir"').replace("infrared_emittance = 1", "infrared_emittance = 0.5")
    result = simulate(loads(dark.replace("FACES", ONE).replace("ABSORPTANCE", absorptance)), alone())
    factor = float(plate_view_factor(7378137.0 / 6378137.0, 0.0))
    assert factor == pytest.approx((6378.137 / 7378.137) ** 2, rel=1e-12)
    assert float(result.solution.history.mean[0, 0]) == pytest.approx((factor * 240 / STEFAN_BOLTZMANN) ** 0.25, abs=1e-6)
