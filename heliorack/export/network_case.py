"""A network of lumped nodes as a case that `heliorack run` takes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.export.lumped import Lumped, NetworkFileError, Node, read

SPACE = "space"


def new(source: Path, target: Path, force: bool = False) -> None:
    """Write the case `target` of the network file `source`.

    Raises:
        NetworkFileError: it cannot be read, or `target` is in the way.
    """
    if target.exists() and not force:
        raise NetworkFileError(f"{target} exists; give another name, or --force to replace it")
    try:
        network = read(source)
    except OSError as error:
        raise NetworkFileError(f"{source} cannot be read ({(error.strerror or str(error)).lower()})") from error
    target.write_text(case_text(network), encoding="utf-8")


def case_text(network: Lumped) -> str:
    """The case file: nodes, conductors, and how it runs."""
    name = names(network)
    lines = [*(f"# {said}" for said in network.notes), f"title = {json.dumps(network.title or 'A network')}", ""]
    if network.kind == "periodic":
        lines += ["[network]", f"period_s = {network.lasts_s!r}", ""]
    for node in network.nodes:
        lines += ["[[network.nodes]]", *_node(name[node.number], node, network), ""]
    for tie in network.ties:
        if tie.value == 0.0:
            continue
        table, key = ("conductors", "conductance_W_K") if tie.kind == "GL" else ("radiative_conductors", "exchange_m2")
        ends = json.dumps([name[tie.one], name[tie.other]])
        lines += [f"[[network.{table}]]", f"between = {ends}", f"{key} = {tie.value!r}", ""]
    lines += ["[run]", f'kind = "{network.kind}"']
    if network.kind == "transient":
        lines.append(f"duration_s = {network.lasts_s!r}")
    return "\n".join([*lines, ""])


def names(network: Lumped) -> dict[int, str]:
    """Names that a case may give to nodes, by number: small letters, digits and _, each its own."""
    found: dict[int, str] = {}
    for node in network.nodes:
        plain = re.sub(r"[^a-z0-9]+", "_", node.name.lower()).strip("_")
        plain = plain if plain[:1].isalpha() and (plain != SPACE or node.held) else f"node_{plain or node.number}"
        tries = (plain, f"{plain}_{node.number}", f"node_{node.number}_{plain}")
        found[node.number] = next(name for name in tries if name not in found.values())
    return found


def _node(name: str, node: Node, network: Lumped) -> Iterator[str]:
    yield f"name = {json.dumps(name)}"
    if node.held:
        yield f"held_degC = {max(node.degC, -ZERO_CELSIUS)!r}"
        return
    yield f"capacity_J_K = {node.capacity_J_K!r}"
    if network.kind == "transient":
        yield f"start_degC = {node.degC!r}"
    if node.over and network.kind != "steady":
        yield "[network.nodes.heat_over_time]"
        yield f"times_s = {[t for t, _ in node.over]}"
        yield f"heat_W = {[heat for _, heat in node.over]}"
    elif any(node.heat_W.values()):
        yield f"heat_W = {sum(node.heat_W.values())!r}"
