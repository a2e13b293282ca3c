"""Leakage in the loop with temperature: fixed point and loop gain in closed form, and the design that has no fixed point."""

import numpy as np
import pytest
from bodies import alone
from lump_case import BLOCK, FILM, FLUID, ORBIT, STEADY, gpu, leaking_power
from scipy.optimize import brentq
from scipy.special import lambertw

from heliorack.case.case import loads
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.run.simulate import simulate

LEAKAGE = "leakage = {{ fraction = {f}, at_degC = {at}, doubling_K = {d} }}"


def fixed_point(peak, f, at, d, theta):
    """Power [W] of P = P0 ((1 - f) + f 2^((Tj - T0)/d)) with Tj = fluid + (1/hA + theta) P, by Lambert's W; and its slope q y."""
    q = np.log(2) / d
    k = q * (1 / FILM + theta)
    b = peak * f * np.exp(q * (FLUID - ZERO_CELSIUS - at))
    y = -float(np.real(lambertw(-k * b * np.exp(k * peak * (1 - f))))) / k
    return peak * (1 - f) + y, q * y


@pytest.mark.parametrize("theta", [0.0, 2.0])
@pytest.mark.parametrize("kind", ["steady", "periodic"])
def test_fixed_point(theta, kind, record_property):
    """Temperature, power and loop gain against Lambert's W: 1e-6 of the rise where steady, the search's tolerance where periodic."""
    peak, f, at, d = 3.0, 0.3, 50.0, 25.0
    text = BLOCK + gpu(peak, f"theta_jc_K_W = {theta}", LEAKAGE.format(f=f, at=at, d=d))
    text += STEADY if kind == "steady" else ORBIT + "[solver]\ntolerance_K = 1e-4\n"
    result = simulate(loads(text), alone())
    power, slope = fixed_point(peak, f, at, d, theta)
    tolerance = 1e-6 if kind == "steady" else 1e-5
    found = result.solution.end.mean() - FLUID
    record_property("found", found)
    record_property("expected", power / FILM)
    record_property("tolerance", tolerance * power / FILM)
    assert result.failures == ()
    assert found == pytest.approx(power / FILM, rel=tolerance)
    assert result.loads.compute[:, 0] == pytest.approx(power, rel=10 * tolerance)
    loop = result.solution.loops.entries[0]
    assert loop.resistance == pytest.approx(1 / FILM, rel=1e-4)
    assert loop.gain == pytest.approx(slope / (1 - theta * slope) / FILM, rel=1e-3)
    assert result.heat["compute"] / result.duration() == pytest.approx(power, rel=10 * tolerance)


PATH = 0.0048  #: m2 of film
SHORT = '[run]\nkind = "transient"\nduration_s = 600\nstart_degC = {start}\n'


def published(resistance):
    """700 W stated at 60 degC, 30 % of it leakage that doubles every 25 K, over a resistance [K/W] to 30 degC."""
    block = BLOCK.replace("h_W_m2K = 20", f"h_W_m2K = {1 / (resistance * PATH)!r}").replace("fluid_degC = 20", "fluid_degC = 30")
    return block.replace("= 1e5", "= 1e6") + gpu(700.0, LEAKAGE.format(f=0.3, at=60, d=25))


def test_a_published_device():
    """0.06 K/W: 83.72416773 degC, 895.402796 W, loop gain 0.67440913."""
    result = simulate(loads(published(0.06) + STEADY), alone())
    assert result.failures == ()
    assert result.solution.end.mean() - ZERO_CELSIUS == pytest.approx(83.72416773, abs=1e-3)
    assert result.loads.compute[:, 0] == pytest.approx(895.402796, rel=2e-5)
    assert result.solution.loops.entries[0].gain == pytest.approx(0.67440913, rel=1e-3)


def test_the_fold_of_a_published_device():
    """At 0.0622 K/W, just below the fold of 0.06228190, it stands below its 96.585507 degC; at 0.0623 it runs away from there."""
    result = simulate(loads(published(0.0622) + STEADY), alone())
    assert result.failures == ()
    assert 90 < result.solution.end.mean() - ZERO_CELSIUS < 96.585507
    beyond = simulate(loads(published(0.0623) + SHORT.format(start=97).replace("600", "6000")), alone())
    assert beyond.failures[0].startswith("thermal runaway")


@pytest.mark.parametrize(("start", "ends"), [(110.0, True), (111.0, False)])
def test_the_unstable_state_of_a_published_device(start, ends):
    """From below 110.49146250 degC it cools to its state, from above it runs away."""
    result = simulate(loads(published(0.06) + SHORT.format(start=start)), alone())
    assert (result.failures == ()) == ends
    assert not ends or result.solution.end.mean() - ZERO_CELSIUS == pytest.approx(83.724, abs=0.1)


@pytest.mark.parametrize("run", [STEADY, ORBIT, '[run]\nkind = "transient"\nduration_s = 20000\nstart_degC = 20\n'])
def test_runs_away(run):
    """Leakage that outruns the film at every temperature is called thermal runaway, with the part, its temperature and a gain above 1."""
    peak, f, at, d = 5.0, 0.2, 60.0, 15.0
    everywhere = np.linspace(20.0, 190.0, 500) + ZERO_CELSIUS
    assert (leaking_power(peak, everywhere, f, at + ZERO_CELSIUS, d) > FILM * (everywhere - FLUID)).all()
    result = simulate(loads(BLOCK + gpu(peak, LEAKAGE.format(f=f, at=at, d=d)) + run), alone())
    assert not result.holds
    said = result.failures[0]
    assert said.startswith("thermal runaway: chip (compute 'gpu') passes 194.5 degC")  # 60 + 15 lb(100 / 0.2)
    assert float(said.partition("loop gain ")[2].split()[0]) > 1.0
    assert result.parts()["chip"].max_degC >= 194.5
    assert result.summary().delivered == {}


def test_junction_runs_away_before_the_case_is_hot():
    """With theta_jc the power ends where k P0 f exp(q (T - T0)) exp(k P0 (1 - f)) = 1/e: the case temperature that is named."""
    peak, f, at, d, theta = 6.0, 0.2, 60.0, 15.0, 4.0

    def margin(T):
        k = np.log(2) / d * theta
        return k * peak * f * np.exp(np.log(2) / d * (T - at) + k * peak * (1 - f)) - np.exp(-1)

    result = simulate(loads(BLOCK + gpu(peak, f"theta_jc_K_W = {theta}", LEAKAGE.format(f=f, at=at, d=d)) + STEADY), alone())
    named = float(result.failures[0].partition("passes ")[2].split()[0])
    assert named == pytest.approx(brentq(margin, 0.0, 200.0), abs=0.07)


def test_power_that_does_not_answer_stays_as_it_was():
    """Leakage of no fraction: the same temperatures as without it."""
    plain = simulate(loads(BLOCK + gpu(3.0) + ORBIT), alone())
    none = simulate(loads(BLOCK + gpu(3.0, LEAKAGE.format(f=0.0, at=50, d=25)) + ORBIT), alone())
    assert none.solution.history.mean == pytest.approx(plain.solution.history.mean, abs=1e-6)
    assert any("power does not depend on temperature" in said for said in plain.assumptions)
    assert not any("power does not depend on temperature" in said for said in none.assumptions)
