"""Mirrors in sunlight: what is refused, repeated and accounted for."""

import numpy as np
import pytest
from triangles import box, rectangle, together

from thermal.radiation.rays import sun_visibility
from thermal.radiation.specular import sunlight

SUN = np.array([[0.0, 0.6, 0.8], [0.36, 0.48, 0.8]])


@pytest.fixture(name="room")
def _room():
    """A box open at the top with a block in it, of mirrors from 0 to 0.9."""
    view, groups = together([*box((0, 0, 0), (1, 1, 1), 3, inward=True)[:5], np.concatenate(box((0.3, 0.3, 0), (0.6, 0.7, 0.5), 2)[:6])])
    return view, np.array([0.9, 0.0, 0.5, 0.3, 0.8, 0.9])[groups]


def balance(view, specular, light):
    """What is launched less all its ends, over what is launched."""
    deposited = light.mirrored.astype(float) @ (view.areas * (1 - specular))
    return (light.launched - deposited - light.escaped - light.lost - light.remaining) / light.launched


@pytest.mark.parametrize("bounces", [1, 2, 50])
def test_energy_is_accounted_for(room, bounces):
    """Launched = deposited + escaped + lost + remaining to 1e-6, and after enough bounces less than 1e-4 remains."""
    view, specular = room
    light = sunlight(view, SUN, specular, 1 - specular, 64, bounces)
    assert light.launched.min() > 0.05
    assert np.abs(balance(view, specular, light)).max() < 1e-6
    assert (light.remaining <= 1e-4 * light.launched).all() == (bounces == 50)


def test_launched_is_what_mirrors_take_from_the_sun(room):
    """Sum of specular times area times cosine times the visible part."""
    view, specular = room
    light = sunlight(view, SUN, specular, 0 * specular, 16)
    expected = (light.direct * np.maximum(SUN @ view.normals.T, 0)) @ (view.areas * specular)
    np.testing.assert_allclose(light.launched, expected, rtol=1e-6)
    np.testing.assert_array_equal(light.direct, sun_visibility(view, SUN, 16))


def test_same_seed_same_bits(room):
    view, specular = room
    one, two, other = (sunlight(view, SUN, specular, 0 * specular, 16, seed=s) for s in (3, 3, 4))
    np.testing.assert_array_equal(one.mirrored, two.mirrored)
    np.testing.assert_array_equal(one.escaped, two.escaped)
    assert not np.array_equal(one.mirrored, other.mirrored)


def test_without_mirrors_nothing_is_mirrored(room):
    view, specular = room
    light = sunlight(view, SUN, 0 * specular, 0 * specular + 1)
    assert not light.mirrored.any()
    assert not light.launched.any()


def test_the_back_of_a_facet_is_lost():
    """A facet that shows its back to a mirror receives nothing."""
    view, groups = together([rectangle((0, 0, 0), (1, 0, 0), (0, 1, 0)), rectangle((3, -1, -1), (0, 3, 0), (0, 0, 9))])
    light = sunlight(view, np.array([[-0.6, 0, 0.8]]), (groups == 0) * 0.5, 0.0 * groups, 16)
    assert light.lost[0] == pytest.approx(0.5 * 0.8)
    assert not light.mirrored.any()


def test_refusals(room):
    view, specular = room
    with pytest.raises(ValueError, match=r"specular must lie between 0 and 1: 1\.8 on facet 0"):
        sunlight(view, SUN, 2 * specular, specular)
    with pytest.raises(ValueError, match=r"together exceed 1: 0\.2 \+ 0\.9 on facet 0"):
        sunlight(view, SUN, specular, 0 * specular + 0.2)
    with pytest.raises(ValueError, match="one number per facet"):
        sunlight(view, SUN, specular[:3], specular)
    with pytest.raises(ValueError, match="bounces = 0"):
        sunlight(view, SUN, specular, 0 * specular, bounces=0)
    with pytest.raises(ValueError, match="unit vectors"):
        sunlight(view, 2 * SUN, specular, 0 * specular)
