"""Closed factors kept between runs."""

import numpy as np
import pytest
from triangles import box, welded

from thermal.radiation import factor_cache as factor_store
from thermal.radiation.closure import close
from thermal.radiation.clusters import clusters
from thermal.radiation.factor_cache import Factors, clusters_from, factors_from, load, save
from thermal.radiation.ray_factors import view_factors
from thermal.radiation.rays import scene


@pytest.fixture(name="made", scope="module")
def _made():
    points, facets = welded(np.concatenate([*box((0, 0, 0), (1, 1, 1), 2, inward=True), *box((0.3, 0.3, 0.2), (0.6, 0.7, 0.5), 2)]))
    view = scene(points, facets)
    some = clusters(view, points, facets, np.zeros(len(facets), dtype=int), 0.8)
    traced = view_factors(view, some.groups, 2048)
    return Factors(close(traced.F, traced.sky, traced.areas, traced.error), some)


def same(a, b):
    """To the last bit."""
    for name in ("G", "error"):
        assert (getattr(a.closed, name) != getattr(b.closed, name)).nnz == 0
    for name in ("sky", "areas", "reciprocity_before", "rows_before", "reciprocity_after", "rows_after"):
        np.testing.assert_array_equal(getattr(a.closed, name), getattr(b.closed, name))
    for name in ("groups", "halves", "parent", "labels", "diameter"):
        np.testing.assert_array_equal(getattr(a.clusters, name), getattr(b.clusters, name))
    return True


def test_made_once(made, tmp_path):
    """The second call reads, says so, and gives the same bits; another key makes its own."""
    calls = []

    def make():
        calls.append(1)
        return made

    first, second, other = (factors_from(tmp_path, key, make) for key in ("a", "a", "b"))
    assert [reused for _, reused in (first, second, other)] == [False, True, False]
    assert len(calls) == 2
    assert same(second[0], made)
    assert isinstance(second[0].closed.rows_after, float)
    assert factors_from(None, "a", make)[1] is False


def test_clusters_alone(made, tmp_path):
    """Made once, read as the same bits, made again from a damaged file and without a folder."""
    calls = []

    def make():
        calls.append(1)
        return made.clusters

    for _ in range(2):
        again = clusters_from(tmp_path, "k", make)
    for name in ("groups", "halves", "parent", "labels", "diameter"):
        np.testing.assert_array_equal(getattr(again, name), getattr(made.clusters, name))
    assert len(calls) == 1
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"garbage")
    clusters_from(tmp_path, "k", make)
    clusters_from(None, "k", make)
    assert len(calls) == 3


def test_without_clusters(made, tmp_path):
    save(tmp_path, "k", Factors(made.closed))
    assert load(tmp_path, "k").clusters is None


@pytest.mark.parametrize("keep", [0, 100, -300])
def test_a_damaged_file_is_made_again(made, tmp_path, keep):
    def make():
        return made

    factors_from(tmp_path, "k", make)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:keep])
    assert factors_from(tmp_path, "k", make)[1] is False
    again, reused = factors_from(tmp_path, "k", make)
    assert reused
    assert same(again, made)


def test_a_file_under_another_key_or_layout_is_not_read(made, tmp_path, monkeypatch):
    save(tmp_path, "k", made)
    (path,) = tmp_path.iterdir()
    path.rename(path.with_name(path.name.replace("-k", "-other")))
    assert load(tmp_path, "other") is None
    save(tmp_path, "k", made)
    monkeypatch.setattr(factor_store, "KIND", "factors-2")
    assert load(tmp_path, "k") is None


def test_nothing_half_written_stays(made, tmp_path, monkeypatch):
    """A full disc: no file, no temporary file, no error."""

    def full(*_, **__):
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez", full)
    assert not save(tmp_path, "k", made)
    assert not list(tmp_path.iterdir())
