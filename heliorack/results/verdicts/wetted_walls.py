"""Coolants beside the materials that they touch."""

from __future__ import annotations

from collections.abc import Iterator

from heliorack.case.case import Case
from thermal.fluid.compatibility import compatibility, galvanic
from thermal.fluid.coolant import coolant


def remarks(case: Case) -> Iterator[str]:
    """A warning for each material that the fluid of a loop attacks or takes care with, or of which nothing is known."""
    for loop in () if case.network is None else case.network.loops:
        assert case.network is not None
        if loop.fluid in case.network.fluids:
            continue
        fluid = coolant(loop.fluid).name
        found = [compatibility(fluid, material) for material in loop.wets]
        yield from (f"warning: loop {loop.name}: {one.words()}" for one in found if one.verdict != "suits")
        together = galvanic(fluid, list(loop.wets))
        if together is not None:
            yield f"warning: loop {loop.name}: {together}"
