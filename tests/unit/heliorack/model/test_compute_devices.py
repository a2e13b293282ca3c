"""Devices that answer to temperature: heat by part, power on the bus, ceilings, averages, junctions, figures."""

import numpy as np
import pytest
from bodies import alone
from lump_case import BLOCK, FILM, FLUID, ORBIT, STEADY, gpu, leaking_power

from heliorack.case.case import CaseError, loads
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.body import build_body
from heliorack.model.compute_devices import answering
from heliorack.model.loads import electrical_loads
from heliorack.model.surroundings import surroundings
from heliorack.model.thermal_model import assemble_model
from heliorack.run.simulate import simulate
from power.computing.response import RunawayError, respond

LEAKAGE = "leakage = { fraction = 0.3, at_degC = 50, doubling_K = 25 }"
DUTY = 'profile = { kind = "duty", on_fraction = 0.25, idle_utilisation = 0.2, period_s = 1000 }'
THROTTLE = "throttle = { junction_degC = 60, release_degC = 50, factor = 0.5 }"
POWER = '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\n'


def devices_of(text):
    """The devices of the only entry of a case, with its body, loads and surroundings."""
    case = loads(text)
    body, env = build_body(case, alone()), surroundings(case)
    load = electrical_loads(case, body, env)
    return answering(case, body, env, load)[0], case, body, env, load


@pytest.mark.parametrize("more", [LEAKAGE, THROTTLE])
def test_heat_is_the_answer_of_the_parts_to_their_means(more):
    """One signal per matched part, watts and slope as the library answers, every watt into that part."""
    second = BLOCK.partition("[materials")[0].replace('title = "block"', "").replace('"chip"', '"chip2"\nposition_mm = [100, 0, 0]')
    text = BLOCK.replace('"chip:*"', '"chip*:*"') + second + gpu(3.0, more).replace('"chip"', '"chip*"') + ORBIT
    devices, case, body, *_ = devices_of(text)
    feedback, means = devices.feedback(body), np.array([320.0, 335.0])
    assert devices.names == ["chip", "chip2"]
    one = respond(case.compute[0], np.ones(2), means)
    assert feedback.rate(100.0, means) == pytest.approx(one.power)
    assert feedback.gain(100.0, means) == pytest.approx(one.slope)
    assert np.asarray(feedback.weights.sum(axis=0)).ravel() == pytest.approx([1.0, 1.0])
    assert (body.volumes.T @ feedback.weights).toarray()[0, 1] == 0.0


def test_corners_of_a_throttle():
    """How far a part is above each release and limit, less the rise to its junction and memory; the law answers between them alone."""
    memory = "memory_degC = 52, memory_release_degC = 48, theta_memory_K_W = 1"
    both = f"throttle = {{ junction_degC = 60, release_degC = 50, {memory}, factor = 0.5 }}"
    devices, _, body, *_ = devices_of(BLOCK + gpu(3.0, both, "theta_jc_K_W = 2.0") + ORBIT)
    feedback = devices.feedback(body)
    corners = [ZERO_CELSIUS + T for T in (44.0, 45.0, 49.0, 54.0)]  # release and limit less 2 K/W and 1 K/W of 3 W
    for k, T in enumerate(np.convolve([corners[0] - 2, *corners, corners[-1] + 2], [0.5, 0.5], "valid")):
        beyond = feedback.beyond(10.0, np.array([T]))[:, 0]
        assert beyond == pytest.approx([T - corner for corner in corners])
        assert (beyond > 0).sum() == k
        assert (feedback.gain(10.0, np.array([T]))[0] < 0) == (k in (1, 2))  # from 49 degC on the memory holds the clock down for good


def test_average_over_the_period_is_the_mean_of_the_answers():
    """What the orbit-mean model takes is the time mean of rate and slope at fixed temperature."""
    devices, _, body, env, load = devices_of(BLOCK + gpu(3.0, LEAKAGE, DUTY) + ORBIT)
    feedback, means = devices.feedback(body), np.array([330.0])
    middles, widths = 0.5 * (load.times[1:] + load.times[:-1]), np.diff(load.times)
    for ours, theirs in ((feedback.mean.rate, feedback.rate), (feedback.mean.gain, feedback.gain)):
        mean = sum(w * theirs(t, means) for t, w in zip(middles, widths, strict=True) if w > 0) / env.period
        assert ours(0.0, means) == pytest.approx(mean, rel=1e-9)


def test_above_the_ceiling_the_answer_stays_and_nothing_is_raised():
    """Trial temperatures may pass the end of the steady power; accepted ones are noticed by `thermal.solve.stability.runaway`."""
    devices, case, body, *_ = devices_of(BLOCK + gpu(30.0, LEAKAGE, "theta_jc_K_W = 1.0") + ORBIT)
    highest = devices.feedback(body).ceiling(10.0)
    respond(case.compute[0], np.ones(1), np.array([highest]))
    with pytest.raises(RunawayError):
        respond(case.compute[0], np.ones(1), np.array([highest + 0.02]))
    rate, slope = devices.feedback(body).rate, devices.feedback(body).gain
    assert rate(10.0, np.array([highest + 500.0])) == pytest.approx(rate(10.0, np.array([highest])))
    assert slope(10.0, np.array([highest + 500.0])) == 0.0
    assert devices.feedback(body).members == ("chip",)


def test_entries_without_either_stay_sources():
    """A source named compute with all its watts, and no feedback."""
    from heliorack.model import open_faces, radiation

    case = loads(BLOCK + gpu(3.0) + ORBIT)
    body, env = build_body(case, alone()), surroundings(case)
    load = electrical_loads(case, body, env)
    assert not answering(case, body, env, load)
    radiating = radiation.radiating(case, body, env, lambda words, fraction: None)
    seen = open_faces.expose(body, case.coatings, case.boundaries, env, case.life, case.tracking, radiating.facets, None)
    model = assemble_model(case, body, seen, radiating, load, env)
    assert [source.path for source in model.sources if source.path == "compute"] == ["compute"]
    assert list(model.feedbacks) == []


def test_bus_feeds_what_leaks():
    """Array and battery are sized for the watts at the temperatures found, not for the nominal ones; heat and load are the same watts."""
    plain = simulate(loads(BLOCK + gpu(3.0) + ORBIT + POWER), alone())
    leaking = simulate(loads(BLOCK + gpu(3.0, LEAKAGE) + ORBIT + POWER), alone())
    T = leaking.solution.end.mean()
    expected = leaking_power(3.0, T, 0.3, 50 + ZERO_CELSIUS, 25.0)
    assert expected > 3.0
    assert leaking.loads.compute[:, 0] == pytest.approx(expected, rel=1e-3)
    balance = leaking.power.balance
    assert balance.mean(balance.load) == pytest.approx(leaking.heat["compute"] / leaking.duration(), rel=1e-6)
    assert leaking.power.array_area / plain.power.array_area == pytest.approx(expected / 3.0, rel=1e-3)
    assert leaking.failures == plain.failures == ()


def test_throttled_load_needs_less_array():
    """A device that throttles draws less: bus and delivered compute both see it."""
    plain = simulate(loads(BLOCK + gpu(6.0) + ORBIT + POWER), alone())
    low = simulate(loads(BLOCK + gpu(6.0, THROTTLE) + ORBIT + POWER + "[solver]\nswitching = false\n"), alone())
    share = low.loads.compute[:, 0].mean() / 6.0
    assert 0.5 < share < 1.0
    assert low.power.array_area < plain.power.array_area
    given, asked = low.delivered["gpu"].device_hours, plain.delivered["gpu"].device_hours
    assert given / asked == pytest.approx(share, rel=1e-3)
    assert low.delivered["gpu"].throttled > 0.0


def test_junction_is_judged_with_the_power_that_flows():
    """Junction above case by theta_jc times the leaking power, not the nominal one."""
    limit = '[[limits]]\non = "chip"\nat = "junction"\nmax_degC = 200\n'
    result = simulate(loads(BLOCK + gpu(3.0, LEAKAGE, "theta_jc_K_W = 2.0") + limit + STEADY), alone())
    T = result.solution.end.mean()
    power = FILM * (T - FLUID)
    verdict = result.verdicts[0]
    assert verdict.calculated == pytest.approx(T + 2.0 * power, abs=1e-3)
    assert power > 3.0 * 1.05


def test_converters_follow_the_answer():
    """Their losses are those of the watts that flow."""
    text = BLOCK + gpu(3.0, LEAKAGE, "supply_efficiency = 0.9") + ORBIT + POWER
    result = simulate(loads(text), alone())
    balance = result.power.balance
    assert balance.mean(balance.load) == pytest.approx(result.heat["compute"] / result.duration() / 0.9, rel=1e-5)


def test_figures_of_the_summary():
    """Power, slope, resistance and gain by entry; switching and starts absent where they were not asked for."""
    found = simulate(loads(BLOCK + gpu(3.0, LEAKAGE) + ORBIT), alone()).summary()
    figures = found.compute["gpu"]
    assert figures.loop_gain == pytest.approx(figures.slope_W_K * figures.resistance_K_W)
    assert found.switching is None
    assert found.starts is None
    assert found.delivered["gpu"].throttled_min == 0.0
    assert found.remarks[0].startswith("loop gain")


def test_both_starts_belong_to_a_periodic_run():
    """Asked of a steady run, it is refused by its key."""
    with pytest.raises(CaseError, match=r"run\.starts"):
        loads(BLOCK + '[run]\nkind = "steady"\nstarts = "both"\n')


def test_a_throttled_device_is_said_beside_the_verdict():
    """8 W, or 4 at low clock, stand at 103 or 62 degC: throttled for good above 60; a transient from 20 degC is from 181 to 265 s on."""
    limit = '[[limits]]\non = "chip"\nmax_degC = 90\n'
    text = BLOCK + gpu(8.0, THROTTLE) + limit
    steady = simulate(loads(text + STEADY), alone())
    assert steady.holds
    assert "warning: compute 'gpu' is throttled 100 % of the time: utilisation 0.5, where 1 is asked for" in steady.remarks
    transient = simulate(loads(text + '[run]\nkind = "transient"\nduration_s = 4050\nstart_degC = 20\n'), alone())
    (said,) = transient.held_back
    share = float(said.split()[4])
    assert 100 * (1 - 265 / 4050) < share < 100 * (1 - 181 / 4050)
    assert simulate(loads(BLOCK + gpu(2.5, THROTTLE) + limit + STEADY), alone()).held_back == ()
