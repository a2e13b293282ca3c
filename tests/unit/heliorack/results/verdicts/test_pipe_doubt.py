"""What is said of heat pipes with one limit at every temperature."""

import numpy as np
import pytest

from heliorack.results.verdicts.pipe_doubt import AMMONIA, by_temperature, left
from thermal.fluid.pipes.pipe_limit import PipeLimit


def test_the_shares_are_those_of_ammonia():
    """Merit number over that at 20 degC: to 2e-4 where a row stands, to 0.01 of the limit between them."""
    pipe = PipeLimit(parts="*", fluid="ammonia", measured_at=293.15)
    at, share = np.array(AMMONIA).T
    assert share == pytest.approx(pipe.capacity(at + 273.15, 1.0), abs=2e-4)
    between = np.linspace(at[0] - 20, at[-1] + 20, 400) + 273.15
    assert left(between) == pytest.approx(pipe.capacity(between, 1.0), abs=0.01)


def test_a_load_is_questioned_where_ammonia_has_less():
    """0.8437 of 300 W m at 40 degC are 253: a load of 252 is in silence, one of 254 is not, one beyond its limit has other words."""
    assert by_temperature([100.0, 252.0], [293.15, 313.15], 300.0) is None
    assert by_temperature([100.0, 254.0], [293.15, 313.15], 300.0) == (
        "carries 254 W m at 40.0 degC, where one of ammonia has 253 left of 300 at 20 degC"
    )
    assert by_temperature([301.0], [313.15], 300.0) is None
    assert by_temperature([0.0], [450.0], 300.0) is None
    assert by_temperature([100.0], [183.15], 300.0) == "carries 100 W m at -90.0 degC, where one of ammonia has 0 left of 300 at 20 degC"
    assert by_temperature([2.0], [183.15], 300.0) is None
