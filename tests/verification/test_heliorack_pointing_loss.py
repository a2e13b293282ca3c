"""Loss of Sun pointing in a transient: light on every face and power of the array are those of the attitude that the body then has."""

import numpy as np
import pytest
from bodies import alone
from case_text import box, orbit, turning
from network_case import node, solved

from heliorack.case.case import loads
from heliorack.model.surroundings import lapse, surroundings
from heliorack.run.simulate import simulate

SUN, AREA = 1361.0, 0.5  # W/m2, m2
ALPHA, CELLS = 0.17, 0.88  # z93, gaas_cells
SKY = """
[orbit]
kind = "beta"
altitude_km = 500
beta_deg = {beta}
[environment]
solar_flux_W_m2 = 1361
albedo = 0
earth_ir_W_m2 = 0
[attitude]
point = {{ axis = "+z", at = "{at}" }}
align = {{ axis = "+x", at = "{along}" }}
"""
AT_SUN = SKY.format(beta=90, at="sun", along="velocity")
FACE = f'[{{ area_m2 = {AREA}, normal = [0, 0, 1], coating = "z93" }}]'
BUS = """
[power]
cell = "azur_3g30"
battery = "lg_mj1"
array_area_m2 = {area}
array_temperature_degC = 50
pack_capacity_Wh = {pack}
base_load_W = 60
array_to_load = 1.0
array_to_battery = 1.0
battery_to_load = 1.0
"""
EDGE_ON = 'attitude = { kind = "two_vector", point = { axis = "+x", at = "sun" }, align = { axis = "+z", at = "velocity" } }'


def run(duration):
    return f'[run]\nkind = "transient"\nduration_s = {duration}\nstart_degC = 20\n'


def lost(at, more=""):
    return f"[pointing_loss]\nlost_s = {at}\n{more}\n"


def absorbed(text):
    """Sunlight on the node [J], and the result."""
    result = solved(node("n", capacity_J_K=2e4, faces=FACE) + text)
    assert result.record.closure() < 1e-9
    return result.heat["sun n"], result


@pytest.mark.parametrize(
    ("becomes", "share"),
    [
        ('attitude = { kind = "frozen" }', 1.0),
        (EDGE_ON, 0.0),
        ('attitude = { kind = "tumble", axis = [1, 0, 0], spin_period_s = 10 }', 1 / np.pi),
        ('attitude = { kind = "tumble", axis = [0, 1, 1], spin_period_s = 10 }', None),
        ('attitude = { kind = "tumble", axis = [0, 0, 3], spin_period_s = 500 }', 1.0),
    ],
)
def test_sunlight_follows_the_attitude_that_it_then_has(becomes, share):
    """A face that looked at the Sun has it before, a share of it in between, and all of it again once pointing is regained.

    Tumbling across the Sun shows it 1/pi of a turn's light; about an axis 45 degrees off it the cosine is (1 + cos)/2, whose mean is 1/2.
    """
    share = 0.5 if share is None else share
    found, result = absorbed(AT_SUN + lost(1000, f"regained_s = 3000\n{becomes}") + run(4000))
    assert found == pytest.approx(ALPHA * AREA * SUN * (2000 + 2000 * share), rel=2e-4, abs=1.0)
    assert {1000.0, 3000.0} <= set(result.record.times)


def test_frozen_among_the_stars():
    """A face at zenith sees the Sun by cos(2 pi t/P) from noon on, and by cos 60 degrees from P/6 on where it then stays."""
    text = SKY.format(beta=0, at="zenith", along="velocity")
    period = absorbed(text + run(10))[1].built.env.period
    found, _ = absorbed(text + lost(period / 6) + run(0.27 * period))
    before = period / (2 * np.pi) * np.sin(np.pi / 3)
    assert found == pytest.approx(ALPHA * AREA * SUN * (before + 0.5 * (0.27 - 1 / 6) * period), rel=1e-5)


@pytest.mark.parametrize(("turn", "off"), [(10, 1e-3), (500, 0.02)])
def test_a_battery_empties_by_what_a_tumbling_array_lacks(turn, off):
    """The array gives 1/pi of what it gave; the store falls by what the load lacks, and from the moment it is empty loads go short."""
    text = AT_SUN + BUS.format(pack=20, area=0.4)
    text += lost(1000, f'attitude = {{ kind = "tumble", axis = [1, 0, 0], spin_period_s = {turn} }}')
    _, result = absorbed(text + run(9000))
    b, figures = result.charge, result.charged()
    after = b.times >= 1000
    given = float(np.interp(500, b.times, b.available))
    mean = np.trapezoid(b.available[after], b.times[after]) / 8000
    assert mean == pytest.approx(given / np.pi, rel=off)
    assert abs(b.closure) < 1e-9
    assert figures.start_state_of_charge == 1.0
    assert result.summary().power.transient == figures
    if turn == 10:  # whole turns by their mean: the load lacks the same all the time
        empty = 1000 + result.power.cells.paths.discharge * b.capacity / (60 - mean)
        assert 2000 < empty < 8000
        assert figures.short_at_s == pytest.approx(empty, rel=1e-3)
        assert figures.unserved_Wh == pytest.approx((60 - mean) * (9000 - empty) / 3600, rel=2e-3)


def test_on_parts_with_cells_on_a_face():
    """Cells of a plate that turns by 90 degrees give nothing; absorbed sunlight, electricity out of the cells and the first law follow."""
    plate = """
[[parts]]
name = "plate"
kind = "plate"
width_mm = 1000
length_mm = 500
thickness_mm = 5
mesh_mm = 250
material = "al_6061"
coating = "z93"
coatings = { "+z" = "gaas_cells" }
"""
    becomes = f"regained_s = 2500\n{EDGE_ON}"
    bus = BUS.format(pack=40, area=0.4).replace("array_temperature_degC = 50", 'array_faces = "plate:+z"')
    result = simulate(loads(plate + AT_SUN + bus + lost(1000, becomes) + run(4000)), alone())
    side = 0.5 * 0.005
    assert result.heat["sun"] == pytest.approx(SUN * (CELLS * AREA * 2500 + ALPHA * side * 1500), rel=1e-6)
    assert result.closure < 1e-9
    assert {1000.0, 2500.0} <= set(result.solution.history.times)
    b = result.charge
    inside = (b.times > 1000) & (b.times < 2500)
    assert np.all(b.available[inside] == 0.0)
    assert b.available[(b.times < 1000) | (b.times > 2500)].min() > 60
    stored = np.interp([1000, 2500], b.times, b.stored)
    assert stored[0] - stored[1] == pytest.approx(60 * 1500 / result.power.cells.paths.discharge, rel=1e-9)
    assert -result.heat["electricity"] == pytest.approx(np.trapezoid(b.from_cells, b.times), rel=1e-9)
    assert result.summary().power.transient.min_state_of_charge == pytest.approx(b.state_of_charge.min())
    (said,) = [said for said in result.remarks if "give what they give at 57 degC" in said]
    low, high = (float(end[0]) - 273.15 for end in (result.solution.history.coldest, result.solution.history.hottest))
    assert said.endswith(f"while their parts come to {low:.0f} to {high:.0f} degC")


SHADED = (
    box("wide", [300, 300, 20], coating="z93", mesh=150)
    + box("top", [100, 100, 20], at=(100, 100, 200), coating="mli", mesh=100)
    + '[blankets.mli]\nouter = "z93"\neffective_emittance = 0.05\nconductance_W_m2K = 0.1\nsource = "test"\n'
)


def test_lost_from_the_start_is_the_other_attitude():
    """Shadows, blankets, albedo and infrared among parts are those of a run in the attitude that the body then has."""
    other = ("-z", "nadir"), ("+x", "velocity")
    end = '[run]\nkind = "transient"\nduration_s = 3000\nstart_degC = 0\n'
    becomes = 'attitude = { kind = "two_vector", point = { axis = "-z", at = "nadir" }, align = { axis = "+x", at = "velocity" } }'
    usual = simulate(loads(SHADED + orbit(30, *other) + end), alone())
    turned = simulate(loads(SHADED + orbit(30) + lost(0, becomes) + end), alone())
    for path in ("sun", "albedo", "earth_infrared", "space"):
        assert turned.heat[path] == pytest.approx(usual.heat[path], rel=1e-3)
        assert abs(usual.heat[path]) > 1e3
    assert turned.solution.end == pytest.approx(usual.solution.end, abs=0.02)
    assert turned.closure < 1e-9


WING = box("bus", [200, 200, 200], mesh=200) + box("wing", [400, 200, 10], at=(-100, 250, 95), mesh=200)


@pytest.mark.full
def test_joints_stand_still():
    """A wing that follows the Sun stops as it stood: lost at noon, where its joint is at zero, it is one that never turned."""
    text = SKY.format(beta=0, at="zenith", along="velocity") + WING + lost(0, "regained_s = 1500") + run(2000)
    turns = simulate(loads(text + turning("wing")), alone())
    stands = simulate(loads(text), alone())
    early = [np.interp(1400, result.solution.history.times, result.solution.history.mean[:, 1]) for result in (turns, stands)]
    assert early[0] == pytest.approx(early[1], abs=0.05)
    assert turns.heat["sun"] > stands.heat["sun"] + 500  # it follows again from 1500 s on
    assert turns.closure < 1e-9
    assert "joints stand still while pointing is lost" in " ".join(turns.assumptions)


def test_a_joint_stops_where_it_stood():
    """Its normal points where the Sun was then, on the way round the axis."""
    case = loads(SKY.format(beta=0, at="zenith", along="velocity") + WING + turning("wing") + lost(700) + run(2000))
    env = surroundings(case)
    found = lapse(case, env)
    sun = np.array([np.interp(700, env.times, env.sun[:, i]) for i in range(3)])
    assert found.tracking[0].turn @ [0, 0, 1] == pytest.approx(sun / np.linalg.norm(sun), abs=1e-4)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (lost(5000), r"lost_s = 5000(\.0)?   would be after the transient, whose run.duration_s is 4000"),
        (lost(1000, "regained_s = 900"), r"regained_s = 900   is not after lost_s = 1000"),
        (
            lost(1000, 'attitude = { kind = "tumble", axis = [0, 0, 0], spin_period_s = 9 }'),
            r"attitude.axis = .* must not be a zero vector",
        ),
        (
            lost(1000, 'attitude = { kind = "tumble", axis = [0, 0, 1], spin_period_s = 9e4 }'),
            r"pointing_loss.attitude.spin_period_s   a turn",
        ),
        (lost(1000, 'attitude = { kind = "adrift" }'), r"frozen"),
    ],
)
def test_bad_input_has_words(text, words):
    with pytest.raises(ValueError, match=words):
        absorbed(AT_SUN + text + run(4000))


def test_only_of_a_transient():
    with pytest.raises(ValueError, match=r'belongs to run.kind = "transient"'):
        absorbed(AT_SUN + lost(1000) + '[run]\nkind = "steady"\n')
