"""STEP parts of a whole case: what its check finds, what a run keeps, and the same temperatures as parts drawn by hand."""

import pytest
from case_text import box
from file_parts import DATA, module

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError
from heliorack.results.writer import begin
from meshes.assemble import assemble
from meshes.errors import GeometryError

PIECES = """
[[parts.solids]]
name = "plate"
match = "plate"
material = "al_6061"
[[parts.solids]]
name = "chip"
match = "chip"
count = 2
heat_W = 10
material = "al_6061"
[[parts.solids]]
name = "post"
match = "p?st"
material = "al_6061"
[[parts.solids]]
name = "strip"
match = "module/strip/*"
material = "al_6061"
"""

STEP = """
[run]
kind = "steady"
[[parts]]
kind = "step"
name = "module"
file = "module.step"
coating = "insulated"
coatings = { "plate:-z" = "z93" }
mesh_mm = 5
"""

TWIN = '[run]\nkind = "steady"\n' + box("plate", (100, 80, 4), coating="insulated", mesh=5, more='coatings = { "-z" = "z93" }')
TWIN += box("chip1", (20, 20, 3), (-25, 0, 3.5), coating="insulated", mesh=5, more="heat_W = 10")
TWIN += box("chip2", (20, 20, 3), (25, 0, 3.5), coating="insulated", mesh=5, more="heat_W = 10")
TWIN += """
[[parts]]
kind = "cylinder"
name = "post"
radius_mm = 5
height_mm = 10
position_mm = [0, 25, 7]
material = "al_6061"
coating = "insulated"
mesh_mm = 5
"""
TWIN += box("strip", (60, 6, 2), (0, -25, 3), coating="insulated", mesh=5)

JOINTS = """
[[contacts]]
between = ["{0}plate", "{0}*"]
conductance_W_m2K = 5000
[[boundaries]]
kind = "temperature"
faces = "{0}post:+z"
temperature_degC = 20
"""


def test_same_temperatures_as_the_parametric_twin():
    """Mean and hottest temperatures of every part agree within 1 % of the rise, the difference of the two meshes."""
    from heliorack.run.simulate import simulate

    imported = simulate(loads(STEP + PIECES + JOINTS.format("module."), source=str(DATA / "case.toml")))
    twin = simulate(loads(TWIN + JOINTS.format("")))
    rise = twin.solution.history.mean[-1] - 293.15
    assert rise[1] > 20  # of 293.15 K held at the post: 20 W reach it through a contact of 0.39 W/K
    assert imported.body.assembly.part_names == tuple(f"module.{name}" for name in twin.body.assembly.part_names)
    for ours, theirs in (
        (imported.solution.history.mean, twin.solution.history.mean),
        (imported.solution.history.high, twin.solution.history.high),
    ):
        assert ours[-1] - 293.15 == pytest.approx(theirs[-1] - 293.15, rel=0.01)


def test_a_run_keeps_the_file_with_its_case(tmp_path):
    """The run folder holds a copy, and its case finds it."""
    case = loads(STEP + PIECES + JOINTS.format("module."), source=str(DATA / "case.toml"))
    begin(case, tmp_path)
    assert (tmp_path / "inputs" / "module.step").read_bytes() == (DATA / "module.step").read_bytes()
    again = loads((tmp_path / "case.toml").read_text(), source=str(tmp_path / "case.toml"))
    assert again.parts[0].path == tmp_path / "inputs" / "module.step"


def case_with(words, pieces=PIECES):
    """A case around the committed file with its table changed."""
    return STEP.replace('file = "module.step"', words) + pieces + JOINTS.format("module.")


def test_missing_file_is_found_by_check():
    """Before anything is meshed, at its place in the case."""
    with pytest.raises(CaseError) as caught:
        loads(case_with('file = "modul.step"'), source=str(DATA / "case.toml"))
    assert f'parts.module.file = "modul.step"   no such file in {DATA}; paths start at the folder of the case file' in str(caught.value)
    with pytest.raises(GeometryError, match=r"part module: file nowhere.step does not exist; paths start at the folder of the case file"):
        assemble([module(file="nowhere.step")])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ('file = "module.step"\nfaces = { "+x" = { normal = "+x" } }', "two faces claim the name '+x'"),
        ('file = "module.step"\nfaces = { a = { normal = "+x" }, b = { normal = "+x" } }', "'a' and 'b' both claim the +x faces of plate"),
        (
            'file = "module.step"\nfaces = { a = { normal = "+x", of = "lid" } }',
            '= "lid"   matches no sub-part; there are plate, chip1, chip2',
        ),
        (
            'file = "module.step"\nfaces = { a = { of = "plate" } }',
            "nearest, normal, color or label says which face is meant; give one of them",
        ),
    ],
)
def test_faces_that_cannot_be_are_found_by_check(words, message):
    """Before the file is read."""
    with pytest.raises(CaseError) as caught:
        loads(case_with(words), source=str(DATA / "case.toml"))
    assert message in str(caught.value)


def test_an_entry_needs_one_way_to_find_its_solid():
    """A pattern or a colour, and names only once."""
    with pytest.raises(CaseError, match="give one of match, color, at_mm or within_mm, to say which solids are meant"):
        loads(case_with('file = "module.step"', PIECES.replace('match = "plate"\n', "")), source=str(DATA / "case.toml"))
    with pytest.raises(CaseError, match="chip1 named twice"):
        loads(case_with('file = "module.step"', PIECES.replace('name = "strip"', 'name = "chip1"')), source=str(DATA / "case.toml"))
