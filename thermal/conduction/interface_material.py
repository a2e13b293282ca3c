"""Interface materials by name: pads, foils and adhesives between parts, with what conducts through them."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Gt

from thermal.constants import ZERO_CELSIUS


@dataclass(frozen=True, slots=True)
class InterfaceMaterial:
    """What fills a joint; its thickness when assembled is the case's, `thickness` only what it is sold in."""

    conductivity: Annotated[float, "W_mK", Gt(0)]  #: through the layer
    source: str  #: data sheet
    service: Annotated[float, "degC", Ge(0)] | None = None  #: highest temperature in long service
    thickness: Annotated[float, "mm", Gt(0)] | None = None  #: a usual one as sold


_SHEET = "data sheet, as commonly quoted"
_PAD = 200.0 + ZERO_CELSIUS  # K; -60 to 200 degC on the data sheets of these silicone pads

#: Boundary resistances are not in them: they depend on pressure and flatness; give tim.boundary_m2K_W where it matters.
LIBRARY: dict[str, InterfaceMaterial] = {
    "gap_pad_vo_ultra_soft": InterfaceMaterial(1.0, "Bergquist Gap Pad VO Ultra Soft data sheet, -60 to 200 degC", _PAD, 1.02e-3),
    "gap_pad_1500": InterfaceMaterial(1.5, f"Bergquist Gap Pad 1500 {_SHEET}, -60 to 200 degC", _PAD, 1.02e-3),
    "gap_pad_hc_3": InterfaceMaterial(3.0, f"Bergquist Gap Pad HC 3.0 {_SHEET}, -60 to 200 degC", _PAD, 1.02e-3),
    "gap_pad_5000s35": InterfaceMaterial(5.0, f"Bergquist Gap Pad 5000S35 {_SHEET}, -60 to 200 degC", _PAD, 1.02e-3),
    "cho_therm_1671": InterfaceMaterial(2.6, f"Parker Chomerics Cho-Therm 1671 {_SHEET}, -60 to 200 degC", _PAD, 0.38e-3),
    "indium_foil": InterfaceMaterial(81.6, "Incropera et al., table A.1 (indium, 300 K); melts at 156.6 degC"),
    "epoxy_2216_grey": InterfaceMaterial(0.39, f"3M Scotch-Weld 2216 B/A grey {_SHEET} (0.228 Btu ft/h ft2 F)"),
}


def interface_material(name: str) -> InterfaceMaterial:
    """An interface material of the library.

    Raises:
        ValueError: no such material; names those that exist.
    """
    if name in LIBRARY:
        return LIBRARY[name]
    raise ValueError(f"interface '{name}' is not in the library ({', '.join(sorted(LIBRARY))}); leave it out and give conductivity_W_mK")
