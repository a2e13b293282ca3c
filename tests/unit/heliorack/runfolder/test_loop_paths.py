"""Segments of loops as lines: each begins where the one before it ends, unless branches mix there."""

from heliorack.runfolder.figures.network import SegmentProfile
from heliorack.runfolder.loop_paths import from_inlets


def profile(branch: int, *path: float, degC: float) -> SegmentProfile:
    """Of a segment whose cells end at some places."""
    n = len(path)
    return SegmentProfile(
        branch=branch, path_m=path, temperature_degC=(degC,) * n, pressure_bar=(3.0,) * n, flow_kg_s=1.0, film_W_m2K=None, reynolds=1e4
    )


def test_each_segment_begins_at_the_end_of_the_one_before() -> None:
    """Of single cells too; the first of a loop begins with its first cell."""
    found = from_inlets({"a": profile(0, 0.5, 1.0, degC=20), "b": profile(1, 3.0, degC=30), "c": profile(2, 4.0, 5.0, degC=40)})
    assert found["a"].path_m == (0.5, 1.0)
    assert (found["b"].path_m, found["b"].temperature_degC) == ((1.0, 3.0), (20, 30))
    assert (found["c"].path_m, found["c"].temperature_degC) == ((3.0, 4.0, 5.0), (30, 40, 40))


def test_behind_branches_nobody_knows_the_mixture() -> None:
    """Both branches begin at the feed, what follows them with its first cell."""
    loop = {
        "feed": profile(0, 1.0, 2.0, degC=20), "long": profile(1, 4.0, 6.0, degC=50), "short": profile(2, 3.0, 4.0, degC=90),
        "back": profile(3, 7.0, 8.0, degC=55),
    }  # fmt: skip
    found = from_inlets(loop)
    assert found["long"].path_m[0] == found["short"].path_m[0] == 2.0
    assert found["back"].path_m == (7.0, 8.0)
