"""View factors and shadows: accuracy and CPU seconds of one thread, without compilation; a peer beside it if its Python is given.

The scene is a closed unit box with two boxes in it (radiation_scene.py), 18 flat groups. Group errors are the root mean square, relative
to a reference of 2 million rays per group, over pairs with F > 0.005; pair errors to one of 8192 rays per doubtful pair, over F > 0.002.
Prints the figures and exits with 1 if a claim fails.

Example:
    python benchmarks/radiation.py
    python benchmarks/radiation.py --peer .venv-peers/bin/python      # pyviewfactor beside it
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.update({f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")})

import numpy as np
from numpy.typing import NDArray
from radiation_scene import blockers, cavity
from scipy.sparse import csr_array

from thermal.closure import close
from thermal.factors import view_factors
from thermal.hybrid import pair_factors
from thermal.rays import Scene, scene, sun_visibility

Array = NDArray[np.float64]


def timed(work: Callable[[], Any], repeats: int = 3) -> tuple[float, Any]:
    """Least CPU seconds of several runs, and the last result."""
    spent = []
    for _ in range(repeats):
        start = time.process_time()
        result = work()
        spent.append(time.process_time() - start)
    return min(spent), result


def closed_groups(view: Scene, groups: NDArray[np.int64], rays: int, seed: int) -> Array:
    """Group factors, reciprocal and closed."""
    traced = view_factors(view, groups, rays, seed)
    return np.asarray(close(traced.F, traced.sky, traced.areas, traced.error, sealed=True).F.toarray())


def rms(found: Array, truth: Array, above: float) -> float:
    """Root mean square of relative errors over factors that count."""
    some = truth > above
    return float(np.sqrt(np.mean((found[some] / truth[some] - 1) ** 2)))


def by_group(G: csr_array, areas: Array, groups: NDArray[np.int64]) -> Array:
    """Group factors from exchange areas of facets."""
    count = int(groups.max()) + 1
    add = csr_array((np.ones(len(groups)), (groups, np.arange(len(groups)))), shape=(count, len(groups)))
    return np.asarray((add @ G @ add.T).toarray() / (add @ areas)[:, None])


def ask_peer(python: Path, count: int) -> dict[str, Any]:
    """pyviewfactor's factors of the scene, occlusion by the whole mesh, CPU seconds of one thread without its compilation."""
    with tempfile.TemporaryDirectory() as folder:
        env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        answer = Path(folder) / "answer"
        subprocess.run([python, Path(__file__).with_name("radiation_peer.py"), str(count), answer], check=True, env=env)
        loaded: dict[str, Any] = json.loads(answer.with_suffix(".json").read_text())
        loaded["F"] = np.load(answer.with_suffix(".npy"))
    return loaded


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, help="Python with pyviewfactor and pyvista")
    given = parser.parse_args()
    failed = 0

    def claim(what: str, found: float, limit: float, unit: str, least: bool = False) -> None:
        nonlocal failed
        holds = found >= limit if least else found <= limit
        failed += not holds
        print(f"{'yes' if holds else 'NO ':3}  {what}: {found:.3g} {unit} ({'at least' if least else 'at most'} {limit:g})")

    points, facets, groups = cavity(2000)
    view = scene(points, facets)
    small_points, small_facets, small_groups = cavity(60)
    small = scene(small_points, small_facets)
    closed_groups(small, small_groups, 64, 0)  # compiles
    pair_factors(small, 32)
    sun_visibility(small, np.array([[0, 0, 1.0]]), 2)
    reference = closed_groups(view, groups, 1 << 21, seed=99)

    print(f"{len(facets)} facets, 18 groups")
    enough, ours = 0.0, np.inf
    for rays in (4096, 16384, 32768, 65536, 131072):
        cpu, F = timed(lambda n=rays: closed_groups(view, groups, n, seed=1))  # type: ignore[misc]
        seeds = [rms(F, reference, 0.005)] + [rms(closed_groups(view, groups, rays, s), reference, 0.005) for s in (2, 3, 4)]
        error = float(np.sqrt(np.mean(np.square(seeds))))
        print(f"     {rays} rays per group: {cpu:.3f} s, rms {100 * error:.2f} %, {18 * rays / cpu / 1e6:.2f} Mray/s end to end")
        if error <= 0.01 and not enough:
            enough, ours = cpu, error
    claim("group factors to 1 % rms, reciprocal and closed", enough or np.inf, 0.5, "s")
    print(f"     (rms there {100 * ours:.2f} %)")
    cpu, _ = timed(lambda: view_factors(view, groups, 1 << 18))
    claim("rays end to end", 18 * (1 << 18) / cpu / 1e6, 5.0, "Mray/s", least=True)

    truth = pair_factors(view, 8192, seed=99).F.toarray()
    cpu, pairs = timed(lambda: pair_factors(view, 256, seed=1), 1)
    claim("pair factors", cpu, 10.0, "s")
    claim("their rms over F > 0.002", 100 * rms(pairs.F.toarray(), truth, 0.002), 1.0, "%")
    print(f"     {pairs.clear} pairs by contour integral, {pairs.doubtful} by {pairs.rays / 1e6:.1f} M rays")
    summed = rms(by_group(pairs.G, view.areas, groups), reference, 0.005)
    print(f"     summed to groups: rms {100 * summed:.2f} % against the traced reference")

    shade_points, shade_facets = blockers(20000)
    shade = scene(shade_points, shade_facets)
    phase = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    towards = np.column_stack([np.cos(phase), 0.4 * np.sin(phase), np.sin(phase)])
    towards /= np.linalg.norm(towards, axis=1)[:, None]
    for rays, limit in ((1, 0.3), (16, 3.0)):
        cpu, _ = timed(lambda n=rays: sun_visibility(shade, towards, n))  # type: ignore[misc]
        claim(f"shadows, 20 000 facets x 100 directions, {rays} rays per facet", cpu, limit, "s")

    if given.peer:
        peer = ask_peer(given.peer, 2000)
        their = rms(by_group(csr_array(view.areas[:, None] * peer["F"]), view.areas, groups), reference, 0.005)
        alone = rms(peer["F"], truth, 0.002)
        print(f"     pyviewfactor {peer['version']}: {peer['cpu']:.1f} s, group rms {100 * their:.2f} %, pair rms {100 * alone:.2f} %")
        for rays in 1 << np.arange(10, 18):
            cpu, F = timed(lambda n=rays: closed_groups(view, groups, int(n), seed=1))  # type: ignore[misc]
            if rms(F, reference, 0.005) <= their:
                claim("times faster than pyviewfactor at equal group error", peer["cpu"] / cpu, 30.0, "", least=True)
                break
        else:
            claim("times faster than pyviewfactor at equal group error", 0.0, 30.0, "", least=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
