"""Which point of a sweep comes next, and which one it starts from."""

import random

import pytest

from heliorack.sweep.design.plan import Point
from heliorack.sweep.execution.order import Order, parents


def points(count, geometries=1) -> list[Point]:
    """Points along one axis; geometries take turns in blocks."""
    return [Point(f"p{i}", i + 1, (), {"x": float(i)}, None, f"g{i * geometries // count}") for i in range(count)]


@pytest.mark.parametrize("count", [1, 2, 60, 1000])
def test_chain_of_parents_is_short(count):
    """A parent is of the same geometry and comes earlier; nobody waits for more than log2 of the points one after another."""
    designs = points(count, geometries=3)
    found, depth = parents(designs), [0] * count
    for i, parent in enumerate(found):
        if parent is not None:
            assert parent < i
            assert designs[parent].geometry == designs[i].geometry
            depth[i] = depth[parent] + 1
    assert max(depth) <= count.bit_length()


def test_parent_is_the_nearest():
    """Among the first half of those before it."""
    designs = [Point(f"p{i}", i, (), {"x": x}, None, "g") for i, x in enumerate([0.0, 10.0, 5.0, 9.0, 1.0])]
    assert parents(designs) == [None, 0, 0, 1, 0]


@pytest.mark.parametrize("workers", [1, 3, 50])
def test_every_point_is_handed_out_once_after_its_parent(workers):
    """Whichever worker is done first."""
    designs, pick = points(200, geometries=7), random.Random(workers)
    order, out, seen = Order(designs), [], []
    while order.left or out:
        for worker in range(workers - len(out)):
            i = order.take(f"w{worker}")
            if i is None:
                break
            assert order.parent[i] is None or order.parent[i] in seen
            out.append(i)
        done = out.pop(pick.randrange(len(out)))
        seen.append(done)
        order.settle(done)
    assert sorted(seen) == list(range(200))


def test_workers_begin_different_geometries():
    """Each is meshed by one worker; with more workers than geometries the others wait for the first points."""
    order = Order(points(40, geometries=4))
    taken = [order.take(f"w{n}") for n in range(5)]
    assert [order.points[i].geometry for i in taken[:4]] == ["g0", "g1", "g2", "g3"]
    assert taken[4] is None


def test_settled_points_are_not_handed_out():
    """And whoever waited for them may start."""
    order = Order(points(10), settled={0, 1, 2})
    handed = []
    while (i := order.take("w")) is not None:
        handed.append(i)
        order.settle(i)
    assert sorted(handed) == list(range(3, 10))
