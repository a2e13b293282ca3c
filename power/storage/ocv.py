"""Open-circuit voltage against state of charge, and resistance against temperature, of published cells; all per cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.constants import ZERO_CELSIUS


@dataclass(frozen=True, slots=True)
class OpenCircuit:
    """A cell's open-circuit voltage, piecewise linear between its points, and what is known of its resistance."""

    soc: tuple[float, ...]  #: state of charge, increasing from 0 to 1 [-]
    volts: tuple[float, ...]  #: never falling with it [V]
    source: str
    capacity: float | None = None  #: charge of the cell that was measured [C]
    resistance: tuple[tuple[float, float], ...] = ()  #: (temperature [K], ohm) of that cell at half charge; empty when not published

    def __post_init__(self) -> None:
        soc, volts = np.array(self.soc), np.array(self.volts)
        if soc.size < 2 or soc.shape != volts.shape or soc[0] != 0.0 or soc[-1] != 1.0 or np.any(np.diff(soc) <= 0.0):
            raise ValueError("ocv must have at least two points with the state of charge rising from exactly 0 to exactly 1")
        if np.any(volts <= 0.0) or np.any(np.diff(volts) < 0.0):
            raise ValueError("ocv voltages must be above 0 and must not fall with the state of charge")

    def voltage(self, soc: ArrayLike) -> NDArray[np.float64]:
        """Open-circuit voltage [V] at a state of charge; held beyond 0 and 1."""
        return np.asarray(np.interp(np.asarray(soc, dtype=float), self.soc, self.volts))

    def work(self, soc: ArrayLike) -> NDArray[np.float64]:
        """Energy per charge stored between empty and `soc` [V]: the integral of the voltage, exact for its straight pieces."""
        s, x, v = np.asarray(soc, dtype=float), np.array(self.soc), np.array(self.volts)
        done = np.concatenate([[0.0], np.cumsum(np.diff(x) * (v[1:] + v[:-1]) / 2.0)])
        k = np.clip(np.searchsorted(x, s, side="right") - 1, 0, x.size - 2)
        return np.asarray(done[k] + (s - x[k]) * (v[k] + self.voltage(s)) / 2.0)

    @property
    def mean(self) -> float:
        """Mean voltage between empty and full [V]; times the charge it is the energy of the full cell."""
        return float(self.work(1.0))


def resistance_at(table: Sequence[tuple[float, float]], temperature: ArrayLike) -> NDArray[np.float64]:
    """Resistance [ohm] at a temperature [K] from (K, ohm) pairs of rising temperature.

    By Arrhenius between neighbours: its logarithm is linear in 1/T, and the end pieces are carried on. One pair holds everywhere.
    """
    kelvin, ohm = np.array(table, dtype=float).T
    if kelvin.size == 1:
        return np.full(np.shape(temperature), ohm[0])
    x, y = -1.0 / kelvin, np.log(ohm)
    at = -1.0 / np.asarray(temperature, dtype=float)
    k = np.clip(np.searchsorted(x, at) - 1, 0, x.size - 2)
    return np.asarray(np.exp(y[k] + (at - x[k]) * (y[k + 1] - y[k]) / (x[k + 1] - x[k])))


def arrhenius(resistance: float, reference: float, activation: float) -> tuple[tuple[float, float], ...]:
    """Table for `resistance_at` of R exp(B (1/T - 1/T0)): `resistance` R [ohm] at `reference` T0 [K], `activation` B [K]."""
    if activation == 0.0:
        return ((reference, resistance),)
    colder = reference - 40.0
    return ((colder, resistance * float(np.exp(activation * (1.0 / colder - 1.0 / reference)))), (reference, resistance))


def _sampled(law: Callable[[NDArray[np.float64]], NDArray[np.float64]], points: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(v) for v in law(np.array(points)))


_FINE = (*(round(0.005 * k, 3) for k in range(20)), *(round(0.1 + 0.02 * k, 2) for k in range(46)))  # 0.5 % steps below 10 %, then 2 %

LG_M50_EMPTY = (0.02634579027064854, 0.8539746746300452)  # lithium in graphite and NMC at 2.5 V, see `lg_m50`
LG_M50_FULL = (0.9106180466524054, 0.26384522459133253)  # and at 4.2 V


def lg_m50(soc: ArrayLike) -> NDArray[np.float64]:
    """Open-circuit voltage of the LG M50 between 2.5 V (0) and 4.2 V (1) [V].

    Source:
        Chen et al., J. Electrochem. Soc. 167 (2020) 080534: fits of both electrodes. The ends hold the lithium of that paper's full cell,
        29866 and 17038 mol/m3 in electrodes of 5.8276 and 8.7323 Ah.
    """
    s = np.asarray(soc, dtype=float)
    x, y = (empty + s * (full - empty) for empty, full in zip(LG_M50_EMPTY, LG_M50_FULL, strict=True))
    graphite = (
        1.9793 * np.exp(-39.3631 * x)
        + 0.2482
        - 0.0909 * np.tanh(29.8538 * (x - 0.1234))
        - 0.04478 * np.tanh(14.9159 * (x - 0.2769))
        - 0.0205 * np.tanh(30.4444 * (x - 0.6103))
    )
    nmc = (
        -0.8090 * y
        + 4.4875
        - 0.0428 * np.tanh(18.5138 * (y - 0.5542))
        - 17.7326 * np.tanh(15.7890 * (y - 0.3117))
        + 17.5842 * np.tanh(15.9308 * (y - 0.3120))
    )
    return np.asarray(nmc - graphite)


def ncr18650(soc: ArrayLike) -> NDArray[np.float64]:
    """Open-circuit voltage of the Panasonic NCR18650 [V].

    Source:
        Keil et al., J. Electrochem. Soc. 163 (2016) A1872, doi 10.1149/2.0411609jes; the fit as in SimSES (BSD-3-Clause).
    """
    s = np.asarray(soc, dtype=float)
    steps = ((-2.86523, -0.3777, -5.6272), (0.3852, 10.2859, 0.2907), (-0.1599, 17.0608, 1.0), (1.2256, -3.7820, 0.0))
    return np.asarray(4.9852 + 0.7412 * s + sum(k / (1.0 + np.exp(a * (s - b))) for k, a, b in steps))


_LFP = (
    (0.0, 2.2862),
    (0.005, 2.6835),
    (0.01, 2.7833),
    (0.02, 2.8952),
    (0.03, 2.9673),
    (0.05, 3.0647),
    (0.07, 3.1317),
    (0.09, 3.1810),
    (0.1, 3.1967),
    (0.15, 3.2120),
    (0.2, 3.2343),
    (0.25, 3.2547),
    (0.3, 3.2703),
    (0.35, 3.2826),
    (0.4, 3.2921),
    (0.45, 3.2973),
    (0.5, 3.2995),
    (0.6, 3.3035),
    (0.65, 3.3063),
    (0.7, 3.3108),
    (0.75, 3.3185),
    (0.8, 3.3345),
    (0.82, 3.3381),
    (0.85, 3.3403),
    (0.9, 3.3425),
    (0.95, 3.3447),
    (0.98, 3.3487),
    (0.985, 3.3522),
    (0.99, 3.3618),
    (0.995, 3.3963),
    (1.0, 3.5305),
)

LIBRARY: dict[str, OpenCircuit] = {
    "lg_m50": OpenCircuit(
        _FINE,
        _sampled(lg_m50, _FINE),
        "Chen et al., J. Electrochem. Soc. 167 (2020) 080534 (LG M50, NMC811 and graphite-silicon, 25 degC); no resistance in one number",
        5.0 * 3600.0,
    ),
    "panasonic_ncr18650": OpenCircuit(
        _FINE,
        _sampled(ncr18650, _FINE),
        "Keil et al., J. Electrochem. Soc. 163 (2016) A1872 (NCA), as in SimSES; resistance of charge and discharge at half charge "
        "averaged, one temperature",
        2.73 * 3600.0,
        ((25.0 + ZERO_CELSIUS, (0.0746468 + 0.0619692) / 2.0),),
    ),
    "sony_us26650ftc1": OpenCircuit(
        tuple(s for s, _ in _LFP),
        tuple(v for _, v in _LFP),
        "Naumann, thesis, Technical University of Munich (2018) (LFP), as in SimSES; resistance of charge and discharge at half charge "
        "averaged, 10 to 40 degC",
        3.0 * 3600.0,
        (
            (10.0 + ZERO_CELSIUS, (0.0626483 + 0.0693901) / 2.0),
            (25.0 + ZERO_CELSIUS, (0.0447670 + 0.0478279) / 2.0),
            (40.0 + ZERO_CELSIUS, (0.0352467 + 0.0383757) / 2.0),
        ),
    ),
}


def open_circuit(name: str) -> OpenCircuit:
    """A curve of the library.

    Raises:
        ValueError: no such curve; names those that exist.
    """
    if name in LIBRARY:
        return LIBRARY[name]
    raise ValueError(f"curve '{name}' is not in the library ({', '.join(sorted(LIBRARY))}); give ocv = [[state of charge, V], ...]")
