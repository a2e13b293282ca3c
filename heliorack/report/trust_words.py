"""What a run can be trusted for, at its end: measurements, first law, periodic state, mesh, and what it reused."""

from __future__ import annotations

from collections.abc import Mapping

from heliorack.runfolder.summary import ExchangeRadiation, Summary


def thermocouple_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """Model minus measurement at each thermocouple."""
    return [
        f"measured {tc.name}{f' ({name})' if name else ''}: model {tc.mean_K:+.2f} K on the mean, standard deviation "
        f"{tc.standard_deviation_K:.2f} K, worst {tc.worst_K:+.2f} K, {tc.rows} values"
        for name, summary in summaries.items()
        for tc in summary.thermocouples
    ]


def trust_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """First law and periodic state, the worst case of several."""
    ledgers = [summary.first_law for summary in summaries.values()]
    closure, error = max(law.closure for law in ledgers), max(law.time_error for law in ledgers)
    lines = [f"first law: closure {closure:.0e}, time error {error:.0e} of the throughput"]
    whole = {name: summary.satellite_ledger for name, summary in summaries.items() if summary.satellite_ledger}
    if whole:
        name = max(whole, key=lambda name: whole[name].closure)
        worst, whose = whole[name], f" ({name})" if len(summaries) > 1 else ""
        lines.append(f"satellite{whose}: {_ledger_words(worst.lines_W)}; closure {worst.closure:.0e}")
    periodic = [summary.periodic for summary in summaries.values() if summary.periodic]
    if periodic:
        orbits = [found.orbits for found in periodic]
        count = f"{min(orbits)} to {max(orbits)}" if min(orbits) < max(orbits) else f"{orbits[0]}"
        state = "reached" if all(found.converged for found in periodic) else "NOT reached"
        error = max(found.estimated_error_K for found in periodic)
        small = [found.reduced_to for found in periodic if found.reduced_to is not None]
        by = f", {len(small)} of {len(periodic)} by a reduced model of up to {max(small)} coordinates" if small else ""
        unit = "orbit" if max(orbits) == 1 else "orbits"
        lines.append(f"periodic state: {state} in {count} {unit}{by}, estimated error {error:.2g} K")
    lines += mesh_lines(summaries)
    looks = [(look, name) for name, summary in summaries.items() if (look := summary.lumped_estimate)]
    if looks:
        look, name = max(looks, key=lambda found: abs(found[0].difference_K))
        lines.append(f"lumped estimate: {look.words()}{f' ({name})' if len(summaries) > 1 else ''}")
    for name, summary in summaries.items():
        place = f"{name}: " if len(summaries) > 1 else ""
        lines += [place + said for said in summary.remarks]
    return lines


def mesh_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """The largest error of an extreme by the mesh; that of every part stands in the report."""
    found = [
        (error, part, extreme, name)
        for name, summary in summaries.items()
        for part, figures in summary.parts.items()
        for extreme, error in (("maximum", figures.mesh_max_K), ("minimum", figures.mesh_min_K))
        if error is not None
    ]
    if all(summary.cells == 0 for summary in summaries.values()):
        return []
    if not found:
        return ["mesh: its error was not estimated"]
    error, part, extreme, name = max(found, key=lambda each: abs(each[0]))
    where = f" ({name})" if len(summaries) > 1 else ""
    return [f"mesh: estimated error {abs(error):.2g} K at most; a finer one moves the {extreme} of {part} by about {error:+.2g} K{where}"]


def reuse_lines(summaries: Mapping[str, Summary]) -> list[str]:
    """What of the radiation earlier runs had traced; nothing where nothing was."""
    traced = [summary.radiation for summary in summaries.values() if isinstance(summary.radiation, ExchangeRadiation)]
    factors, known = sum(r.view_factors for r in traced), sum(r.view_factors_reused for r in traced)
    directions, seen = sum(r.sun_directions for r in traced), sum(r.sun_directions_reused for r in traced)
    lines = [f"view factors reused from the cache: {known} of {factors} poses"] if known else []
    return lines + ([f"directions of the Sun reused from the cache: {seen} of {directions}"] if seen else [])


def _ledger_words(lines: Mapping[str, float]) -> str:
    """Absorbed against radiated, stored and sent out, of the whole satellite."""
    kept = {"radiated": "radiated", "stored_heat": "stored as heat", "stored_charge": "stored as charge", "sent_out": "sent out"}
    came = sum(flow for name, flow in lines.items() if name not in kept)
    gone = ", ".join(f"{words} {round(-lines.get(name, 0.0), 1) + 0.0:.1f} W" for name, words in kept.items())
    return f"absorbed {came:.1f} W = {gone}"
