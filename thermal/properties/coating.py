"""Optical surface properties by band.

Solar absorptance and infrared emittance are two numbers; what emits in the infrared absorbs alike there (Kirchhoff).
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Interval

from thermal.properties.ageing import Ageing, aged


@dataclass(frozen=True, slots=True)
class Coating:
    """Optical surface properties at beginning and, where known, at end of life."""

    solar_absorptance: Annotated[float, "-", Interval(ge=0, le=1)]  #: fraction of sunlight absorbed at beginning of life
    infrared_emittance: Annotated[float, "-", Interval(gt=0, le=1)]  #: hemispherical emittance; also the infrared absorptance
    source: str  #: handbook, table or DOI
    solar_absorptance_eol: Annotated[float, "-", Interval(ge=0, le=1)] | None = None  #: at end of life; the beginning's when not given
    infrared_emittance_eol: Annotated[float, "-", Interval(gt=0, le=1)] | None = None  #: at end of life; the beginning's when not given

    specular_fraction: Annotated[float, "-", Interval(ge=0, le=1)] = 0.0  #: part of the reflected sunlight that leaves mirror-like
    ageing: Ageing | None = None  #: law of the rise of solar absorptance with hours of Sun, in place of an end value

    def __post_init__(self) -> None:
        if self.ageing is not None and self.solar_absorptance_eol is not None:
            raise ValueError("ageing and solar_absorptance_eol both say how the coating ages; give one")
        if self.specular_fraction > 0 and self.solar_absorptance == 1:
            raise ValueError("specular_fraction is of the reflected sunlight, and solar_absorptance = 1 reflects none; set it to 0")

    def at(self, life: Literal["bol", "eol"], sun: float | None = None) -> tuple[float, float]:
        """(solar absorptance, infrared emittance) at beginning or end of life.

        Args:
            life: beginning, or end.
            sun: equivalent time in the Sun at end of life [s]; only a coating with a law of ageing needs it.

        Raises:
            ValueError: end of life of a coating that ages by a law, without the time in the Sun.
        """
        if life == "bol":
            return self.solar_absorptance, self.infrared_emittance
        epsilon = self.infrared_emittance if self.infrared_emittance_eol is None else self.infrared_emittance_eol
        return self._aged_absorptance(sun), epsilon

    def _aged_absorptance(self, sun: float | None) -> float:
        if self.ageing is None:
            return self.solar_absorptance if self.solar_absorptance_eol is None else self.solar_absorptance_eol
        if sun is None:
            raise ValueError("a coating that ages by hours of Sun has no end of life before its time in the Sun is known")
        return aged(self.solar_absorptance, self.ageing, sun)


_RP1121 = "NASA RP-1121 (1984), NTRS 19840015630"
_FORTESCUE = "Fortescue et al., Spacecraft Systems Engineering, 4th ed., table 11.3"
_GILMORE = "Gilmore, Spacecraft Thermal Control Handbook, appendix A"

LIBRARY: dict[str, Coating] = {
    "z93": Coating(0.17, 0.92, _RP1121),
    "s13g": Coating(0.20, 0.90, _RP1121),
    "a276": Coating(0.26, 0.88, _RP1121 + "; end of life after 1036 equivalent sun hours of ultraviolet", 0.44, 0.88),
    "z202": Coating(0.25, 0.87, _RP1121 + "; end of life after 1000 equivalent sun hours", 0.40, 0.87),
    "ns43c": Coating(0.20, 0.92, _RP1121 + " (conductive white)"),
    "zot": Coating(0.13, 0.92, _RP1121 + " (zinc orthotitanate, potassium silicate)"),
    "kapton_al_1mil": Coating(0.38, 0.67, _RP1121 + " (aluminium-backed Kapton, Kapton out)"),
    "kapton_al_5mil": Coating(0.46, 0.86, _RP1121 + " (aluminium-backed Kapton, Kapton out)"),
    "z306": Coating(0.96, 0.91, _RP1121 + " (Chemglaze Z306 black)"),
    "black_velvet": Coating(0.91, 0.94, _RP1121 + " (Martin black velvet)"),
    "chromic_anodize": Coating(0.44, 0.56, _RP1121),
    "aluminium_buffed": Coating(0.16, 0.03, _RP1121),
    "gold_electroplated": Coating(0.23, 0.03, _RP1121),
    "aluminium_vapour": Coating(0.08, 0.02, _RP1121 + " (vapour deposited)"),
    "silver_vapour": Coating(0.04, 0.02, _RP1121 + " (vapour deposited)"),
    "osr": Coating(0.07, 0.74, _FORTESCUE + " (optical solar reflector)"),
    "osr_quartz": Coating(0.07, 0.80, _GILMORE + " (silvered quartz)"),
    "silver_fep": Coating(0.08, 0.78, _FORTESCUE + " (second-surface mirror)"),
    "white_silicate": Coating(0.12, 0.90, _FORTESCUE + "; end of life after 1000 h of ultraviolet", 0.14, 0.90),
    "white_silicone": Coating(0.26, 0.83, _FORTESCUE + "; end of life after 1000 h of ultraviolet", 0.29, 0.83),
    "black_polyurethane": Coating(0.95, 0.90, _FORTESCUE),
    "gaas_cells": Coating(0.88, 0.80, _FORTESCUE + " (gallium arsenide solar cells)"),
    "si_cells": Coating(0.75, 0.82, _FORTESCUE + " (silicon solar cells)"),
    "aluminium_polished": Coating(0.24, 0.08, _FORTESCUE),
    "teflon_al_5mil": Coating(0.17, 0.76, _GILMORE + " (aluminised Teflon, 5 mil)"),
}
