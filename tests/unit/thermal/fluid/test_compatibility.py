"""Which coolant attacks which wall."""

import pytest

from thermal.fluid.compatibility import TABLE, compatibility, galvanic, metal_of
from thermal.fluid.coolant import LIBRARY
from thermal.properties.material import LIBRARY as MATERIALS


@pytest.mark.parametrize(
    ("coolant", "material", "verdict"),
    [
        ("ammonia", "copper", "attacks"),
        ("ammonia", "al_6061", "suits"),
        ("water", "al_6063", "attacks"),
        ("water", "copper_pure", "suits"),
        ("propylene_glycol", "al_6061", "with care"),
        ("ammonia", "cfrp_t300_qi", "unknown"),
        ("co2", "gold", "unknown"),
    ],
)
def test_verdicts(coolant, material, verdict):
    """With a reason and a source for what is bad, and a question where nothing is known."""
    found = compatibility(coolant, material)
    assert found.verdict == verdict
    assert found.source if verdict != "unknown" else "ask its maker" in found.words()
    assert found.reason or verdict in ("suits", "unknown")


def test_every_row_is_of_a_coolant_of_the_library():
    """And says where it is from; metals of the library's materials are found by their names."""
    assert {name for name, _ in TABLE} <= set(LIBRARY)
    assert all(source for _, _, source in TABLE.values())
    families = {name: metal_of(name) for name in MATERIALS}
    assert families["stainless_316"] == "stainless"
    assert families["ti_6al_4v"] == "titanium"
    assert families["honeycomb_al_32"] is None


def test_two_metals_in_one_loop():
    """Copper plates and aluminium tubes with a coolant that conducts; not with ammonia, not with one metal."""
    assert "pits it" in (galvanic("propylene_glycol", ["copper", "al_6061"]) or "")
    assert galvanic("hfe_7100", ["copper", "al_6061"]) is None
    assert galvanic("water", ["copper", "copper_pure"]) is None
