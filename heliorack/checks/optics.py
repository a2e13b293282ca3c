"""Coatings whose two bands have one number: questioned, not refused."""

from __future__ import annotations

from collections.abc import Iterator

from heliorack.checks.context import Facts, keys


def one_number_for_both_bands(facts: Facts) -> Iterator[str]:
    """Sentences about coatings of the case that absorb sunlight and emit infrared alike.

    Published balances have been seen to absorb Earth infrared with the solar absorptance (docs/systems/starcloud_rack.md). A black surface,
    both numbers 1, is what it says.
    """
    for name in keys(facts.document, "coatings"):
        made = facts.coatings.get(name)
        if made is not None and made.solar_absorptance == made.infrared_emittance < 1.0:
            yield (
                f"warning: coatings.{name}: {made.infrared_emittance:g} is both solar_absorptance and infrared_emittance; sunlight and "
                "infrared are two bands, and few surfaces have one number for both. Sunlight and albedo are absorbed with the former, "
                "Earth infrared with the latter (Kirchhoff); is it meant?"
            )
