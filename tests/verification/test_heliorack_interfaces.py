"""Joints, skins and straps of a case file, through meshing, march and mass roll-up."""

import numpy as np
import pytest

from heliorack.case.case import loads
from heliorack.run.simulate import simulate
from heliorack.studies.mesh_summary import mesh_summary
from meshes.errors import GeometryError

TWO = """
title = "two boxes a tenth of a millimetre apart"
[[parts]]
name = "hot"
kind = "box"
size_mm = [40, 30, 10]
position_mm = [0, 0, 5.1]
material = "al_6061"
coating = "insulated"
heat_W = 30
mesh_mm = 7
[[parts]]
name = "cold"
kind = "box"
size_mm = [60, 50, 8]
position_mm = [0, 0, -4]
material = "copper"
coating = "z93"
mesh_mm = 11
[[boundaries]]
kind = "temperature"
faces = "cold:-z"
temperature_degC = 20
[[contacts]]
JOINT
[run]
kind = "steady"
"""
SKINS = """
[[skins]]
on = "cold:+z"
thickness_mm = 0.5
material = "copper"
[[straps]]
between = ["hot:+z", "cold:+x"]
conductance_W_K = 0.5
"""
PAD = 'faces = ["hot:-z", "cold:+z"]\ntolerance_mm = 0.2\ntim = { thickness_mm = 0.1, conductivity_W_mK = 2.5, boundary_m2K_W = 1e-5 }'


def case(joint, more=""):
    """The two boxes with a joint, and further tables."""
    return loads(TWO.replace("JOINT", joint) + more)


def test_pad_between_boxes_apart():
    """1200 mm2 of 0.1 mm at 2.5 W/mK and 1e-5 m2K/W: 20000 W/m2K, 24 W/K; 30 W cross with a jump of 1.25 K."""
    result = simulate(case(PAD))
    (face,) = result.body.interfaces.found
    assert (face.kind, face.matching) == ("tim", False)
    assert face.conductance == pytest.approx(20000.0)
    assert face.area == pytest.approx(1.2e-3, rel=1e-9)
    assert face.coverage == pytest.approx(1.0, abs=1e-9)
    rows, columns, values = face.triplets
    T = result.solution.end
    out = np.zeros(len(T))
    np.add.at(out, rows, values * T[columns])
    hot = np.unique(result.body.assembly.cells[result.body.assembly.cell_part == 0])
    assert out[hot].sum() == pytest.approx(30.0, rel=1e-6)
    assert result.closure < 1e-9
    free = dict(zip(result.body.assembly.face_names, result.body.face_area, strict=True))
    assert free["hot:-z"] == pytest.approx(0.0, abs=1e-12)
    assert free["cold:+z"] == pytest.approx(3e-3 - 1.2e-3, rel=1e-6)


def test_a_bolted_joint_takes_both_conductivities():
    """Boxes that share their nodes: h = 1.25 k m/s (P/H)^0.95 with k = 2*167*400/567 = 235.6261 W/mK: 29378 W/m2K."""
    text = TWO.replace("5.1]", "5]")
    joint = 'between = ["hot", "cold"]\nbolted = { pressure_MPa = 1, roughness_um = 1.2, asperity_slope = 0.12, hardness_MPa = 1100 }'
    result = simulate(loads(text.replace("JOINT", joint)))
    (face,) = result.body.interfaces.found
    assert (face.kind, face.matching) == ("bolted", True)
    assert face.conductance == pytest.approx(1.25 * 2 * 167 * 400 / 567 * 1e5 * (1 / 1100) ** 0.95, rel=1e-9)
    assert result.body.contacts == pytest.approx([face.conductance])
    assert any(sentence.startswith("bolted contacts: even pressure") for sentence in result.assumptions)


def test_a_face_of_a_matching_mesh():
    """A contact of faces also speaks of parts that share nodes; a face that only half lies on another asks for partial."""
    text = TWO.replace("5.1]", "5]").replace("JOINT", 'faces = ["hot:-z", "cold:+z"]\nconductance_W_m2K = 800')
    (row,) = mesh_summary(loads(text))["contacts"]
    assert (row["matching"], row["coverage"], row["conductance_W_K"]) == (True, pytest.approx(1.0), pytest.approx(0.96))
    moved = text.replace("[0, 0, 5]", "[30, 0, 5]")
    with pytest.raises(GeometryError, match=r"contacts.0   hot - cold   50.00 % of the smaller side \(600 mm2\)"):
        mesh_summary(loads(moved))
    (row,) = mesh_summary(loads(moved.replace("K = 800", "K = 800\npartial = true")))["contacts"]
    assert row["coverage"] == pytest.approx(0.5)


def test_a_gap_leaves_a_part_without_a_way_out():
    """A gap joins nothing: before any mesh is made the check names the part that keeps its heat."""
    with pytest.raises(ValueError, match="hot has no way to lose heat"):
        case('between = ["hot", "cold"]\ntolerance_mm = 0.2\ngap = true')


def test_a_strap_is_a_way_out():
    """The same gap with a strap of 0.5 W/K: all 30 W through it, 60 K between the faces' means."""
    result = simulate(case('between = ["hot", "cold"]\ntolerance_mm = 0.2\ngap = true', SKINS))
    body = result.body
    T = result.solution.end[body.layout.nodes]
    names = body.assembly.face_names
    mean = [float((body.faces[:, [i]].T @ T)[0] / body.face_area[i]) for i in (names.index("hot:+z"), names.index("cold:+x"))]
    assert mean[0] - mean[1] == pytest.approx(60.0, rel=1e-7)
    assert result.closure < 1e-9
    assert any(sentence.startswith("gaps: ") for sentence in result.assumptions)
    assert any(sentence.startswith("straps: ") for sentence in result.assumptions)


def test_skins_weigh_and_store():
    """0.5 mm of copper on 3000 mm2: 8930 * 0.5e-3 * 3e-3 = 13.395 g more, and its heat capacity."""
    bare, clad = (simulate(case(PAD, more)) for more in ("", SKINS))
    assert clad.masses()["total"] - bare.masses()["total"] == pytest.approx(0.013395, rel=1e-9)
    capacity = [float(result.body.M.getRowSum().sum()) for result in (bare, clad)]
    assert capacity[1] - capacity[0] == pytest.approx(0.013395 * 385, rel=1e-9)
    assert clad.body.skins[0].area == pytest.approx(3e-3)
    assert [link.areas for link in clad.body.straps] == [(pytest.approx(1.2e-3), pytest.approx(4e-4))]


@pytest.mark.parametrize(
    ("joint", "more", "words"),
    [
        ('faces = ["hot:-z", "cold:+t"]\nconductance_W_m2K = 1', "", r'contacts.0.faces.1 = "cold:\+t"   no such face'),
        (
            'faces = ["hot:-z", "cold:+z"]',
            "",
            "contacts.0   give exactly one of conductance_W_m2K, bonded = true, tim, bolted, bolts and gap = true",
        ),
        (PAD + "\ngap = true", "", "contacts.0   give exactly one of"),
        ("tim = { thickness_mm = 0, conductivity_W_mK = 1 }\n" + 'between = ["hot", "cold"]', "", "tim.thickness_mm = 0   must be above 0"),
        (PAD, SKINS.replace('"cold:+z"', '"clod:+z"'), r'skins.0.on = "clod:\+z"   no such face; did you mean cold:\+z?'),
        (PAD, SKINS.replace('"copper"', '"coper"'), 'skins.0.material = "coper"   unknown material; did you mean copper?'),
        (PAD, SKINS.replace('"cold:+x"', '"cold"'), r'straps.0.between.1 = "cold"   stands for no single face; did you mean cold:\*'),
        (
            'between = ["hot", "cold"]\nbolted = { pressure_MPa = 90, roughness_um = 1, asperity_slope = 0.1, hardness_MPa = 1000 }',
            "",
            "contacts.0.bolted.pressure_MPa = 90   must be between 1e-06 and 0.02 of the hardness",
        ),
    ],
)
def test_faults_are_named(joint, more, words):
    """Patterns and values of the new tables are checked like all others."""
    with pytest.raises(ValueError, match=words):
        case(joint, more)
