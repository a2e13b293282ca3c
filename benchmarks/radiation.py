"""View factors and shadows: accuracy and CPU seconds of one thread, without compilation; peers beside them in the same run.

The scene is a closed unit box with two boxes in it (radiation_scene.py), 18 flat groups. Group errors are the root mean square, relative
to a reference of 2 million rays per group, over pairs with F > 0.005; pair errors to one of 8192 rays per doubtful pair, over F > 0.002.
Prints the figures, writes radiation.md and results/radiation.json, and exits with 1 if a claim fails.

Example:
    python benchmarks/radiation.py                                    # CalculiX beside it if `ccx` is on the PATH
    python benchmarks/radiation.py --ccx /opt/ccx/bin/ccx --peer .venv-peers/bin/python      # and pyviewfactor
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

os.environ.update({f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")})

import numpy as np
import radiation_ccx
from machine import processor
from numpy.typing import NDArray
from radiation_report import Sheet
from radiation_scene import blockers, cavity, stack
from scipy.sparse import csr_array

from thermal.radiation.closure import close
from thermal.radiation.clusters import clusters
from thermal.radiation.pair_factors import pair_factors
from thermal.radiation.ray_factors import view_factors
from thermal.radiation.rays import Scene, scene, sun_visibility

Array = NDArray[np.float64]
Ids = NDArray[np.int64]
HERE = Path(__file__).resolve().parent
FACETS = 2000
LARGE, LARGE_SIZE, LARGE_RAYS = 100_000, 0.35, 4096


def timed(work: Callable[[], Any], repeats: int = 3) -> tuple[float, Any]:
    """Least CPU seconds of several runs, and the last result."""
    spent = []
    for _ in range(repeats):
        start = time.process_time()
        result = work()
        spent.append(time.process_time() - start)
    return min(spent), result


def closed_groups(view: Scene, groups: Ids, rays: int, seed: int) -> Array:
    """Group factors, reciprocal and closed."""
    traced = view_factors(view, groups, rays, seed)
    return np.asarray(close(traced.F, traced.sky, traced.areas, traced.error, sealed=True).F.toarray())


def rms(found: Array, truth: Array, above: float) -> float:
    """Root mean square of relative errors over factors that count."""
    some = truth > above
    return float(np.sqrt(np.mean((found[some] / truth[some] - 1) ** 2)))


def seeds_rms(view: Scene, groups: Ids, rays: int, truth: Array) -> float:
    """Group error over four seeds."""
    return float(np.sqrt(np.mean([rms(closed_groups(view, groups, rays, seed), truth, 0.005) ** 2 for seed in (1, 2, 3, 4)])))


def by_group(G: Any, areas: Array, groups: Ids) -> Array:
    """Group factors from exchange areas of facets."""
    count = int(groups.max()) + 1
    add = csr_array((np.ones(len(groups)), (groups, np.arange(len(groups)))), shape=(count, len(groups)))
    return np.asarray((add @ csr_array(G) @ add.T).toarray() / (add @ areas)[:, None])


def ask_pyviewfactor(python: Path, count: int) -> dict[str, Any]:
    """Its factors of the scene, occlusion by the whole mesh, CPU seconds of one thread without its compilation."""
    with tempfile.TemporaryDirectory() as folder:
        env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        answer = Path(folder) / "answer"
        subprocess.run([python, HERE / "radiation_peer.py", str(count), answer], check=True, env=env)
        loaded: dict[str, Any] = json.loads(answer.with_suffix(".json").read_text())
        loaded["F"] = np.load(answer.with_suffix(".npy"))
    return loaded


def library(sheet: Sheet, view: Scene, groups: Ids, reference: Array) -> Array:
    """What is claimed of heliorack alone on the closed scene; the pair factors that serve as truth."""
    enough, ours = np.inf, np.inf
    for rays in 1 << np.arange(12, 18):
        cpu, _ = timed(partial(closed_groups, view, groups, int(rays), seed=1))
        error = seeds_rms(view, groups, int(rays), reference)
        sheet.ladder(int(rays), cpu, 100 * error, 18 * int(rays) / cpu / 1e6)
        if error <= 0.01 and enough == np.inf:
            enough, ours = cpu, error
    sheet.claim("group factors to 1 % rms, reciprocal and closed", enough, 0.5, "s")
    sheet.say(f"rms there {100 * ours:.2f} %")
    sheet.claim("slope of error against rays, in logarithms", sheet.slope(), -0.5, "")
    cpu, _ = timed(lambda: closed_groups(view, groups, 1 << 18, 1))
    sheet.claim("rays end to end, reciprocal and closed", 18 * (1 << 18) / cpu / 1e6, 5.0, "Mray/s", least=True)
    truth = np.asarray(pair_factors(view, 8192, seed=99).F.toarray())
    cpu, pairs = timed(lambda: pair_factors(view, 256, seed=1), 1)
    sheet.claim("pair factors", cpu, 10.0, "s")
    sheet.claim("their rms over F > 0.002", 100 * rms(pairs.F.toarray(), truth, 0.002), 1.0, "%")
    sheet.say(f"{pairs.clear} pairs by contour integral, {pairs.doubtful} by {pairs.rays / 1e6:.1f} M rays")
    sheet.say(
        f"summed to groups: rms {100 * rms(by_group(pairs.G, view.areas, groups), reference, 0.005):.2f} % against the traced reference"
    )
    return truth


def shadows(sheet: Sheet) -> None:
    """Direct sunlight on many facets from many directions."""
    points, facets = blockers(20000)
    shade = scene(points, facets)
    phase = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    towards = np.column_stack([np.cos(phase), 0.4 * np.sin(phase), np.sin(phase)])
    towards /= np.linalg.norm(towards, axis=1)[:, None]
    for rays, limit in ((1, 0.3), (16, 3.0)):
        cpu, _ = timed(partial(sun_visibility, shade, towards, rays))
        sheet.claim(f"shadows, 20 000 facets x 100 directions, {rays} rays per facet", cpu, limit, "s")


def large() -> dict[str, float]:
    """Clusters and closed factors of many facets, in a process of its own so that the peak memory is theirs."""
    points, facets, labels = stack(LARGE)
    start = time.process_time()
    view = scene(points, facets)
    made = clusters(view, points, facets, labels, LARGE_SIZE)
    clustered = time.process_time()
    traced = view_factors(view, made.halves, LARGE_RAYS)
    rays = time.process_time()
    close(traced.F, traced.sky, traced.areas, traced.error)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1024 if sys.platform != "darwin" else 1)
    return {
        "facets": len(facets),
        "clusters": made.count,
        "halves": len(made.parent),
        "factors": traced.F.nnz,
        "clustering_s": clustered - start,
        "rays_s": rays - clustered,
        "closing_s": time.process_time() - rays,
        "rate": traced.rays * len(made.parent) / (rays - clustered) / 1e6,
        "peak_GiB": peak / 2**30,
    }


def many(sheet: Sheet) -> None:
    """The claim on memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        row = pool.submit(large).result()
    sheet.claim(f"peak memory, {row['facets']:.0f} radiating facets in {row['clusters']:.0f} clusters", row["peak_GiB"], 8.0, "GiB")
    sheet.say(
        f"{row['halves']:.0f} halves of clusters, {LARGE_RAYS} rays each, {row['factors'] / 1e6:.1f} M factors: "
        f"clusters {row['clustering_s']:.1f} s, rays {row['rays_s']:.1f} s ({row['rate']:.1f} Mray/s), closing {row['closing_s']:.1f} s"
    )


def race(sheet: Sheet, name: str, peer: dict[str, Any], limit: float, groups: Ids, reference: Array, truth: Array | None) -> None:
    """heliorack at the group error of a peer: fewest rays, in powers of two, that reach it; its scene is built anew every time."""
    points, facets, _ = cavity(FACETS)
    view = scene(points, facets)
    exchanged = view.areas[:, None] * peer["F"]
    raw, joint = (rms(by_group(G, view.areas, groups), reference, 0.005) for G in (exchanged, (exchanged + exchanged.T) / 2))
    pairs = "" if truth is None else f", pair rms {100 * rms(peer['F'], truth, 0.002):.2f} %"
    sheet.say(
        f"{name} {peer['version']}: {peer['cpu']:.2f} s, group rms {100 * raw:.2f} %, {100 * joint:.2f} % as mean of both directions{pairs}"
    )
    their = min(raw, joint)
    for rays in 1 << np.arange(11, 20):
        ours = seeds_rms(view, groups, int(rays), reference)
        if ours <= their:
            start = time.process_time()
            for _ in range(10):
                closed_groups(scene(points, facets), groups, int(rays), seed=1)
            cpu = (time.process_time() - start) / 10
            sheet.race(name, peer, their, int(rays), cpu, ours)
            sheet.claim(f"times faster than {name} at equal group error", peer["cpu"] / cpu, limit, "", least=True)
            return
    sheet.claim(f"times faster than {name} at equal group error", 0.0, limit, "", least=True)


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, help="Python with pyviewfactor and pyvista")
    parser.add_argument("--ccx", default=shutil.which("ccx") or shutil.which("ccx_2.20"), help="CalculiX; found on the PATH if left out")
    given = parser.parse_args()
    if given.ccx and not shutil.which(given.ccx):
        parser.error(f"--ccx {given.ccx}: no such program; {radiation_ccx.INSTALL}")
    points, facets, groups = cavity(FACETS)
    view = scene(points, facets)
    small_points, small_facets, small_groups = cavity(60)
    small = scene(small_points, small_facets)
    closed_groups(small, small_groups, 64, 0)  # compiles
    pair_factors(small, 32)
    sun_visibility(small, np.array([[0, 0, 1.0]]), 2)
    reference = closed_groups(view, groups, 1 << 21, seed=99)

    sheet = Sheet(
        f"{datetime.now(UTC):%Y-%m-%d}", processor(), {name: version(name) for name in ("heliorack", "embreex", "numba")}, len(facets)
    )
    truth = library(sheet, view, groups, reference)
    shadows(sheet)
    many(sheet)
    if given.ccx:
        race(sheet, "CalculiX", radiation_ccx.ask(given.ccx, FACETS), 20.0, groups, reference, None)
    else:
        sheet.say(f"CalculiX left out: {radiation_ccx.INSTALL}")
    if given.peer:
        race(sheet, "pyviewfactor", ask_pyviewfactor(given.peer, FACETS), 30.0, groups, reference, truth)
    else:
        sheet.say("pyviewfactor left out: install it in an environment of its own and give its Python with --peer")
    sheet.write(HERE)
    return 0 if sheet.holds else 1


if __name__ == "__main__":
    sys.exit(main())
