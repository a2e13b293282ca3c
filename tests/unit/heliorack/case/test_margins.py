"""Limits judged with the uncertainty of the prediction."""

import pytest

from heliorack.case.margins import Limit, Margins, judge


def test_nothing_is_predicted_below_absolute_zero():
    """4 K less an uncertainty of 10 K is 0 K; what the solve itself has below it stays as it is, for the second look."""
    limit = Limit(on="*", min=1.0)
    (verdict,) = judge(limit, "part", 4.0, 300.0, Margins(uncertainty=10.0))
    assert (verdict.predicted, verdict.margin) == (0.0, -1.0)
    (verdict,) = judge(limit, "part", -2.0, 300.0, Margins(uncertainty=10.0))
    assert verdict.predicted == pytest.approx(-2.0)
    (verdict,) = judge(limit, "part", 290.0, 300.0, Margins(uncertainty=10.0))
    assert verdict.predicted == pytest.approx(280.0)
