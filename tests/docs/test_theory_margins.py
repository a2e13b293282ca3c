"""The margins that docs/theory.md states are those that verdicts use."""

import pytest

from heliorack.case.margins import Limit, Margins, inset, judge

MARGINS = Margins(uncertainty=4.0, acceptance=5.0, qualification=10.0)


@pytest.mark.parametrize(("level", "step"), [("design", 0.0), ("rating", 0.0), ("acceptance", 5.0), ("qualification", 15.0)])
def test_a_limit_is_taken_in_by_its_level(level, step):
    """Hot side: limit less the margins of its level; cold side: more by as much; predictions 4 K worse than calculated."""
    hot, cold = judge(Limit(on="gpu", level=level, max=358.0, min=263.0), "gpu", 280.0, 340.0, MARGINS)
    assert hot.allowed == 358.0 - step
    assert cold.allowed == 263.0 + step
    assert (hot.predicted, cold.predicted) == (344.0, 276.0)
    assert hot.margin == pytest.approx(358.0 - step - 344.0)
    assert cold.margin == pytest.approx(276.0 - 263.0 - step)


def test_five_kelvin_unless_the_case_says_otherwise():
    """The default uncertainty."""
    (verdict,) = judge(Limit(on="gpu", max=350.0), "gpu", 280.0, 346.0, Margins())
    assert verdict.predicted == 351.0
    assert not verdict.holds


@pytest.mark.parametrize(("preset", "steps"), [("mil_std_1540", (11.0, 0.0, 10.0)), ("ecss", (5.0, 5.0, 10.0)), ("gsfc", (5.0, 5.0, 10.0))])
def test_a_preset_has_the_chain_of_its_standard(preset, steps):
    """Uncertainty, acceptance, and qualification as the sum of both; the source is named, and called secondary where it is."""
    margins = Margins(preset=preset)
    assert (margins.chain.uncertainty, inset("acceptance", margins), inset("qualification", margins)) == steps
    assert "secondary" in margins.words()


def test_a_figure_of_the_case_comes_before_that_of_its_preset():
    """An analyst's own uncertainty under a preset; the rest of the chain stays."""
    margins = Margins(uncertainty=8.0, preset="mil_std_1540")
    assert (margins.chain.uncertainty, margins.chain.qualification, margins.chain.authority) == (8.0, 10.0, 0.0)


@pytest.mark.parametrize(("duty", "predicted"), [(None, 269.0), (0.0, 269.0), (0.8, 280.0), (0.81, 269.0)])
def test_a_heater_with_a_quarter_of_its_power_left_stands_in_for_eleven_kelvin(duty, predicted):
    """MIL-STD-1540: needed power times 1.25 is at most what the heater has, so on 80 % of the time at most; and it must be on at all."""
    hot, cold = judge(Limit(on="gpu", max=358.0, min=263.0), "gpu", 280.0, 340.0, Margins(preset="mil_std_1540"), duty=duty)
    assert cold.predicted == pytest.approx(predicted)
    assert hot.predicted == pytest.approx(351.0)
