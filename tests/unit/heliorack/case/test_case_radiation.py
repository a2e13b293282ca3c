"""The tables of radiation: settings, coatings, blankets and ageing, and the exact words for what does not fit."""

import pytest

from heliorack.case.case import CaseError, loads, schema
from heliorack.casefile import library
from heliorack.model.flat_faces import coated_faces
from heliorack.studies.orbital_heating import orbit_figures
from thermal.properties.ageing import YEAR
from thermal.radiation.settings import Radiation

CASE = """
[orbit]
kind = "sun_synchronous"
altitude_km = 550
ltan_h = 6

[environment]
preset = "hot"

[attitude]
point = { axis = "+y", at = "sun" }
align = { axis = "+x", at = "nadir" }

[[parts]]
name = "box"
kind = "box"
size_mm = [100, 100, 100]
material = "al_6061"
coating = "wrap"
coatings = { "+y" = "white" }

[coatings.white]
solar_absorptance = 0.2
infrared_emittance = 0.9
source = "test"

[blankets.wrap]
outer = "kapton_al_1mil"
effective_emittance = 0.02
source = "test"
"""
LAW = 'coatings.white.ageing={kind="power", growth=0.1, measured_h=1000, exponent=1.0, source="test"}'
EOL = "life=eol"


def case(*overrides):
    """The case with overrides."""
    return loads(CASE, overrides, source="f.toml")


def report(*overrides):
    """The lines that are said of the case with overrides, without the head."""
    with pytest.raises(CaseError) as caught:
        case(*overrides)
    return [line.strip() for line in str(caught.value).splitlines()[1:]]


def test_tables_are_read_in_si():
    """Keys with units, blankets of the file beside those of the library, defaults where nothing is said."""
    made = case("radiation.cluster_mm=50", 'radiation.closed=["box:-y"]', "coatings.white.specular_fraction=0.4", LAW)
    assert made.radiation == Radiation(cluster=0.05, closed=("box:-y",))
    assert made.coatings["white"].specular_fraction == 0.4
    assert made.coatings["white"].ageing.measured == 3.6e6
    assert {"wrap", "mli_small"} <= set(made.blankets)
    assert made.blankets["wrap"].conductance == 0.0
    assert case().radiation == Radiation()
    assert "mli_small" in schema()["$defs"]["Box"]["properties"]["coating"]["examples"]
    assert "radiation" in schema()["properties"]


@pytest.mark.parametrize(
    ("override", "line"),
    [
        ("coatings.white.infrared_emittance=0", "coatings.white.infrared_emittance = 0   must be above 0 and at most 1"),
        ("coatings.white.infrared_emittance=1.1", "coatings.white.infrared_emittance = 1.1   must be above 0 and at most 1"),
        ("coatings.white.infrared_emittance_eol=0", "coatings.white.infrared_emittance_eol = 0   must be above 0 and at most 1"),
        ("coatings.white.solar_absorptance=-0.1", "coatings.white.solar_absorptance = -0.1   must lie between 0 and 1"),
        ("coatings.white.specular_fraction=2", "coatings.white.specular_fraction = 2   must lie between 0 and 1"),
        ("blankets.wrap.effective_emittance=1.5", "blankets.wrap.effective_emittance = 1.5   must lie between 0 and 1"),
        ("blankets.wrap.conductance_W_m2K=-1", "blankets.wrap.conductance_W_m2K = -1   must be at least 0 W/m2K"),
        ("blankets.wrap.eps=1", "blankets.wrap.eps = 1   unknown key; known here: outer, effective_emittance, source, conductance_W_m2K"),
        (
            "blankets.wrap.outer=kapton_al_5",
            'blankets.wrap.outer = "kapton_al_5"   unknown coating; did you mean kapton_al_5mil? '
            "(`heliorack library coatings` lists them, or define [coatings.NAME])",
        ),
        (
            "blankets.wrap.outer=wrap",
            'blankets.wrap.outer = "wrap"   is the blanket itself; the outer layer needs a coating, such as kapton_al_1mil',
        ),
        (
            "blankets.wrap.outer=mli_small",
            'blankets.wrap.outer = "mli_small"   is a blanket; the outer layer needs a coating, such as kapton_al_1mil',
        ),
        (
            "blankets.wrap.outer=insulated",
            'blankets.wrap.outer = "insulated"   has no optical properties; the outer layer needs a coating, such as kapton_al_1mil',
        ),
        (
            'blankets.white={outer="z93", effective_emittance=0.02, source="x"}',
            "blankets.white   is the name of a coating too; a face could mean either, give it another name",
        ),
        (
            'coatings.mli_small={solar_absorptance=0.2, infrared_emittance=0.8, source="x"}',
            "coatings.mli_small   is the name of a blanket of the library too; give it another name",
        ),
        (
            'blankets.insulated={outer="z93", effective_emittance=0.02, source="x"}',
            "blankets.insulated   stands for a face that exchanges no radiation; give it another name",
        ),
        (
            "parts.box.coating=mli_smal",
            'parts.box.coating = "mli_smal"   unknown coating; did you mean mli_small? '
            "(`heliorack library blankets` lists them, or define [blankets.NAME])",
        ),
        (
            "parts.box.coating=wrop",
            'parts.box.coating = "wrop"   unknown coating; did you mean wrap? '
            "(`heliorack library blankets` lists them, or define [blankets.NAME])",
        ),
        ("radiation.rays=32", "radiation.rays = 32   must lie between 64 and 1e+07"),
        ("radiation.sun_rays=0", "radiation.sun_rays = 0   must lie between 1 and 10000"),
        ("radiation.model=exchnge", 'radiation.model = "exchnge"   must be "exchange" or "open"; did you mean "exchange"?'),
        ("radiation.closure_limit=0", "radiation.closure_limit = 0   must be above 0"),
        (
            'radiation.closed=["bix:*"]',
            'radiation.closed.0 = "bix:*"   matches no face; did you mean box:-x?',
        ),
    ],
)
def test_faults_in_the_users_keys(override, line):
    """One line each: where, what was found, what was expected, what to try."""
    assert report(override) == [line]


def test_settings_that_contradict_each_other():
    """Claims about the sky need the model that looks for it; mirrors need reflected light; one way to age."""
    said = 'names faces that see no sky, and model = "open" lets every face see it; use "exchange" or leave it out'
    assert report('radiation={model="open", closed=["box:-x"]}') == [f'radiation.closed = ["box:-x"]   {said}']
    said = "is of the reflected sunlight, and solar_absorptance = 1 reflects none; set it to 0"
    mirror = ("coatings.white.solar_absorptance=1", "coatings.white.specular_fraction=0.5")
    assert report(*mirror) == [f"coatings.white.specular_fraction = 0.5   {said}"]
    (line,) = report(LAW, "coatings.white.solar_absorptance_eol=0.3")
    assert line.startswith("coatings.white.ageing = ")
    assert line.endswith("and solar_absorptance_eol both say how the coating ages; give one")


def test_a_perfect_blanket_loses_no_heat():
    """A blanket that passes nothing cools its part no more than "insulated" does; a conducting seam is enough."""
    bare = ("parts.box.coatings={}", "blankets.wrap.effective_emittance=0")
    assert report(*bare)[0].startswith("parts.box   box has no way to lose heat")
    assert case(*bare, "blankets.wrap.conductance_W_m2K=0.01").blankets["wrap"].passes_heat


def test_hours_of_sun_need_an_orbit_and_years():
    """End of life by a law: the orbit counts the hours, years or power.years says how long; one of the two."""
    said = 'missing; life = "eol" ages white by hours of Sun: give the years in orbit, here or as power.years'
    assert report(EOL, LAW) == [f"years   {said}"]
    assert case(EOL).years_in_orbit is None
    assert case(LAW).years_in_orbit is None
    assert case(EOL, LAW, "years=3").years_in_orbit == 3.0
    power = 'power={cell="azur_3g30", battery="lg_mj1", years=7, eol_factor=0.8}'
    assert case(EOL, LAW, power).years_in_orbit == 7.0
    assert case("years=4", power.replace("years=7, ", "")).power.years == 4.0
    assert report("years=4", power) == ["years = 4   contradicts power.years = 7; give one of them"]
    with pytest.raises(CaseError) as caught:
        loads(CASE.partition("[orbit]")[0] + CASE[CASE.index("[[parts]]") :], [EOL, LAW, "years=3", 'run={kind="steady"}'])
    assert 'orbit   missing; life = "eol" ages white by hours of Sun, which are counted in an orbit' in str(caught.value)


def test_law_below_a_blanket_counts():
    """A blanket whose outer layer ages by a law needs the years too; a coating that no face wears does not."""
    assert report(EOL, LAW, "blankets.wrap.outer=white", "parts.box.coatings={}")[0].startswith("years   missing")
    assert case(EOL, LAW, "parts.box.coatings={}").coatings["white"].ageing


def test_face_darkens_by_its_own_sun():
    """In an orbit without eclipse a face that points at the Sun has years x (solar flux / 1361) of it; the others keep their blanket's."""
    made = case(EOL, LAW, "years=0.1", "orbit={kind='beta', altitude_km=550, beta_deg=90}")
    assert made.assumptions == ("white: darkens by the sunlight of this revolution, repeated over all years (no seasons), as its law says",)
    figures = orbit_figures(made)
    sunny = figures["faces"]["box:+y"]
    hours = 0.1 * YEAR / 3600 * sunny["direct_W_m2"] / 1361.0
    assert sunny["direct_W_m2"] > 1361.0
    assert sunny["solar_absorptance"] == pytest.approx(0.2 + 0.1 * hours / 1000, rel=1e-9)
    assert figures["faces"]["box:-y"]["solar_absorptance"] == 0.38
    assert orbit_figures(made.override("life=bol"))["faces"]["box:+y"]["solar_absorptance"] == 0.2
    with pytest.raises(CaseError, match="white ages by hours of Sun, which change through the year"):
        coated_faces(made)


def test_library_lists_blankets():
    """Each with its outer layer, its effective emittance and its source."""
    rows = library.rows("blankets")
    assert rows["mli_small"]["effective_emittance"] == 0.05
    assert rows["mli_ideal_10"]["effective_emittance"] == 0.0013844
    assert all(row["source"] and row["outer"] for row in rows.values())
