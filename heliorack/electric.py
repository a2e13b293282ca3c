"""The power side of a run and its two-way tie to the temperatures.

Warm cells give less; electricity drawn leaves the cells as electricity.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from heliorack.body import Body
from heliorack.case import Case
from heliorack.exposure import Exposure
from heliorack.loads import Loads
from heliorack.names import matching
from heliorack.radiation import Radiating
from heliorack.signal import Signal
from orbit.environment import Environment
from power.settings import Power
from power.system import PowerResult, solve
from power.timeline import resample
from thermal.heater import duty
from thermal.model import Source
from thermal.probes import History

Floats = NDArray[np.float64]

SETTLED = 1e-4  #: relative change of array power and load below which the electrical side counts as settled


@dataclass(slots=True, eq=False)
class Electric:
    """Array, battery and bus over the orbit, brought up to date from the temperatures of the last orbit.

    Electricity drawn is a negative heat on the cells' faces; losses of battery and regulators are heat of named parts, where the case
    names them.
    """

    case: Case
    power: Power
    body: Body
    loads: Loads
    sunlight: Floats  #: (n,) direct sunlight on the plane of the cells [W/m2] at `loads.times`
    around: dict[str, Floats]  #: albedo and infrared on a free wing (n,) [W/m2]
    cells: list[int]  #: faces of the assembly that carry cells
    result: PowerResult | None = None
    _signals: dict[str, Signal] = field(default_factory=dict)

    def update(self, history: History | None) -> bool:
        """Balance the bus with the temperatures of the last orbit (None: before the first); True when nothing moved any more."""
        before = self.result
        temperature = None
        times = self.loads.times
        if history is not None:
            self.loads.heaters = self._heater_power(history)
            if self.cells:
                area = self.body.face_area[self.cells]
                columns = [len(self.body.assembly.part_names) + i for i in range(len(self.cells))]
                temperature = np.interp(times, history.times, history.mean[:, columns] @ (area / area.sum()))
        elif self.cells:
            temperature = np.full(len(times), 330.0)
        self.result = solve(self.power, times, self.sunlight, self.loads.electrical(), temperature, **self.around)
        balance = self.result.balance
        self._signals = {
            "electricity": Signal(balance.times, -balance.drawn[:, None]),
            "battery": Signal(balance.times, balance.battery_heat[:, None]),
            "regulators": Signal(balance.times, balance.regulator_heat[:, None]),
            "base_load": Signal(times, np.full((len(times), 1), self.power.base_load)),
        }
        if before is None:
            return False
        scale = max(float(np.abs(self.result.drawn).max()), 1e-300)
        return float(np.abs(self.result.drawn - before.drawn).max()) <= SETTLED * scale

    def jumps(self) -> list[float]:
        """Times at which the power drawn jumps, such as the moment the battery is full [s]."""
        if self.result is None:
            return []
        times, drawn = self.result.balance.times, self.result.balance.drawn
        step = (np.diff(times) == 0) & (np.abs(np.diff(drawn)) > 1e-6 * max(float(drawn.max()), 1e-300))
        return [float(t) for t in times[1:][step]]

    def sources(self) -> list[Source]:
        """Heat that the electrical side brings to or takes from the body."""
        found = []
        if self.cells:
            area = np.asarray(self.body.faces[:, self.cells].sum(axis=1)) / self.body.face_area[self.cells].sum()
            found.append(Source("electricity", csr_matrix(area.reshape(-1, 1)), self._rate("electricity")))
        places = {"battery": self.power.battery_part, "regulators": self.power.regulator_part, "base_load": self.power.base_load_part}
        for path, pattern in places.items():
            if pattern is not None:
                names = self.body.assembly.part_names
                parts = [names.index(name) for name in matching(pattern, names)]
                share = np.asarray(self.body.volumes[:, parts].sum(axis=1)) / self.body.part_volume[parts].sum()
                found.append(Source(path, csr_matrix(share.reshape(-1, 1)), self._rate(path)))
        return found

    def _rate(self, name: str) -> Any:
        return lambda t, T: self._signals[name](t)

    def _heater_power(self, history: History) -> Floats:
        total = np.zeros(len(self.loads.times))
        names = self.body.assembly.part_names
        for heater in self.case.heaters:
            parts = [names.index(name) for name in matching(heater.parts, names)]
            volume = self.body.part_volume[parts]
            mean = history.mean[:, parts] @ (volume / volume.sum())
            total += np.interp(self.loads.times, history.times, heater.power * duty(heater, mean))
        return total

    def assumptions(self) -> list[str]:
        """What the tie between power and temperatures leaves out."""
        said = []
        if not self.cells:
            said.append("array: not part of the meshed body; its heat and shadow do not reach the parts")
        if self.power.battery_part is None:
            said.append("battery: its losses heat no part (battery_part is not given)")
        if self.power.regulator_part is None:
            said.append("bus: the losses of regulators heat no part (regulator_part is not given)")
        if self.power.base_load and self.power.base_load_part is None:
            said.append(f"bus: the platform's base load of {self.power.base_load:g} W heats no part (base_load_part is not given)")
        return said


def electric_side(
    case: Case, body: Body, exposure: Exposure, radiating: Radiating, env: Environment | None, loads: Loads
) -> Electric | None:
    """The power side of a case; None without [power] or without an orbit."""
    if case.power is None or env is None:
        return None
    faces = [body.assembly.face_names.index(name) for name in cell_faces(case, body)]
    at = loads.times
    if faces:
        sunlight = resample(env.times, _on_cells(body, exposure, radiating, np.array(faces)), at)
        return Electric(case, case.power, body, loads, sunlight, {}, faces)
    direct, albedo, infrared = _free_wing(env)
    around = {name: resample(env.times, values, at) for name, values in (("albedo", albedo), *infrared.items())}
    return Electric(case, case.power, body, loads, resample(env.times, direct, at), around, [])


def _on_cells(body: Body, exposure: Exposure, radiating: Radiating, faces: NDArray[np.int64]) -> Floats:
    """Direct sunlight on the plane of the cells, shadows of other parts included; the mean over their area (n,) [W/m2]."""
    groups = exposure.on_face(faces)
    area = np.asarray(body.layout.sum(np.asarray(exposure.areas[:, groups].sum(axis=0)).ravel()))
    area = area / body.count[body.assembly.face_part[exposure.face[groups]]]
    power, seen = exposure.direct.values[:, groups] @ area, float(area.sum())
    shaded, shaded_area = radiating.direct_on(faces)
    if shaded_area > 0:
        power, seen = (power if len(groups) else 0.0) + shaded, seen + shaded_area
    return np.asarray(power / seen)


def cell_faces(case: Case, body: Body) -> list[str]:
    """Names of the faces that carry solar cells."""
    if case.power is None or case.power.array_faces is None:
        return []
    return list(matching(case.power.array_faces, body.assembly.face_names))


def _free_wing(env: Environment) -> tuple[Floats, Floats, dict[str, Floats]]:
    """Direct sunlight and albedo on a wing that always faces the Sun, infrared on its front and back (n,) [W/m2]."""
    from orbit.planet import albedo_factor, plate_view_factor

    ratio = env.distance / env.planet_radius
    zenith = np.arccos(np.clip(-np.sum(env.sun * env.nadir, axis=1), -1.0, 1.0))
    albedo = env.albedo * env.solar * albedo_factor(ratio, zenith, np.pi - zenith, 0.0)
    front, back = (env.earth_ir * plate_view_factor(ratio, tilt) for tilt in (np.pi - zenith, zenith))
    return env.solar * env.illumination, albedo, {"infrared_front": front, "infrared_back": back}
