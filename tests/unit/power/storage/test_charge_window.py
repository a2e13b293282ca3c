"""A window that opens by what charging does to the battery: assumed temperatures come to rest where plain rounds never end."""

import numpy as np
import pytest

from power.storage.charge_window import ChargeWindow

HOT = 318.15  #: upper end of the window [K]


def rounds(gain: float, count: int) -> tuple[ChargeWindow, int]:
    """A battery that answers to what the bus assumes with a negative gain, so that plain rounds with a gain above 1 never end."""
    at = ChargeWindow((273.15, HOT))
    rest = np.array([317.0, 319.0, 318.5])
    at = at.observe(rest + 1.0).enforce()
    for k in range(count):
        assert at.assumed is not None
        at = at.observe(rest - gain * (at.assumed - rest))
        if at.settled(0.01):
            return at, k + 1
        at = at.relax()
    return at, count


@pytest.mark.parametrize("gain", [0.0, 0.9, 2.0, 5.0])
def test_rounds_come_to_rest(gain):
    """The only consistent temperature is that of rest, whatever the gain; a linear answer is found in a few rounds."""
    at, count = rounds(gain, 20)
    assert count <= 16
    assert at.assumed == pytest.approx([317.0, 319.0, 318.5], abs=0.02)


def test_the_bus_assumes_a_battery_inside_until_the_window_is_enforced():
    """Without the window every temperature counts as inside; `inside` itself looks at the true ones."""
    at = ChargeWindow((273.15, HOT)).observe(np.array([260.0, 300.0, 330.0]))
    assert at.assumed == pytest.approx([273.15, 300.0, HOT])
    assert not at.inside
    at = at.observe(np.array([280.0, 300.0]))
    assert at.inside


def test_a_battery_without_window_or_part_is_always_inside():
    at = ChargeWindow(None).observe(np.array([200.0, 400.0]))
    assert at.inside
    assert at.assumed == pytest.approx([200.0, 400.0])
    at = at.observe(None)
    assert at.assumed is None
    assert at.inside


def test_what_comes_to_no_end_is_said_with_its_temperatures():
    """Window, the state that charges at any temperature, and the two ends between which the last half of the rounds went."""
    at, _ = rounds(0.0, 0)
    for low, high in ((300.0, 330.0), (316.15, 319.15), (317.15, 320.15), (316.65, 319.65)):
        at = at.observe(np.array([low, high]))
    said = at.no_state()
    assert "charging window of 0 to 45 degC" in said
    assert "it is at 44.9 to 46.9 degC" in said
    assert "between 43.5 and 47.0 degC after 4 orbits" in said
