"""Sun visibility by direction, traced once and kept."""

import os

import numpy as np
import pytest
from triangles import box, together

from thermal.radiation import cache as archive
from thermal.radiation import sun_cache as sun_store
from thermal.radiation.rays import sun_visibility
from thermal.radiation.sun_cache import load, save, scene_key, sunlit, sunlit_from


@pytest.fixture(name="view")
def _view():
    return together([*box((0, 0, 0), (1, 1, 1), 2), *box((0.4, 0.4, 1.5), (0.9, 0.9, 1.6), 2)])[0]


def around(count, tilt=0.5):
    """Directions on a cone about +z."""
    phi = np.arange(count) * 2 * np.pi / 12
    return np.column_stack([np.sin(tilt) * np.cos(phi), np.sin(tilt) * np.sin(phi), np.full(count, np.cos(tilt))])


def test_each_direction_is_traced_once(view):
    """Thirty times of twelve directions: twelve rows, and the parts are those of `sun_visibility`."""
    times = around(30)
    found = sunlit(view, times, 16, 2)
    assert (found.traced, found.reused, found.table.shape) == (12, 0, (12, view.count))
    np.testing.assert_allclose(found.part(), sun_visibility(view, times, 16, 2), atol=1e-7)
    np.testing.assert_array_equal(found.part(13), found.part(1))
    assert 0 < found.part().min(axis=0).max() <= 1


def test_new_directions_trace_only_themselves(view, monkeypatch):
    """What is known is not traced again, and a part is the same bits either way."""
    known = sunlit(view, around(6))
    asked = []

    def watched(scene, directions, *rest):
        asked.append(len(directions))
        return sun_visibility(scene, directions, *rest)

    monkeypatch.setattr(sun_store, "sun_visibility", watched)
    more = sunlit(view, around(9), known=known)
    assert asked == [3]
    assert (more.traced, more.reused) == (3, 6)
    np.testing.assert_array_equal(more.part(), sunlit(view, around(9)).part())


def test_directions_within_the_grain_are_one(view):
    towards = around(1)
    near = towards + np.array([[1e-8, 0, 0]])
    assert len(sunlit(view, np.concatenate([towards, near])).table) == 1
    assert len(sunlit(view, np.concatenate([towards, around(1, 0.5 + 1e-5)])).table) == 2


@pytest.mark.parametrize(("rays", "kind"), [(1, np.uint8), (255, np.uint8), (256, np.uint16)])
def test_counts_take_few_bytes(view, rays, kind):
    found = sunlit(view, around(2), rays)
    assert found.table.dtype == kind
    assert found.part().max() == 1


def test_a_folder_remembers(view, tmp_path):
    """The second run traces nothing, a third only what is new; no folder, no file."""
    assert sunlit_from(tmp_path / "sun", view, around(5)).traced == 5
    again = sunlit_from(tmp_path / "sun", view, around(5))
    assert (again.traced, again.reused) == (0, 5)
    assert sunlit_from(tmp_path / "sun", view, around(7)).traced == 2
    assert sunlit_from(tmp_path / "sun", view, around(7)[::-1]).traced == 0
    assert sunlit_from(tmp_path / "sun", view, around(7), seed=1).traced == 7
    assert sunlit_from(None, view, around(7)).traced == 7
    assert len(list((tmp_path / "sun").iterdir())) == 2
    np.testing.assert_array_equal(again.part(), sunlit(view, around(5)).part())


@pytest.mark.parametrize("damage", [b"", b"not an archive", None])
def test_a_damaged_file_is_written_anew(view, tmp_path, damage):
    """Empty, foreign or cut short: traced again, and then whole."""
    sunlit_from(tmp_path, view, around(3))
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-200] if damage is None else damage)
    assert sunlit_from(tmp_path, view, around(3)).traced == 3
    assert sunlit_from(tmp_path, view, around(3)).traced == 0


def test_a_large_table_keeps_what_was_asked_for_last(view, tmp_path, monkeypatch):
    monkeypatch.setattr(sun_store, "MOST", 4 * view.count)
    sunlit_from(tmp_path, view, around(4))
    assert sunlit_from(tmp_path, view, around(6)[3:]).traced == 2
    assert sunlit_from(tmp_path, view, around(6)[3:]).traced == 0
    assert sunlit_from(tmp_path, view, around(4)).traced == 3


def test_a_full_folder_loses_what_was_not_used_for_longest(view, tmp_path, monkeypatch):
    """Room for two files: reading one makes it young; what a killed process left an hour ago goes."""
    keys, found = [f"{k}" for k in range(3)], sunlit(view, around(3))
    for age, key in enumerate(keys[:2]):
        save(tmp_path, key, found)
        os.utime(next(tmp_path.glob(f"*-{key}.npz")), (1e9 + age, 1e9 + age))
    (tmp_path / "left.tmp").touch()
    os.utime(tmp_path / "left.tmp", (1e9, 1e9))
    assert load(tmp_path, "0") is not None
    monkeypatch.setattr(archive, "MOST", 2.5 * next(tmp_path.glob("*.npz")).stat().st_size)
    save(tmp_path, "2", found)
    assert [load(tmp_path, key) is not None for key in keys] == [True, False, True]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_be_written_does_no_harm(view, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert sunlit_from(blocked, view, around(2)).traced == 2
    assert not save(blocked, "key", sunlit(view, around(2)))
    assert load(blocked, "key") is None


def test_keys_differ_where_scenes_do():
    points, facets = np.eye(4, 3), np.array([[0, 1, 2], [1, 2, 3]])
    one = scene_key(points, facets, 16, 0)
    assert len(one) == 64
    assert one == scene_key(points.copy(), facets.astype(np.int32), 16, 0)
    others = [
        scene_key(points + 1e-15, facets, 16, 0),
        scene_key(points, facets[::-1], 16, 0),
        scene_key(points, facets, 0, 16),
        scene_key(points, facets, 160),
        scene_key(points, facets, 16, 0.0),
        scene_key(points, facets, 16, "0"),
        scene_key(points, facets, 16, np.array(0)),
    ]
    assert len({one, *others}) == 8


def test_refusals(view):
    known = sunlit(view, around(2))
    with pytest.raises(ValueError, match="unit vectors"):
        sunlit(view, 2 * around(2))
    with pytest.raises(ValueError, match="16 rays, not of"):
        sunlit(view, around(2), 8, known=known)
    with pytest.raises(ValueError, match="rays = 0"):
        sunlit(view, around(2), 0)
