"""What a run shows to be hardly meant: waves that it leaves out or breaks off, and measurements in kelvin."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

import numpy as np
from numpy.typing import ArrayLike

from heliorack.case.case import Case
from heliorack.casefile.errors import listed
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.checks.network_loops import moments
from heliorack.runtime.stored_arrays import DAMAGED
from orbit.environment import Environment, irradiance
from power.computing.compute import Compute
from power.computing.profile import Constant
from thermal.boundary import FixedTemperature

WHOLE = 1e-3  #: of a turn that a wave may miss a whole number in a revolution
SWING = 0.1  #: of sunlight that a face has more at one time than at another: some 7 K of one that is thin
KELVIN = 30.0  #: K about 273.15 K that a model is colder than thermocouples whose file is in kelvin


def waves(case: Case, env: Environment | None) -> Iterator[str]:
    """Held temperatures with a sine: a steady run has no peaks of it, and a periodic one breaks it off where the period ends."""
    for position, one in enumerate(case.boundaries):
        if not isinstance(one, FixedTemperature) or one.period is None:
            continue
        at = f"warning: boundaries.{position}"
        if case.run.kind == "steady":
            yield f"{at}.amplitude_K: a steady run holds {one.faces} at the mean; {abs(one.amplitude):g} K of its sine are in no verdict"
        elif case.run.kind == "periodic" and env is not None:
            turns = env.period / one.period
            if abs(turns - np.round(turns)) > WHOLE:
                broken = f"{turns:.4g} sines in a revolution of {env.period:.6g} s: the held temperature jumps where the next one begins"
                yield f"{at}.period_s = {one.period:g}: {broken}; take a whole number of them, or a transient"


def means_alone(case: Case, env: Environment | None) -> Iterator[str]:
    """What changes over time and a steady run has by its mean, so that its peaks are in no verdict."""
    if case.run.kind != "steady":
        return
    nodes = () if case.network is None else case.network.nodes
    lit = env is not None and len(env.edges) > 0 and (bool(case.parts) or any(node.faces for node in nodes))
    found = ["sunlight, which eclipses break off"] if lit else list(_turning(case, env))
    for node in nodes:
        if node.heat_over_time is not None and (spread := _spread(node.heat_over_time.heat)):
            found.append(f"the heat of {node.name} ({spread} W)")
        if node.held_over_time is not None and (spread := _spread(np.array(node.held_over_time.temperature) - ZERO_CELSIUS)):
            found.append(f"the held temperature of {node.name} ({spread} degC)")
    found += [f"the load of compute '{entry.name}'" for entry in case.compute if _swings(entry, env)]
    if found:
        said = f"a steady run takes the mean of {listed(found, 'and')}"
        yield f"warning: {said}; no peak of it is in the verdict, and a periodic run has them"


def begun_again(case: Case, env: Environment | None) -> Iterator[str]:
    """What counts from t = 0 and so begins anew in a run that goes on from the end of another one."""
    ended = 0.0
    if case.run.state is not None:
        with suppress(*DAMAGED), np.load(case.files["run.state"], allow_pickle=False) as kept:
            ended = float(kept["time_s"])
    if ended <= 0.0:
        return
    table = case.network
    period = env.period if env is not None else None if table is None else table.period
    turns = np.inf if period is None else ended / period
    found = []
    if not np.isfinite(turns) or abs(turns - np.round(turns)) > WHOLE:
        nodes = () if table is None else table.nodes
        courses = [node for node in nodes if node.heat_over_time is not None or node.held_over_time is not None]
        waving = any(isinstance(one, FixedTemperature) and one.period is not None for one in case.boundaries)
        found += ["the orbit"] if env is not None and (len(env.edges) > 0 or any(_turning(case, env))) else []
        found += ["what changes over time"] if courses or waving or any(_swings(entry, env) for entry in case.compute) else []
    if turns > 1 + WHOLE and (case.pointing_loss is not None or (table is not None and any(moments(table)))):
        found.append("what fails, deploys, stops or starts")
    if found:
        said = f"the state is that of a run that ended at {ended:g} s; this one begins at 0 s"
        yield f"warning: run.state: {said}, and with it begin anew {listed(found, 'and')}"


def _turning(case: Case, env: Environment | None) -> Iterator[str]:
    """Light and infrared of an orbit without eclipses, where a face that is fixed to the body has them come and go."""
    nodes = () if case.network is None else case.network.nodes
    normals = [face.normal for node in nodes for face in node.faces]
    normals += [tuple(axis) for axis in (*np.eye(3), *-np.eye(3))] if case.parts else []
    if env is None or not normals:
        return
    toward = np.array(normals, dtype=float)
    toward /= np.linalg.norm(toward, axis=1)[:, None]
    light = [irradiance(one, toward) for one in env.phases()]
    falls = np.mean([one.direct + one.albedo + one.infrared for one in light], axis=0)
    low, high = falls.min(axis=0), falls.max(axis=0)
    most = int(np.argmax(high - low))
    if high[most] - low[most] > SWING * env.solar:
        yield f"the light and infrared that turn about the body ({low[most]:.0f} to {high[most]:.0f} W/m2 on one face)"


def _swings(entry: Compute, env: Environment | None) -> bool:
    """Whether the power of an entry changes over an orbit."""
    return not isinstance(entry.profile, Constant) or (entry.eclipse != "full" and env is not None and len(env.edges) > 0)


def _spread(values: ArrayLike) -> str:
    """Least and greatest of some values; empty where they are all alike."""
    given = np.asarray(values, dtype=float)
    low, high = float(given.min()), float(given.max())
    return f"{low:.4g} to {high:.4g}" if high > low else ""


def measured_in_kelvin(means: Mapping[str, float]) -> Iterator[str]:
    """Thermocouples that read 273 K more than the model on the mean.

    Args:
        means: Model less measured by name of the thermocouple [K].
    """
    cold = [name for name, off in means.items() if abs(off + ZERO_CELSIUS) < KELVIN]
    if cold:
        off = f"the model is {-means[cold[0]]:.0f} K colder"
        yield f"warning: measured: {', '.join(cold)}: {off}; columns are in degC, and these look like kelvin"
