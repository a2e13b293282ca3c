"""Materials of a case whose properties depend on temperature: what the engine is told of them, and what is said."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.units import ZERO_CELSIUS
from thermal.conduction.varying import Law
from thermal.properties.material import Material

Floats = NDArray[np.float64]
CONSTANT = "materials: density, specific heat and conductivity do not depend on temperature"


def laws(part_material: Sequence[str], materials: Mapping[str, Material]) -> list[Law]:
    """One law for each material of the parts that varies."""
    found = []
    for name in dict.fromkeys(part_material):
        material = materials[name]
        if material.varies:
            conducts, stores = material.conductivity_curve(), material.heat_curve()
            found.append(
                Law(
                    tuple(i for i, other in enumerate(part_material) if other == name),
                    None if conducts is None else conducts.over(material.conductivity),
                    None if stores is None else stores.over(material.specific_heat),
                )
            )
    return found


def cell_factors(part_material: Sequence[str], materials: Mapping[str, Material], cell_part: NDArray[np.int32], corners: Floats) -> Floats:
    """Conductivity of cells over the nominal one of their part, mean of their corners (c, 4) [K], [-]; (c,)."""
    factor = np.ones(len(cell_part))
    for part, name in enumerate(part_material):
        curve, mine = materials[name].conductivity_curve(), cell_part == part
        if curve is not None:
            factor[mine] = curve(corners[mine]).mean(axis=1) / materials[name].conductivity
    return factor


def mean_heat(part_material: Sequence[str], materials: Mapping[str, Material], T: Floats) -> Floats:
    """Specific heat of parts over their nominal one at mean temperatures (parts,) [K], [-]."""
    curves = [materials[name].heat_curve() for name in part_material]
    given = [materials[name].specific_heat for name in part_material]
    return np.array([1.0 if curve is None else float(curve(at)) / c for curve, c, at in zip(curves, given, T.tolist(), strict=True)])


def sentences(part_material: Sequence[str], materials: Mapping[str, Material]) -> Iterator[str]:
    """What is taken for granted of the materials of the parts."""
    used = {name: materials[name] for name in dict.fromkeys(part_material)}
    varying = [name for name, material in used.items() if material.varies]
    if not varying:
        yield CONSTANT
        return
    yield (
        f"{', '.join(varying)}: conductivity and heat as their curves over temperature say; density, all other materials, and what joints "
        "and straps conduct do not depend on temperature"
    )
    for name in varying:
        held = [over for over in (used[name].conductivity_at, used[name].specific_heat_at) if over is not None and over.beyond == "hold"]
        for over in held:
            curve = over.curve()
            yield (
                f"{name}: a curve is known from {curve.lowest - ZERO_CELSIUS:.4g} to {curve.highest - ZERO_CELSIUS:.4g} degC and holds its "
                'end value beyond (beyond = "hold")'
            )


def outside(
    part_names: Sequence[str], part_material: Sequence[str], materials: Mapping[str, Material], cold: Floats, hot: Floats
) -> list[str]:
    """A sentence for each part that has been colder or hotter than its material's curves know.

    Args:
        cold, hot: Extremes of each part [K].
    """
    said = []
    for part, name, low, high in zip(part_names, part_material, cold.tolist(), hot.tolist(), strict=True):
        lowest, highest = materials[name].known()
        for beyond, at, word, end, known in (
            (low < lowest, low, "below", lowest, "from which on"),
            (high > highest, high, "above", highest, "up to which"),
        ):
            if beyond:
                said.append(
                    f"{part}: {at - ZERO_CELSIUS:.1f} degC is {word} the {end - ZERO_CELSIUS:.4g} degC {known} the curves of {name} over "
                    "temperature are known"
                )
    return said
