"""Transport limits by temperature, as a case states them."""

import pytest

from thermal.fluid.pipes.pipe_limit import FROZEN, PipeLimit, PipePoint, PipeWick

WICK = PipeWick(3e-4, 1e-9, 2e-5, 4e-3)


def test_measured_limit_is_kept_where_it_was_measured():
    """And a frozen pipe carries next to nothing, as one above the critical point, 405.56 K, to which the limit falls from 397.4 K on."""
    one = PipeLimit("p", fluid="ammonia", measured_at=293.15)
    at = one.capacity([293.15, 190.0, 401.5, 450.0, 397.4], 150.0)
    assert at[0] == pytest.approx(150.0)
    assert at[1] == FROZEN
    assert at[2] == pytest.approx(0.5 * at[4], rel=0.01)
    assert at[3] == FROZEN


def test_makers_table():
    """Straight between its points; its ends beyond."""
    one = PipeLimit("p", (PipePoint(273.15, 160.0), PipePoint(333.15, 100.0)))
    assert one.capacity([260.0, 303.15, 350.0], None) == pytest.approx([160.0, 130.0, 100.0])


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"fluid": "ammonia"},
        {"measured_at": 293.15},
        {"wick": WICK},
        {"fluid": "ammonia", "measured_at": 293.15, "wick": WICK},
        {"points": (PipePoint(273.15, 160.0), PipePoint(333.15, 100.0)), "fluid": "water"},
        {"points": (PipePoint(273.15, 160.0),)},
        {"points": (PipePoint(333.15, 160.0), PipePoint(273.15, 100.0))},
    ],
)
def test_one_way_whole(given):
    """Neither half of one nor two at once; a table rises."""
    with pytest.raises(ValueError, match=r"give|table"):
        PipeLimit("p", **given)
