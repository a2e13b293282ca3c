"""Processors and accelerators: what their makers state about power and heat. What was not found is None and comes from the user."""

from dataclasses import dataclass

from power.constants import ZERO_CELSIUS


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

_JETSON = "NVIDIA Jetson module data sheet"

LIBRARY: dict[str, Chip] = {
    "h100_sxm": Chip(700.0, _H100, idle=145.0, memory_limit=95.0 + ZERO_CELSIUS),
    "h100_pcie": Chip(350.0, "NVIDIA H100 PCIe product brief PB-11133-001_v02, November 2022"),
    "h100_nvl": Chip(400.0, "NVIDIA H100 NVL data sheet: 350 to 400 W (configurable), as quoted by vendors"),
    "h200_sxm": Chip(700.0, _H200, idle=80.3),
    "h200_nvl": Chip(600.0, "NVIDIA H200 NVL data sheet: up to 600 W (configurable), as quoted by vendors"),
    "b200_sxm": Chip(1000.0, "system description in MLPerf inference results v6.0 (Nebius, B200-SXM-180GB: TGP 1000 W)"),
    "gb200": Chip(2700.0, "secondary: hmc-tech.com GPU table, one superchip of two GPUs (up to 1200 W each) and one host processor"),
    "rtx_pro_6000_server": Chip(600.0, "NVIDIA RTX PRO 6000 Blackwell Server Edition: up to 600 W (configurable), as quoted by vendors"),
    "a100_sxm": Chip(400.0, "NVIDIA A100 data sheet, SXM4: 400 W, as quoted by vendors"),
    "a100_pcie_80": Chip(300.0, "secondary: thundercompute.com A100 table (PCIe, 80 GB), product brief PB-10577-001 exists"),
    "a100_pcie_40": Chip(250.0, "secondary: thundercompute.com A100 table (PCIe, 40 GB), product brief PB-10137-001 exists"),
    "a40": Chip(300.0, "NVIDIA A40 product brief PB-09976-001_v04, January 2021: 300 W, as quoted by vendors"),
    "a30": Chip(165.0, "NVIDIA A30 data sheet: 165 W, as quoted by vendors"),
    "a10": Chip(150.0, "NVIDIA A10 data sheet: 150 W, as quoted by vendors"),
    "a2": Chip(60.0, "NVIDIA A2 data sheet: 40 to 60 W (configurable), as quoted by vendors"),
    "t4": Chip(70.0, "NVIDIA T4 data sheet: 70 W, as quoted by vendors"),
    "l40s": Chip(350.0, "NVIDIA L40S data sheet (maximum power 350 W), as quoted by resellers"),
    "l40": Chip(300.0, "NVIDIA L40 data sheet (maximum power 300 W), as quoted by resellers"),
    "l4": Chip(72.0, "secondary: NVIDIA L4 announced March 2023 at 72 W, as quoted by press"),
    "mi355x": Chip(1400.0, "AMD Instinct MI355X: total board power 1400 W, June 2025, as quoted by press"),
    "mi350x": Chip(1000.0, "AMD Instinct MI350X: total board power 1000 W, June 2025, as quoted by press"),
    "mi325x": Chip(1000.0, "AMD Instinct MI325X: module (OAM) of 1000 W, October 2024, as quoted by press"),
    "mi300x": Chip(750.0, "AMD's system description in MLPerf inference results v4.1 (MI300X-NPS1-SPX-192GB-750W), module (OAM)"),
    "mi300a": Chip(550.0, "AMD Instinct MI300A: 550 W, up to 760 W at peak, as quoted by press"),
    "mi250x": Chip(560.0, "AMD Instinct MI250X: 560 W module (OAM), as quoted by press"),
    "jetson_thor_t5000": Chip(130.0, "NVIDIA Jetson Thor series data sheet: total module power 130 W, quoted in NVIDIA's forum"),
    "jetson_agx_orin_64": Chip(60.0, f"{_JETSON}: Jetson AGX Orin 64 GB, 15 to 60 W, as commonly quoted"),
    "jetson_agx_orin_32": Chip(40.0, f"{_JETSON}: Jetson AGX Orin 32 GB, 15 to 40 W, as commonly quoted"),
    "jetson_orin_nx": Chip(25.0, "NVIDIA Jetson Orin NX series data sheet: 10 to 25 W (later software adds a mode of 40 W)"),
    "jetson_orin_nano": Chip(15.0, f"{_JETSON}: Jetson Orin Nano 8 GB, 7 to 15 W (later software adds a mode of 25 W), as commonly quoted"),
    "jetson_agx_xavier": Chip(30.0, f"{_JETSON}: Jetson AGX Xavier, modes of 10, 15 and 30 W, as commonly quoted"),
    "jetson_xavier_nx": Chip(20.0, f"{_JETSON}: Jetson Xavier NX, modes of 10, 15 and 20 W, as commonly quoted"),
    "jetson_nano": Chip(10.0, f"{_JETSON}: Jetson Nano, modes of 5 and 10 W, as commonly quoted"),
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
