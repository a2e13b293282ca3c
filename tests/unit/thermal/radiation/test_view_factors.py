"""Which facets see others, in which groups, and what is refused before and after their factors are traced."""

from pathlib import Path

import numpy as np
import pytest
from case_text import box, orbit, turning
from triangles import box as boxes

from heliorack.case.case import Case, loads
from heliorack.model.articulation import Motion, motion
from heliorack.model.body import Body, build_body
from heliorack.model.radiation import outside
from heliorack.model.surroundings import surroundings
from heliorack.runtime.parallel import world
from heliorack.runtime.progress import silent
from thermal.errors import RadiationError
from thermal.radiation.settings import Radiation
from thermal.radiation.view_factors import Surface, Views, seeing, trace

STEADY = '[run]\nkind = "steady"\n'
TURNING = orbit(0) + turning("b")


def plate(name: str, x: float, z: float) -> str:
    """A plate of 100 mm."""
    return box(name, (100, 100, 10), (x, 0, z), mesh=50)


def made(text: str, *overrides: str) -> tuple[Case, Body, Motion]:
    """Case, body and motion."""
    case = loads(text, overrides)
    body = build_body(case, world(), lambda words: None)
    return case, body, motion(body.assembly, case.tracking, surroundings(case), case.radiation.positions)


def traced(text: str, *overrides: str, folder: Path | None = None, always: bool = False) -> tuple[Body, Views]:
    """Body and views."""
    case, body, moves = made(text, *overrides)
    return body, trace(outside(body, moves), case.radiation, np.full(len(body.assembly.facets), always), silent, folder)


ROWS = "radiation.rays=1024"
FACING = STEADY + plate("a", 0, 0) + plate("b", 0, 60)


def test_seeing_is_what_has_something_before_its_plane():
    """The top of a cube sees a point above it, no side of it does."""
    body = made(STEADY + plate("a", 0, 0))[1].assembly
    assert not seeing(body.points, body.facets).any()
    points = np.vstack([body.points, [[0.0, 0.0, 0.2]]])
    facets = np.vstack([body.facets, [[0, 1, len(body.points)]]])
    found = seeing(points, facets)[:-1]
    top = np.array([body.face_names[i] == "a:+z" for i in body.facet_face])
    assert np.array_equal(found, top)


def test_only_inner_faces_of_two_plates_are_grouped():
    """What sees nothing but sky costs nothing; areas are those of the faces."""
    body, views = traced(FACING, ROWS)
    assert {body.assembly.face_names[i] for i in views.face} == {"a:+z", "b:-z"}
    assert views.areas.sum() == pytest.approx(2 * 0.01, rel=1e-12)
    assert views.between is None
    (kept,) = views.factors
    assert np.asarray(kept.closed.F.sum(axis=1)).ravel() + kept.closed.sky == pytest.approx(np.ones(views.count), abs=1e-9)


def test_a_body_alone_has_no_views_unless_asked():
    """A blanket needs a group even where it sees the sky alone."""
    assert traced(STEADY + plate("a", 0, 0))[1].count == 0
    views = traced(STEADY + plate("a", 0, 0), ROWS, always=True)[1]
    assert views.count >= 6
    assert views.factors[0].closed.sky == pytest.approx(np.ones(views.count), abs=1e-12)


def test_subset_keeps_rows():
    """The groups of one face, in order."""
    _, views = traced(FACING, ROWS)
    keep = views.face == views.face[0]
    part = views.subset(keep)
    assert part.areas.tolist() == views.areas[keep].tolist()
    assert part.factors[0].closed.sky.tolist() == views.factors[0].closed.sky[keep].tolist()
    assert np.array_equal(np.unique(part.group), np.arange(part.count))


def test_too_many_groups_without_a_size(monkeypatch):
    """Faces are never joined, so the automatic size cannot help."""
    monkeypatch.setattr("thermal.radiation.view_factors.DENSE", 1)
    with pytest.raises(RadiationError, match=r"radiation: 2 faces make \d+ groups of facets, and at most 1 can exchange heat; mesh curved"):
        traced(FACING, ROWS)


@pytest.mark.parametrize(("face", "share"), [("a:+z", None), ("a:-z", "100.00%")])
def test_sky_where_none_is_claimed(face, share):
    """By faces that see others, and by those that see nothing else."""
    with pytest.raises(RadiationError, match="claims that no sky is seen, but it is by ") as caught:
        traced(FACING, ROWS, f'radiation.closed=["{face}"]')
    assert f"by {face} ({share or ''}" in str(caught.value)
    alone = STEADY + plate("a", 0, 0)
    with pytest.raises(RadiationError, match=r"a:\+x \(100.00%\)"):
        traced(alone, 'radiation.closed=["a:+x"]')


def test_extra_pose_measures_interpolation(tmp_path):
    """Beside a fixed plate, a turning one: more poses, less error; kept between runs like the others, and not counted among the poses."""
    text = TURNING + plate("a", 0, 0) + plate("b", 120, 0)
    more = ("radiation.rays=4096", "radiation.cluster_mm=100")
    found = {n: traced(text, *more, f"radiation.positions={n}", folder=tmp_path)[1] for n in (3, 12)}
    assert [len(views.factors) for views in found.values()] == [3, 12]
    few, many = (views.between for views in found.values())
    assert few is not None
    assert many is not None
    assert few.row_rms > 2 * many.row_rms > 0
    again = traced(text, *more, "radiation.positions=3", folder=tmp_path)[1]
    assert again.reused == 3
    assert again.between == few


def between_boxes(**changed) -> Surface:
    """Two unit cubes, the second one unit above the first, as plain arrays; one face of each side."""
    sides = [*boxes((0, 0, 0), (1, 1, 1)), *boxes((0, 0, 2), (1, 1, 3))]
    triangles = np.concatenate(sides)
    points = triangles.reshape(-1, 3)
    given = {
        "facets": np.arange(len(points)).reshape(-1, 3),
        "face": np.repeat(np.arange(12), [len(side) for side in sides]),
        "free": np.ones(len(triangles)),
        "part": np.repeat([0, 1], 6),
        "face_names": [f"{cube}:{k}" for cube in "ab" for k in range(6)],
        "part_names": ["a", "b"],
        "count": np.ones(2),
        "points_at": lambda t: points,
        "times": np.zeros(1),
        "period": 1.0,
    }
    return Surface(**(given | changed))


def test_two_squares_by_plain_arrays():
    """Equal coaxial squares a side apart: 0.19982 (Howell C-11)."""
    surface = between_boxes()
    views = trace(surface, Radiation(rays=16384, cluster=2.0), np.zeros(len(surface.free), bool), silent, None)
    assert {surface.face_names[i] for i in views.face} == {"a:5", "b:4"}
    lower, upper = (np.flatnonzero(views.face == face) for face in (5, 10))
    exchanged = (views.factors[0].closed.F.toarray()[np.ix_(lower, upper)].sum(axis=1) @ views.areas[lower]) / views.areas[lower].sum()
    assert exchanged == pytest.approx(0.19982, abs=0.002)


def test_a_body_inside_out_is_named():
    """The second cube with its normals inward."""
    surface = between_boxes()
    turned = surface.facets.copy()
    turned[surface.face >= 6] = turned[surface.face >= 6][:, ::-1]
    with pytest.raises(RadiationError, match=r"end on the inside of surfaces: .*Inside out: b; turn the cells"):
        trace(between_boxes(facets=turned), Radiation(rays=1024), np.ones(len(surface.free), bool), silent, None)
