"""Processors and accelerators: what their makers state about power and heat. What was not found is None and comes from the user."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chip:
    """One device that turns electricity into computation and heat."""

    peak: float | None  #: largest sustained (thermal design) power [W]
    source: str  #: data sheet, product brief or, where only that was seen, the secondary page that quotes it
    idle: float | None = None  #: power when powered and idle [W]
    theta_jc: float | None = None  #: thermal resistance junction to case [K/W]
    junction_limit: float | None = None  #: highest junction temperature in operation [K]
    memory_limit: float | None = None  #: highest temperature of its stacked memory in operation [K]


_H100 = (
    "NVIDIA H100 data sheet, SXM: up to 700 W (configurable), as quoted by vendors; memory limit 95 degC from vendor-style listings; "
    "idle: one reading at 0 % utilisation with 73 GB of memory held (github.com/wilicc/gpu-burn/issues/114)"
)
_H200 = (
    "NVIDIA system description in MLPerf inference results v4.1 (H200-SXM-141GB: TGP 700 W); idle: measured 80.3 W "
    "(serialalice.pt benchmark, 2026; conservemode.com measured 73.7 W)"
)

LIBRARY: dict[str, Chip] = {
    "h100_sxm": Chip(700.0, _H100, idle=145.0, memory_limit=95.0 + 273.15),
    "h100_pcie": Chip(350.0, "NVIDIA H100 PCIe product brief PB-11133-001_v02, November 2022"),
    "h200_sxm": Chip(700.0, _H200, idle=80.3),
    "b200_sxm": Chip(1000.0, "secondary: hmc-tech.com and haink.org GPU tables, 1000 W; press also reports 1200 W for the full part"),
    "gb200": Chip(2700.0, "secondary: hmc-tech.com GPU table, one superchip of two GPUs and one host processor"),
    "a100_sxm": Chip(400.0, "NVIDIA A100 data sheet, SXM4: 400 W, as quoted by vendors"),
    "a100_pcie_80": Chip(300.0, "secondary: thundercompute.com A100 table (PCIe, 80 GB), product brief PB-10577-001 exists"),
    "a100_pcie_40": Chip(250.0, "secondary: thundercompute.com A100 table (PCIe, 40 GB), product brief PB-10137-001 exists"),
    "l40s": Chip(350.0, "NVIDIA L40S data sheet (maximum power 350 W), as quoted by resellers"),
    "l40": Chip(300.0, "NVIDIA L40 data sheet (maximum power 300 W), as quoted by resellers"),
    "l4": Chip(72.0, "secondary: NVIDIA L4 announced March 2023 at 72 W, as quoted by press"),
    "mi300x": Chip(750.0, "AMD Instinct MI300X launch slides, June 2023: 750 W module (OAM), as quoted by press"),
    "mi250x": Chip(560.0, "AMD Instinct MI250X: 560 W module (OAM), as quoted by press"),
    "jetson_thor_t5000": Chip(130.0, "NVIDIA Jetson Thor series data sheet: total module power 130 W, quoted in NVIDIA's forum"),
    "epyc_9004": Chip(400.0, "secondary: highest configurable thermal design power of AMD EPYC 9004 (Genoa), 400 W, as quoted by press"),
    "epyc_7742": Chip(225.0, "secondary: part list of AMD EPYC 7002 (Rome), 225 W"),
}


def chip(name: str) -> Chip:
    """A chip of the library.

    Raises:
        ValueError: no such chip; names the closest and what to do without one.
    """
    if name in LIBRARY:
        return LIBRARY[name]
    raise ValueError(f"chip '{name}' is not in the library ({', '.join(sorted(LIBRARY))}); leave it out and give peak_W and idle_W instead")
