"""The Sun: interpolation between nodes against pyerfa at every instant."""

from datetime import UTC, datetime

import numpy as np

from orbit.sun import AU, sun_nodes, sun_position

EPOCH = datetime(2027, 6, 21, tzinfo=UTC)


def test_interpolation_between_nodes_is_good_to_a_ten_billionth():
    """Direct evaluation at 500 instants of a month: below 1e-10 of the distance."""
    t = np.sort(np.random.default_rng(0).uniform(0, 30 * 86400.0, 500))
    direct = np.stack([sun_nodes(EPOCH, s, 1, 1.0)[0] for s in t])
    assert np.max(np.linalg.norm(sun_position(EPOCH, t) - direct, axis=1)) < 1e-10 * AU


def test_june_solstice_stands_over_the_tropic():
    """Declination 23.44 deg and distance 1.0163 AU on 21 June 2027."""
    sun = sun_position(EPOCH)
    distance = float(np.linalg.norm(sun))
    assert abs(np.degrees(np.arcsin(sun[2] / distance)) - 23.436) < 0.01
    assert abs(distance / AU - 1.0163) < 2e-4
