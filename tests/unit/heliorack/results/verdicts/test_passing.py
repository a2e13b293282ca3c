"""When a limit is first passed, by samples of a transient."""

import numpy as np
import pytest

from heliorack.case.margins import Limit, Margins, judge
from heliorack.results.verdicts.passing import passed

TIMES = np.array([0.0, 100.0, 200.0, 300.0])


def missed(hottest):
    """An upper limit of 350 K with 5 K of uncertainty."""
    return judge(Limit("chip", max=350.0), "chip", 290.0, hottest, Margins())[0]


def test_between_two_samples_by_a_straight_line():
    assert passed(missed(355.0), TIMES, np.array([300.0, 340.0, 350.0, 355.0])) == pytest.approx(150.0)


def test_a_peak_that_no_sample_has_is_passed_at_the_nearest_of_them():
    assert passed(missed(348.0), TIMES, np.array([300.0, 340.0, 344.0, 330.0])) == 200.0


def test_a_limit_that_is_kept_is_never_passed():
    assert passed(missed(344.0), TIMES, np.array([300.0, 340.0, 344.0, 330.0])) is None
