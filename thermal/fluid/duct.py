"""Cross sections that a coolant flows through, with what laminar flow makes of their shape."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

from thermal.fluid.validity import FluidError


@dataclass(frozen=True, slots=True)
class Duct:
    """A cross section. The laminar figures are those of developed flow, on the hydraulic diameter."""

    area: float  #: free for the fluid [m2]
    perimeter: float  #: wetted [m]
    laminar_friction: float = 64.0  #: Darcy friction factor times Re [-]
    laminar_nusselt: float = 3.66  #: Nu at a wall of even temperature [-]

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
