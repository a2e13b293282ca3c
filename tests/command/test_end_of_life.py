"""What `life = "eol"` and `years` say at the end of a run: whatever has no figure by name, and years that act on nothing."""

import pytest
from case_text import FULL_SUN, box
from command.cli_runner import case, here, read

pytestmark = [pytest.mark.xdist_group("runs"), pytest.mark.usefixtures("without_pictures")]

MIXED = 'coatings = { "+x" = "osr", "-x" = "mli_small", "+y" = "s13glo" }\n'
FACES = ("-x", "+x", "-y", "+y", "-z", "+z")
LIFE = 'life = "eol"\nyears = 5\n'
POWER = '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\narray_area_m2 = 0.2\npack_capacity_Wh = 100\neol_factor = 0.9\n'


def run(folder, *more, life=LIFE, coatings=MIXED):
    """Standard output and summary of a box in the Sun."""
    text = life + FULL_SUN + box("box", [100, 100, 100], more=coatings) + "".join(more)
    done = here("run", case(folder, text), "-o", folder / "run")
    return done.stdout, read(folder / "run")


def test_what_has_no_end_of_life_figure_is_named(tmp_path):
    """OSR and the Kapton of the blanket in the closing lines; Z-93 and S13G/LO have one and stand among the assumptions."""
    shown, summary = run(tmp_path)
    said = (
        "end of life: kapton_al_1mil and osr have no figure and stand as new; define [coatings.kapton_al_1mil] with solar_absorptance_eol"
    )
    assert said in summary["remarks"]
    assert said in shown
    assert "end of life: solar absorptance of z93 0.18 (0.17 new), s13glo 0.39 (0.2 new), whatever the years" in summary["assumptions"]
    assert "end of life: years = 5 scale no figure of coatings, cells or battery here; each is a fixed one" in summary["remarks"]


def test_the_figure_at_end_of_life_is_what_absorbs(tmp_path):
    """OSR of 0.07 absorbs three times the sunlight where the case gives it 0.21 at end of life, and is not named then."""
    osr = {"coatings": "coatings = { " + ", ".join(f'"{face}" = "osr"' for face in FACES) + " }\n"}
    _, new = run(tmp_path, life="", **osr)
    own = '[coatings.osr]\nsolar_absorptance = 0.07\nsolar_absorptance_eol = 0.21\ninfrared_emittance = 0.74\nsource = "test"\n'
    (tmp_path / "own").mkdir()
    _, old = run(tmp_path / "own", own, life='life = "eol"\n', **osr)
    assert new["remarks"] == old["remarks"] == []
    assert old["heat_W"]["sun"] == pytest.approx(3 * new["heat_W"]["sun"], rel=1e-6)


def test_a_battery_as_new_is_named(tmp_path):
    """Without battery_eol_factor or an ageing law; with one it is not, and years that count for a law are not called idle."""
    battery = "end of life: battery lg_mj1 has no figure and stands as new; give power.battery_eol_factor or power.ageing"
    _, summary = run(tmp_path, POWER)
    assert battery in summary["remarks"]
    (tmp_path / "aged").mkdir()
    _, aged = run(tmp_path / "aged", POWER, "battery_eol_factor = 0.8\n")
    assert battery not in aged["remarks"]


def test_years_at_beginning_of_life_are_said(tmp_path):
    """They age nothing then."""
    _, summary = run(tmp_path, life="years = 5\n")
    assert summary["remarks"] == ['years = 5 did not act: life = "bol"; set life = "eol" for coatings and cells at the end of it']
