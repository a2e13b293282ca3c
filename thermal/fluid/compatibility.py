"""Which coolant attacks which wall: warnings for a case, each with its reason and source.

What the named sources are commonly quoted for; not all of the originals were consulted. A warning here is a question to ask the maker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["suits", "with care", "attacks", "unknown"]
Metal = Literal["aluminium", "copper", "steel", "stainless", "titanium", "nickel", "zinc", "magnesium"]

#: Starts of names of materials, by the metal they are of; the first that fits.
FAMILIES: tuple[tuple[str, Metal], ...] = (
    ("al_", "aluminium"),
    ("alumin", "aluminium"),
    ("copper", "copper"),
    ("cu_", "copper"),
    ("brass", "copper"),
    ("bronze", "copper"),
    ("stainless", "stainless"),
    ("inconel", "nickel"),
    ("nickel", "nickel"),
    ("monel", "nickel"),
    ("ti_", "titanium"),
    ("titan", "titanium"),
    ("steel", "steel"),
    ("zinc", "zinc"),
    ("galvani", "zinc"),
    ("magnesium", "magnesium"),
)

_REAY = "Reay, Kew and McGlen, Heat Pipes, 6th ed. 2014, chapter 3 (compatibility data)"
_ASHRAE = "ASHRAE Handbook Refrigeration, ammonia systems"
_GLYCOL = "ASTM D1384 metals; Dow, Engineering and Operating Guide for Dowtherm SR-1 and Dowfrost"
_REFRIGERANT = "ASHRAE Handbook Refrigeration, materials in refrigerant systems"
_3M = "3M Novec 7100 data sheet, materials compatibility"

_HALOGENATED = ("r134a", "r1234ze(e)", "r245fa", "r1233zd(e)")
_AMMONIA_COPPER = "ammonia with traces of water and oxygen dissolves copper and its alloys and cracks brass"
_WATER_ALUMINIUM = "water corrodes aluminium and sets hydrogen free, which blocks a condenser"
_GLYCOL_ALUMINIUM = "needs an inhibitor for aluminium, and no copper in the same loop"
_NO_MAGNESIUM = "halogenated refrigerants attack magnesium and zinc alloys in the presence of water"

#: (verdict, reason, source) by coolant and metal, as far as a source says it; names of coolants are those of the library.
TABLE: dict[tuple[str, Metal], tuple[Verdict, str, str]] = {
    ("ammonia", "aluminium"): ("suits", "long flown in heat pipes and loops", _REAY),
    ("ammonia", "stainless"): ("suits", "long flown in heat pipes and loops", _REAY),
    ("ammonia", "steel"): ("suits", "usual in ammonia plants", _ASHRAE),
    ("ammonia", "nickel"): ("suits", "", _REAY),
    ("ammonia", "copper"): ("attacks", _AMMONIA_COPPER, _ASHRAE),
    ("ammonia", "zinc"): ("attacks", "ammonia dissolves zinc", _ASHRAE),
    ("water", "copper"): ("suits", "long proven in heat pipes", _REAY),
    ("water", "titanium"): ("suits", "", _REAY),
    ("water", "nickel"): ("suits", "as Monel", _REAY),
    ("water", "aluminium"): ("attacks", _WATER_ALUMINIUM, _REAY),
    ("water", "stainless"): (
        "with care",
        "sets a little hydrogen free: bad for a heat pipe",
        _REAY,
    ),
    ("water", "steel"): ("attacks", "rusts and sets hydrogen free", _REAY),
    ("methanol", "copper"): ("suits", "", _REAY),
    ("methanol", "stainless"): ("suits", "", _REAY),
    ("methanol", "aluminium"): ("attacks", "methanol sets hydrogen free on aluminium", _REAY),
    ("water_glycol", "copper"): ("with care", "needs an inhibitor: glycol turns to acids", _GLYCOL),
    ("water_glycol", "stainless"): ("suits", "", _GLYCOL),
    ("water_glycol", "steel"): ("with care", "needs an inhibitor: glycol turns to acids", _GLYCOL),
    ("water_glycol", "aluminium"): ("with care", _GLYCOL_ALUMINIUM, _GLYCOL),
    ("water_glycol", "zinc"): ("attacks", "the inhibitors take zinc off, and are used up by it", _GLYCOL),
    ("hfe_7100", "aluminium"): ("suits", "", _3M),
    ("hfe_7100", "copper"): ("suits", "", _3M),
    ("hfe_7100", "stainless"): ("suits", "", _3M),
    ("hfe_7100", "steel"): ("suits", "", _3M),
    **{(name, metal): ("suits", "", _REFRIGERANT) for name in _HALOGENATED for metal in ("copper", "steel", "stainless")},
    **{(name, "aluminium"): ("suits", "dry; not so with free water", _REFRIGERANT) for name in _HALOGENATED},
    **{(name, "magnesium"): ("attacks", _NO_MAGNESIUM, _REFRIGERANT) for name in _HALOGENATED},
    **{("co2", metal): ("suits", "dry", _REFRIGERANT) for metal in ("copper", "steel", "stainless", "aluminium")},
    **{("propylene", metal): ("suits", "", _REAY) for metal in ("aluminium", "stainless", "steel")},
}

#: Coolants that wet metals as another does.
LIKE = {"propylene_glycol": "water_glycol"}


@dataclass(frozen=True, slots=True)
class Compatibility:
    """What is known of a coolant and a wall."""

    coolant: str
    material: str
    verdict: Verdict
    reason: str
    source: str

    def words(self) -> str:
        """One sentence.

        >>> compatibility("ammonia", "copper_pure").words().split(":")[0]
        'ammonia attacks copper_pure'
        """
        if self.verdict == "unknown":
            return f"nothing is known of {self.coolant} with {self.material}: ask its maker"
        says = {"suits": "suits", "with care": "takes care with", "attacks": "attacks"}[self.verdict]
        return f"{self.coolant} {says} {self.material}" + (f": {self.reason}" if self.reason else "") + f" ({self.source})"


def metal_of(material: str) -> Metal | None:
    """The metal that a material of the library is of, by its name; None where it is none of these."""
    name = material.lower()
    return next((metal for start, metal in FAMILIES if name.startswith(start)), None)


def compatibility(coolant: str, material: str) -> Compatibility:
    """What is known of a coolant of the library with a material of the library."""
    metal = metal_of(material)
    found = TABLE.get((LIKE.get(coolant, coolant), metal)) if metal is not None else None
    verdict, reason, source = found or ("unknown", "", "")
    return Compatibility(coolant, material, verdict, reason, source)


def galvanic(coolant: str, materials: list[str]) -> str | None:
    """A warning where a coolant that conducts electricity joins aluminium and copper in one loop, or None."""
    metals = {metal_of(material) for material in materials}
    if {"aluminium", "copper"} <= metals and LIKE.get(coolant, coolant) in ("water", "water_glycol"):
        return f"{coolant} joins copper and aluminium in one loop: copper it carries settles on the aluminium and pits it ({_GLYCOL})"
    return None
