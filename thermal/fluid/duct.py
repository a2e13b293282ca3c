"""Cross sections that a coolant flows through, with what laminar flow makes of their shape."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

from thermal.fluid.validity import FluidError


@dataclass(frozen=True, slots=True)
class Duct:
    """A cross section. The three laminar figures are those of developed flow, on the hydraulic diameter."""

    area: float  #: free for the fluid [m2]
    perimeter: float  #: wetted [m]
    laminar_friction: float = 64.0  #: Darcy friction factor times Re [-]
    laminar_nusselt: float = 3.66  #: Nu at a wall of even temperature [-]
    laminar_nusselt_flux: float = 4.364  #: Nu at an even heat flux along the duct, wall temperature even around it [-]

    @property
    def diameter(self) -> float:
        """Hydraulic diameter, 4 A/P [m]."""
        return 4 * self.area / self.perimeter


def tube(diameter: float) -> Duct:
    """A round tube of inner `diameter` [m].

    Raises:
        FluidError: a diameter that is not above zero.

    >>> round(tube(0.01).diameter, 12)
    0.01
    """
    if not diameter > 0:
        raise FluidError(f"a tube's diameter must be above zero, not {diameter:g} m")
    return Duct(pi * diameter**2 / 4, pi * diameter)


def channel(width: float, height: float) -> Duct:
    """A rectangular channel [m], as in cold plates.

    Raises:
        FluidError: a side that is not above zero.

    Source: polynomials in the aspect ratio of Shah and London, Laminar Flow Forced Convection in Ducts, 1978 (within 0.1 % of the exact
    solutions); the limit of a thin slot is that of parallel plates: 96, 7.541, 8.235.

    >>> round(channel(1.0, 1.0).laminar_friction, 2), round(channel(1.0, 1e-9).laminar_nusselt, 3)
    (56.92, 7.541)
    """
    if not (width > 0 and height > 0):
        raise FluidError(f"a channel's width and height must be above zero, not {width:g} and {height:g} m")
    a = min(width, height) / max(width, height)
    return Duct(
        width * height,
        2 * (width + height),
        96 * (1 - 1.3553 * a + 1.9467 * a**2 - 1.7012 * a**3 + 0.9564 * a**4 - 0.2537 * a**5),
        7.541 * (1 - 2.610 * a + 4.970 * a**2 - 5.119 * a**3 + 2.702 * a**4 - 0.548 * a**5),
        8.235 * (1 - 2.0421 * a + 3.0853 * a**2 - 2.4765 * a**3 + 1.0578 * a**4 - 0.1861 * a**5),
    )
