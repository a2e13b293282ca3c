"""Optical surface properties by band.

Solar absorptance and infrared emittance are two numbers; what emits in the infrared absorbs alike there (Kirchhoff).
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Interval

from thermal.curve import Curve
from thermal.properties.ageing import Ageing, aged
from thermal.properties.of_temperature import ROUNDED, EmittanceTable, Polynomial


@dataclass(frozen=True, slots=True)
class Coating:
    """Optical surface properties at beginning and, where known, at end of life."""

    solar_absorptance: Annotated[float, "-", Interval(ge=0, le=1)]  #: fraction of sunlight absorbed at beginning of life
    infrared_emittance: Annotated[float, "-", Interval(gt=0, le=1)]  #: hemispherical emittance; also the infrared absorptance
    source: str  #: handbook, table or DOI
    solar_absorptance_eol: Annotated[float, "-", Interval(ge=0, le=1)] | None = None  #: at end of life; the beginning's when not given
    infrared_emittance_eol: Annotated[float, "-", Interval(gt=0, le=1)] | None = None  #: at end of life; the beginning's when not given

    specular_fraction: Annotated[float, "-", Interval(ge=0, le=1)] = 0.0  #: part of the reflected sunlight that leaves mirror-like
    infrared_emittance_at: EmittanceTable | Polynomial | None = None  #: emittance over the surface's temperature; not under blankets
    ageing: Ageing | None = None  #: law of the rise of solar absorptance with hours of Sun, in place of an end value

    def __post_init__(self) -> None:
        if self.ageing is not None and self.solar_absorptance_eol is not None:
            raise ValueError("ageing and solar_absorptance_eol both say how the coating ages; give one")
        if self.infrared_emittance_at is not None:
            self._check_curve()
        if self.specular_fraction > 0 and self.solar_absorptance == 1:
            raise ValueError("specular_fraction is of the reflected sunlight, and solar_absorptance = 1 reflects none; set it to 0")

    def _check_curve(self) -> None:
        """Refuse a curve that is none of emittance, or beside an end value.

        Raises:
            ValueError: as said.
        """
        if self.infrared_emittance_eol is not None:
            raise ValueError("infrared_emittance_at holds at any age; leave infrared_emittance_eol out")
        values = self.emittance_curve().value
        low, high = float(values.min()), float(values.max())
        if high > 1.0:
            raise ValueError(f"infrared_emittance_at goes up to {high:.4g}; an emittance is 1 at most")
        if not low * (1 - ROUNDED) <= self.infrared_emittance <= high * (1 + ROUNDED):
            said = f"goes from {low:.4g} to {high:.4g}; give that at room temperature"
            raise ValueError(f"infrared_emittance = {self.infrared_emittance:g} is none of the values over temperature, which {said}")

    def emittance_curve(self) -> Curve:
        """Emittance over temperature; to be asked for where it varies."""
        assert self.infrared_emittance_at is not None
        return self.infrared_emittance_at.curve()

    @property
    def has_end_of_life(self) -> bool:
        """Whether anything is known of its solar absorptance at end of life: a figure or a law."""
        return self.ageing is not None or self.solar_absorptance_eol is not None

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
#: Flown on the Long Duration Exposure Facility, 69 months of low orbit, leading edge.
_TCSE = (
    "rise on experiment S0069 of LDEF, 69 months of low orbit (Wilkes et al., LDEF 69 Months in Space, NASA CP-3134, 1992, as commonly "
    "quoted; original not consulted)"
)
_HST = (
    "end of life: rise of 0.08 (0.04 to 0.13) over 8.25 years of low orbit on the Hubble Space Telescope, from 0.074 to 0.155 +- 0.032 "
    "sunward and 0.208 +- 0.012 anti-sunward (de Groh et al., NTRS 20060056192)"
)
_LDEF_BLACK = (
    "end of life as new: six optical blacks reflected less, near to far infrared, after 69 months on LDEF (Blue and Perkowitz 1992, "
    "doi 10.1364/AO.31.004305); the rest up to 1 bounds it"
)
_UV = "end of life after 1000 h of ultraviolet only: years of sunlight bring more"

#: What has no figure at end of life stays as new, and a run at end of life says so by name. Flight contamination comes on top of every
#: figure here: tested and flown samples were clean.
LIBRARY: dict[str, Coating] = {
    "z93": Coating(0.17, 0.92, f"{_RP1121}; end of life: {_TCSE}: 0.01, from 0.14 to 0.15; up to 0.05 more with contamination", 0.18),
    "az93": Coating(0.15, 0.91, "AZ Technology AZ-93 product sheet: 0.15 +- 0.01 and 0.91 +- 0.02, as commonly quoted"),
    "s13g": Coating(0.20, 0.90, f"{_RP1121}; end of life: of S13G/LO, {_TCSE}: 0.19, from 0.18 to 0.37", 0.39),
    "s13glo": Coating(0.20, 0.90, f"{_RP1121} (white silicone S13G/LO); end of life: {_TCSE}: 0.19, from 0.18 to 0.37", 0.39),
    "a276": Coating(0.26, 0.88, _RP1121 + "; end of life after 1036 equivalent sun hours of ultraviolet", 0.44, 0.88),
    "z202": Coating(0.25, 0.87, _RP1121 + "; end of life after 1000 equivalent sun hours", 0.40, 0.87),
    "ns43c": Coating(0.20, 0.92, _RP1121 + " (conductive white)"),
    "dc007": Coating(0.19, 0.88, _RP1121 + " (white silicone, Dow Corning DC-007)"),
    "zot": Coating(
        0.13,
        0.92,
        f"{_RP1121} (zinc orthotitanate, potassium silicate); end of life: of YB-71, {_TCSE}: 0.02, from 0.13 to 0.15",
        0.15,
    ),
    "white_silicate": Coating(0.12, 0.90, f"{_FORTESCUE}; {_UV}", 0.14, 0.90),
    "white_silicone": Coating(0.26, 0.83, f"{_FORTESCUE}; {_UV}", 0.29, 0.83),
    "white_tedlar": Coating(0.39, 0.87, _RP1121 + " (white Tedlar film)"),
    "z306": Coating(0.96, 0.91, f"{_RP1121} (Chemglaze Z306 black); {_LDEF_BLACK}", 0.96),
    "black_velvet": Coating(0.91, 0.94, f"{_RP1121} (Martin black velvet); {_LDEF_BLACK}", 0.91),
    "black_l300": Coating(0.95, 0.84, f"{_RP1121} (Hughson L-300 black); {_LDEF_BLACK}", 0.95),
    "black_silicate": Coating(0.96, 0.89, f"{_RP1121} (Goddard black silicate MS-94); {_LDEF_BLACK}", 0.96),
    "black_polyurethane": Coating(0.95, 0.90, f"{_FORTESCUE}; {_LDEF_BLACK}", 0.95),
    "black_tedlar": Coating(0.94, 0.90, _RP1121 + " (black Tedlar film)"),
    "black_chrome": Coating(0.96, 0.62, _RP1121 + " (black chrome)"),
    "black_nickel": Coating(0.91, 0.66, _RP1121 + " (black nickel)"),
    "black_iridite": Coating(0.62, 0.17, _RP1121 + " (black Iridite: chromate conversion coating, of the kind of Alodine)"),
    "chromic_anodize": Coating(
        0.44,
        0.56,
        f"{_RP1121} (chromic acid anodize); end of life: {_TCSE}: 0.07, from 0.40 to 0.47; stable on other trays of LDEF, contamination "
        "apart (Golden, Anodized Aluminum on LDEF, N94-31017)",
        0.51,
    ),
    "sulphuric_anodize": Coating(
        0.42, 0.87, f"{_RP1121} (sulphuric acid anodize); end of life as new: stable on LDEF, on little area (Golden, N94-31017)", 0.42
    ),
    "clear_anodize": Coating(
        0.31,
        0.80,
        f"{_RP1121}: middle of 0.27 to 0.35 and of 0.76 to 0.84; end of life the upper end: sulphuric anodize was stable on LDEF, on "
        "little area (Golden, N94-31017)",
        0.35,
    ),
    "black_anodize": Coating(
        0.76,
        0.84,
        f"{_RP1121}: middle of 0.65 to 0.86 and of 0.82 to 0.86, by dye and thickness; end of life the upper end, since a dyed "
        "anodize absorbed no less after 69 months on LDEF (Golden, N94-31017); dyes can bleach, which a cold case should look at",
        0.86,
    ),
    "kapton_al_half_mil": Coating(0.34, 0.55, _RP1121 + " (aluminium-backed Kapton, Kapton out)"),
    "kapton_al_1mil": Coating(0.38, 0.67, _RP1121 + " (aluminium-backed Kapton, Kapton out)"),
    "kapton_al_5mil": Coating(0.46, 0.86, _RP1121 + " (aluminium-backed Kapton, Kapton out)"),
    "teflon_al_5mil": Coating(0.17, 0.76, _GILMORE + " (aluminised Teflon, 5 mil)"),
    "silver_fep": Coating(0.08, 0.78, f"{_FORTESCUE} (second-surface mirror); {_HST}", 0.16),
    "silver_fep_2mil": Coating(0.08, 0.68, f"{_RP1121} (silvered Teflon, 2 mil); {_HST}", 0.16),
    "silver_fep_5mil": Coating(0.08, 0.81, f"{_RP1121} (silvered Teflon, 5 mil); {_HST}", 0.16),
    "silver_fep_10mil": Coating(0.09, 0.88, f"{_RP1121} (silvered Teflon, 10 mil); {_HST}", 0.17),
    "osr": Coating(0.07, 0.74, _FORTESCUE + " (optical solar reflector)"),
    "osr_quartz": Coating(0.07, 0.80, _GILMORE + " (silvered quartz)"),
    "osr_ito": Coating(0.07, 0.76, _GILMORE + " (optical solar reflector with conductive indium-tin oxide)"),
    "osr_diffuse": Coating(0.10, 0.80, _GILMORE + " (diffuse optical solar reflector)"),
    "gaas_cells": Coating(0.88, 0.80, _FORTESCUE + " (gallium arsenide solar cells)"),
    "si_cells": Coating(0.75, 0.82, _FORTESCUE + " (silicon solar cells)"),
    "aluminium_polished": Coating(0.24, 0.08, _FORTESCUE),
    "aluminium_buffed": Coating(0.16, 0.03, _RP1121),
    "aluminium_vapour": Coating(0.08, 0.02, _RP1121 + " (vapour deposited)"),
    "aluminium_tape": Coating(0.21, 0.04, _FORTESCUE),
    "silver_vapour": Coating(0.04, 0.02, _RP1121 + " (vapour deposited)"),
    "gold_electroplated": Coating(0.23, 0.03, _RP1121),
    "kapton_gold": Coating(0.25, 0.02, _FORTESCUE + " (goldised Kapton, gold out)"),
    "copper_buffed": Coating(0.30, 0.03, _RP1121),
    "stainless_polished": Coating(0.42, 0.11, _RP1121),
    "stainless_machined": Coating(0.47, 0.14, _RP1121),
    "stainless_sandblasted": Coating(0.58, 0.38, _RP1121),
}
