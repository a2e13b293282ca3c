"""The margins that docs/theory.md states are those that verdicts use."""

import pytest

from heliorack.case.margins import Limit, Margins, judge

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
