"""What is prescribed or limited on faces that other parts cover is said or refused, not left out in silence."""

import pytest
from bodies import alone
from case_text import box, orbit

from heliorack.case.case import loads
from heliorack.model.bodies import Bodies
from heliorack.model.cells.solar_cells import cell_faces
from heliorack.results.verdicts.limits import limit_faces
from heliorack.runtime.progress import silent
from meshes.errors import GeometryError

STACK = box("low", [100, 100, 10], mesh=100) + box("high", [100, 100, 10], at=(0, 0, 10), mesh=100)
HALF = STACK.replace("[100, 100, 10]\nposition_mm = [0, 0, 10]", "[50, 100, 10]\nposition_mm = [25, 0, 10]")
TOUCH = '[[contacts]]\nbetween = ["low", "high"]\nconductance_W_m2K = 500\n'
BONDED = '[[contacts]]\nbetween = ["low", "high"]\nbonded = true\n'
STEADY = '[run]\nkind = "steady"\n'
FLUX = 'kind = "flux"\nflux_W_m2 = 500\n'
FILM = 'kind = "film"\nh_W_m2K = 5\nfluid_degC = 20\n'
HELD = 'kind = "temperature"\ntemperature_degC = 20\n'


def body_of(text, bodies=None):
    return (bodies or Bodies()).of(loads(text), alone(), silent)


def boundary(what, faces="low:+z"):
    return f'[[boundaries]]\nfaces = "{faces}"\n{what}'


@pytest.mark.parametrize("joint", [TOUCH, BONDED])
@pytest.mark.parametrize(("what", "kind"), [(FLUX, "flux"), (FILM, "film"), (HELD, "temperature")])
def test_a_boundary_on_a_covered_face_is_refused(joint, what, kind):
    """500 W/m2 into a face that another part covers were lost, and the run held at -270 degC."""
    with pytest.raises(GeometryError, match=rf"boundaries.0: other parts cover all of low:\+z, and nothing is left for the {kind}"):
        body_of(STACK + joint + boundary(what) + STEADY)


def test_a_boundary_on_what_is_free_is_said():
    """Half of a face is free, and has half of the watts; of a pattern what is free is meant."""
    said = " ".join(body_of(HALF + TOUCH + boundary(FLUX) + STEADY).assembly.assumptions)
    assert "warning: boundaries.0: other parts cover some of low:+z; the flux acts on the 0.005 m2 that are free of 0.01" in said
    assert "the temperature holds what is free and its edge" in " ".join(
        body_of(HALF + TOUCH + boundary(HELD) + STEADY).assembly.assumptions
    )
    assert "boundaries.0" not in " ".join(body_of(STACK + TOUCH + boundary(FILM, "*:*") + STEADY).assembly.assumptions)


def test_a_limit_on_a_covered_face_is_refused():
    """It has no mean temperature: the run ended with one that was no number."""
    limit = '[[limits]]\non = "low:+z"\nat = "face"\nmax_degC = 50\n'
    with pytest.raises(GeometryError, match=r"limits.0: other parts cover all of low:\+z"):
        body_of(STACK + TOUCH + limit + STEADY)


def test_cells_on_covered_faces_are_refused():
    """The array had no room, and the run ended in `available, load and capacity must be finite`."""
    array = '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\nbase_load_W = 1\narray_faces = "low:+z"\n'
    with pytest.raises(GeometryError, match=r"power.array_faces: other parts cover all of low:\+z; nothing is left for cells"):
        body_of(orbit(20) + STACK.replace("z93", "z306") + TOUCH + array)


def test_cases_that_share_a_body_are_looked_at_each():
    """The second case was not refused where the first had meshed the body, and printed the sentence of the first."""
    shared = Bodies()
    assert "boundaries.0" in " ".join(body_of(HALF + TOUCH + boundary(FLUX) + STEADY, shared).assembly.assumptions)
    assert "boundaries.0" not in " ".join(body_of(HALF + TOUCH + boundary(FLUX, "high:+z") + STEADY, shared).assembly.assumptions)
    body_of(STACK + TOUCH + boundary(FLUX, "low:-z") + STEADY, shared)
    with pytest.raises(GeometryError, match=r"boundaries.0: other parts cover all of low:\+z"):
        body_of(STACK + TOUCH + boundary(FLUX) + STEADY, shared)


def test_covered_faces_of_a_pattern_are_left_out():
    """Cells and limits by pattern mean the faces that are free; with a covered one the array's temperature was no number."""
    array = '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\nbase_load_W = 1\narray_faces = "*:+z"\n'
    limit = '[[limits]]\non = "*:+z"\nat = "face"\nmax_degC = 50\n'
    text = orbit(20) + STACK.replace("z93", "z306") + TOUCH + array + limit
    body = body_of(text)
    assert cell_faces(loads(text), body) == limit_faces(loads(text), body) == ["high:+z"]
    said = " ".join(body.assembly.assumptions)
    assert "warning: power.array_faces: other parts cover all of low:+z; it means the others that it names" in said
    assert "warning: limits.0: other parts cover all of low:+z" in said
