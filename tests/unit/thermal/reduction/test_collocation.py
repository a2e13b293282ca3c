"""Steps of an orbit and the periodic answer of single rates: order 5, and exact where forcing and answer are constant."""

import numpy as np
import pytest

from thermal.reduction.collocation import STAGES, Rates, Steps, interpolation, rates_of_change, steps_over

PERIOD = 5700.0


def even(count: int) -> Steps:
    """Even steps without events."""
    edges = np.linspace(0.0, PERIOD, count + 1)
    return Steps(edges, np.zeros(count), np.full(count, PERIOD))


@pytest.mark.parametrize("rate", [1e-5, 1e-3, 0.1])
def test_a_constant_forcing(rate):
    """z = g / rate at all times, for modes far slower and far faster than a step."""
    stages, starts = Rates(even(12), np.array([rate])).periodic(np.full((3, 12, 1), 2.0))
    assert stages == pytest.approx(np.full((3, 12, 1), 2.0 / rate), rel=1e-9)
    assert starts == pytest.approx(np.full((12, 1), 2.0 / rate), rel=1e-9)


def test_order():
    """Of z' = -rate z + cos(w t) the periodic answer is (rate cos + w sin) / (rate^2 + w^2): order 5 at the ends of the steps."""
    rate, w = 2e-3, 2 * np.pi / PERIOD
    counts, errors = np.array([8, 16, 32]), []
    for count in counts:
        steps = even(count)
        stages, _ = Rates(steps, np.array([rate])).periodic(np.cos(w * steps.times(STAGES))[..., None])
        t = steps.edges[1:]
        errors.append(np.abs(stages[2, :, 0] - (rate * np.cos(w * t) + w * np.sin(w * t)) / (rate**2 + w**2)).max())
    assert -np.polyfit(np.log(counts), np.log(errors), 1)[0] == pytest.approx(5.0, abs=0.4)


def test_the_polynomial_of_a_step():
    """A cubic and its derivative are met exactly by their values at the start and the stages."""
    share, at = np.linspace(0.0, 1.0, 7), np.concatenate([[0.0], STAGES])
    assert interpolation(share) @ at**3 == pytest.approx(share**3, abs=1e-13)
    assert rates_of_change(share) @ at**3 == pytest.approx(3 * share**2, abs=1e-12)


def test_steps_land_on_events():
    """Every event is an end of a step, no stage is taken beyond the events about it, and halves stay within them."""
    events = [0.0, 1900.0, 1911.0, 3800.0, PERIOD]
    steps = steps_over(events)
    some = steps.spans > 50.0
    for one in (steps, steps.halved(some)):
        assert np.isin(events, one.edges).all()
        times = one.times(STAGES)
        for event in events[1:-1]:
            assert not ((times.min(axis=0) < event) & (times.max(axis=0) >= event)).any()
    assert len(steps.halved(some).spans) == len(steps.spans) + some.sum()
