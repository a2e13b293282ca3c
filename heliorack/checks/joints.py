"""Joints whose figure lies far outside what handbooks give: questioned, not refused."""

from __future__ import annotations

from collections.abc import Iterator

from heliorack.checks.context import Facts
from thermal.boundary import Film

#: W/m2K. Dry joints of metals in vacuum come from some 100 to 10 000, filled ones to 50 000 (Gilmore, Spacecraft Thermal Control Handbook,
#: vol. 1, chapters 8 and 16, as commonly quoted); beyond a factor of ten of both something else is meant, a bond or an insulator.
AREA = (10.0, 500_000.0)
BOLT = (0.02, 35.0)  #: W/K of one bolt: a factor of ten beyond the guideline of `thermal.conduction.bolt_conductance` either way, M2 to M6
FILM = (0.1, 100_000.0)  #: W/m2K, from free convection of thin air to boiling water in channels
THICK = 0.01  #: m; what is thicker is no skin
STRAP = (0.001, 100.0)  #: W/K; flown foil, braid and graphite straps have 0.1 to 10 (the same handbook, as commonly quoted)


def questions(facts: Facts) -> Iterator[str]:
    """Sentences about joints that are hardly what they say."""
    for position, contact in facts.reading.items("contacts"):
        at = f"contacts.{position}"
        if contact.conductance is not None:
            yield from _asked(f"{at}.conductance_W_m2K", contact.conductance, AREA, "W/m2K", "joints of metals, dry or filled")
        if contact.tim is not None:
            yield from _asked(f"{at}.tim", contact.tim.conductance(), AREA, "W/m2K", "joints of metals, dry or filled")
        if contact.bolts is not None:
            yield from _asked(f"{at}.bolts", contact.bolts.each(), BOLT, "W/K", "single bolts")
    for position, boundary in facts.reading.items("boundaries"):
        if isinstance(boundary, Film):
            yield from _asked(f"boundaries.{position}.h_W_m2K", boundary.h, FILM, "W/m2K", "films of gases, liquids and boiling")
    for position, skin in facts.reading.items("skins"):
        if skin.thickness > THICK:
            thick = f"{1e3 * skin.thickness:g} mm have one temperature from side to side as a skin"
            yield f"warning: skins.{position}.thickness_mm: {thick}, and take no room; draw it as a part"
    for position, strap in facts.reading.items("straps"):
        yield from _asked(f"straps.{position}.conductance_W_K", strap.conductance, STRAP, "W/K", "flexible straps")


def _asked(place: str, value: float, usual: tuple[float, float], unit: str, what: str) -> Iterator[str]:
    low, high = usual
    if not low <= value <= high:
        handbook = f"{low:g} to {high:g} {unit} hold {what} of handbooks with room to spare"
        yield f"warning: {place}: {value:g} {unit} is far from what handbooks give ({handbook}); is it meant?"
