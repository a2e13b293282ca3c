"""Which load cases of a design are solved: those in which something may bind that no other one tells of."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from heliorack.studies.sizing.constraints import Row

FAR = 6.0  #: slack (K, or %) beyond which a constraint is not expected to bind after one step
ALIKE, SHARE = 0.1, 0.1  #: slack, and part of it, by which a limit in two load cases counts as equally near


def covering(slack: Mapping[Row, float], near: float, before: Mapping[str, float] | None = None, always: Collection[str] = ()) -> list[str]:
    """Load cases that tell of every limit where it is nearest to binding, that with the nearest one first.

    A limit that stands in several load cases binds first where it has least slack; the others follow it as their own slopes say, and all
    are looked at again where a search ends.

    Args:
        slack: What is expected of every constraint.
        near: Slack up to which one is looked at.
        before: Least slack of each load case when it was solved last: one that has come to half of it is looked at whatever it is.
        always: Load cases that are taken in any case.
    """
    least: dict[str, float] = {}
    for row, value in slack.items():
        least[row.case] = min(value, least.get(row.case, value))
    chosen = [name for name in least if name in always]
    told: dict[tuple[str, str, str], float] = {}
    _tell(told, slack, chosen)
    for name in sorted(least, key=lambda one: least[one]):
        limit = near if before is None else max(near, 0.5 * before.get(name, 0.0))
        own = [(row.limit, value) for row, value in slack.items() if row.case == name and value <= limit]
        news = any(told.get(of, float("inf")) > value + ALIKE + SHARE * abs(value) for of, value in own)
        if name not in chosen and (news or not chosen):
            chosen.append(name)
            _tell(told, slack, [name])
    return chosen


def _tell(told: dict[tuple[str, str, str], float], slack: Mapping[Row, float], names: Collection[str]) -> None:
    for row, value in slack.items():
        if row.case in names:
            told[row.limit] = min(value, told.get(row.limit, value))


def stands_for(row: Row, solved: Collection[Row], slack: Mapping[Row, float]) -> Row | None:
    """The same limit in a load case that was solved, where it has least slack; None where none has it."""
    alike = [one for one in solved if one.limit == row.limit]
    return min(alike, key=lambda one: slack[one]) if alike else None
