"""One failure at a time: what each does to the case."""

import numpy as np
import pytest

import cases
from heliorack.case.case import load
from heliorack.casefile.errors import CaseError
from heliorack.casefile.patterns import matching
from meshes.parts import all_solids
from power.system.mass import ARRAY_AREAL_MASS

EDGE = cases.path("edge_node")
TRAY = cases.path("gpu_tray_leo")


def failing(planned, table, base=TRAY):
    """The points of one [[sweep.failures]], the intact one first, with their cases."""
    found = planned(f"[[sweep.failures]]\n{table}", base)
    made = {point.values["failure"]: load(base, point.arguments, point.case) for point in found.points}
    assert found.points[0].values == {"failure": "none"}
    return made


def test_lost_heat_leaves_the_other_devices(planned):
    """At a fifth, one of four modules is a load of its own with a fifth of the power; lost, it is no device any more."""
    made = failing(planned, 'kind = "part_heat"\npattern = "module2"\nremaining = 0.2', EDGE)["part_heat module2 0.2"]
    names = [solid.name for solid in all_solids(made.parts)]
    rest, own = made.compute
    assert matching(rest.parts, names) == ("module1", "module3", "module4")
    assert matching(own.parts, names) == ("module2",)
    assert (own.peak, own.idle) == pytest.approx((23.0, 5.0))
    lost = failing(planned, 'kind = "part_heat"', EDGE)
    assert len(lost) == 1 + 4 + 1
    assert len(lost["part_heat module2"].compute) == 1
    stage = lost["part_heat power_stage"]
    assert [solid.heat for solid in all_solids(stage.parts) if solid.name == "power_stage"] == [0.0]


def test_a_lost_device_stays_lost_in_a_load_case_that_sets_its_load(planned):
    """Overrides of the load case come first; those of a point hold."""
    found = planned('[[sweep.failures]]\nkind = "part_heat"\npattern = "module2"', cases=["safe_mode"])
    made = load(EDGE, found.points[1].arguments, "safe_mode")
    assert made.compute[0].parts == "module* except module2"
    assert made.compute[0].profile.kind == "duty"


def test_a_lost_contact_is_a_gap_and_a_weak_one_conducts_less(planned):
    """A contact of several pairs keeps the others; a contact of one pair is replaced."""
    from heliorack.model.interfaces import contact_of

    made = failing(planned, 'kind = "contact"', EDGE)
    assert set(made) == {
        "none",
        *(f"contact panel - {name}" for name in ("module1", "module2", "module3", "module4", "power_stage", "battery")),
    }
    lost = made["contact panel - module3"].contacts
    assert lost[contact_of(lost, "panel", "module3")].gap
    assert lost[contact_of(lost, "panel", "module1")].conductance == 2000
    assert len(made["contact panel - battery"].contacts) == 3
    assert set(failing(planned, 'kind = "contact"\npattern = "battery - panel"', EDGE)) == {"none", "contact panel - battery"}
    weak = failing(planned, 'kind = "contact"\npattern = "battery"\nremaining = 0.25', EDGE)["contact panel - battery 0.25"]
    assert weak.contacts[contact_of(weak.contacts, "battery", "panel")].conductance == 2.5


def test_a_lost_pipe_conducts_like_the_panel_and_keeps_its_mass(planned):
    """50000 W/mK along the pipe become the core's 9.17 W/mK, or the mean of both at a half."""
    made = failing(planned, 'kind = "pipe"\npattern = "radiator.pipe7"\nremaining = 0.5')["pipe radiator.pipe7 0.5"]
    material = {solid.name: made.materials[solid.material] for solid in all_solids(made.parts)}
    assert np.diag(material["radiator.pipe7"].tensor()) == pytest.approx([25004.585, 25004.585, 25000.825])
    assert material["radiator.pipe7"].density == material["radiator.pipe8"].density
    assert np.diag(material["radiator.pipe8"].tensor()) == pytest.approx([50000] * 3)
    lost = failing(planned, 'kind = "pipe"')
    assert len(lost) == 21


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('{ pipe21 = "heat_pipe" }', "pipe21: no such pipe; there are 20, from pipe1"),
        ('{ pipe2 = "heat_pip" }', 'parts.radiator.pipe_materials.pipe2 = "heat_pip"   unknown material; did you mean heat_pipe?'),
    ],
)
def test_material_of_a_single_pipe_is_checked(table, words):
    """The pipe exists, and so does the material."""
    with pytest.raises(CaseError) as caught:
        load(TRAY, [f"parts.radiator.pipe_materials={table}"])
    assert words in str(caught.value)


def test_a_lost_panel_or_string_takes_its_cells(planned):
    """Half of the array's area with one of two wings, a fortieth of its cells with one of forty strings; the mass stays."""
    made = failing(planned, 'kind = "panel"')
    one = made["panel wing_north:+x"]
    faces = [f"{solid.name}:{face}" for solid in all_solids(one.parts) for face in solid.faces]
    assert matching(one.power.array_faces, faces) == ("wing_south:+x",)
    assert (one.power.packing, one.power.array_area) == pytest.approx((0.9, 19.6))
    assert one.power.array_area * one.power.array_areal_mass == pytest.approx(
        39.2 * made["none"].power.array_areal_mass
        if made["none"].power.array_areal_mass
        else 39.2 * ARRAY_AREAL_MASS - 9.8 * 2 * 0.02 * 150
    )
    string = failing(planned, 'kind = "string"\nstrings = 40')["string 1-of-40"]
    assert string.power.packing == pytest.approx(0.9 * 39 / 40)


WINGS = """
[[power.wings]]
name = "north"
series = 8
parallel = 300
faces = "wing_north:+x"

[[power.wings]]
name = "all"
series = 8
parallel = 100
"""


def test_strings_that_the_case_names_are_lost_from_it(planned, tmp_path):
    """300 strings on one wing and 100 on both: without that wing 50 are left of 400, of the same mass."""
    base = tmp_path / "strings.toml"
    text = TRAY.read_text(encoding="utf-8").replace("array_area_m2 = 39.2\n", "array_areal_mass_kg_m2 = 8\n")
    base.write_text(text.replace("[[limits]]", f"{WINGS}\n[[limits]]", 1), encoding="utf-8")
    panel = failing(planned, 'kind = "panel"', base)
    none, lost = panel["none"].power, panel["panel wing_north:+x"].power
    assert [(wing.name, wing.parallel) for wing in lost.wings] == [("all", 50)]
    assert lost.packing == none.packing
    assert lost.given_area == pytest.approx(none.given_area * 50 / 400, rel=1e-12)
    lighter = none.given_area * 8 - lost.given_area * lost.array_areal_mass
    assert lighter == pytest.approx(9.8 * 2 * 0.02 * 150)  # the wing as meshed, which counts by itself
    string = failing(planned, 'kind = "string"\nremaining = 0.5', base)
    assert set(string) == {"none", "string north 1-of-300 0.5", "string all 1-of-100 0.5"}
    assert string["string all 1-of-100 0.5"].power.losses.mismatch == pytest.approx(1 - 0.5 / 400)
    with pytest.raises(CaseError, match=r"failures.0.strings   belongs to an array without \[\[power.wings\]\]"):
        failing(planned, 'kind = "string"\nstrings = 9', base)
