"""Writes the result of a network into its run folder: figures, histories, end state, manifest."""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.networks.network_start import stored
from heliorack.results.network_history import of_loops
from heliorack.results.network_result import NetworkResult
from heliorack.results.power_figures import of_bus
from heliorack.results.writer import hashes, versions
from heliorack.runfolder import folder, heat_flows, power_file
from heliorack.runfolder.heat_flows import HeatFlows
from heliorack.runfolder.manifest import LedgerErrors, RunManifest
from heliorack.runfolder.summary import RadiationReuse

Floats = NDArray[np.float64]


def save(result: NetworkResult, work: Path, flows: HeatFlows) -> None:
    """Write everything into `work` but the case and the manifest; `flows` are `network_flows(result)`."""
    folder.write_json(work / "summary.json", result.summary().json())
    folder.write_json(work / heat_flows.NAME, flows.json())
    history(result, work / "history.csv")
    if result.power is not None:
        drawn = {"network": result.power.balance.mean(result.power.balance.load), **_base(result.case)}
        drawn["network"] -= sum(_base(result.case).values())
        folder.write_json(work / power_file.NAME, of_bus(result.case, result.power, drawn, result.built.env).json())
    np.savez_compressed(
        work / "state.npz",
        **stored(result.built.network, result.end),
        time_s=0.0 if result.case.run.kind == "steady" else result.record.times[-1],
    )


def _base(case: Case) -> dict[str, float]:
    """The platform's base load by name [W]; nothing where there is none."""
    return {"base load": case.power.base_load} if case.power is not None and case.power.base_load > 0.0 else {}


def history(result: NetworkResult, path: Path) -> None:
    """Temperatures of nodes and loops, sunlight, heaters and pumps over time, one row per sample; a jump has two rows of one time."""
    record, built = result.record, result.built
    times, T = np.array(record.times), record.temperatures() - ZERO_CELSIUS
    if result.case.run.kind == "steady":
        times, T = times[:1], T[:1]
    header, columns = ["time_s"], [times]
    for name in result.nodes():
        header += [f"{name} mean_degC", f"{name} min_degC", f"{name} max_degC"]
        columns += [T[:, built.nodes[name]]] * 3
    env = built.env
    if env is not None:
        header.append("sunlight_-")
        columns.append(np.interp(np.where(times == times[-1], env.period, times % env.period), env.times, env.illumination))
    for heading, values in of_loops(result, len(times)).items():
        header.append(heading)
        columns.append(values)
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows([f"{value:.9g}" for value in row] for row in zip(*columns, strict=True))


def manifest(result: NetworkResult, source: Path) -> RunManifest:
    """What is needed to make the run again and to trust it."""
    case, settings = result.case, result.case.solver
    return RunManifest(
        kind="run",
        case_file=source.name,
        load_case=case.load_case,
        hashes=hashes(case, source),
        versions=versions(),
        seeds={},
        solver={name: getattr(settings, name) for name in settings.__slots__},
        wall_time_s=result.wall_time,
        ranks=1,
        nodes=len(result.built.network.names),
        mesh="made",
        mesh_key="",
        radiation=RadiationReuse(view_factors=0, view_factors_reused=0, sun_directions=0, sun_directions_reused=0),
        holds=result.holds,
        first_law=LedgerErrors(closure=result.record.closure(), time_error=result.record.time_error()),
    )
