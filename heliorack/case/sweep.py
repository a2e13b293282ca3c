"""The table [sweep] of a case file, or of a file that names the case it is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval, MinLen


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Values from one number to another, both included."""

    first: Annotated[float, "-"] = field(metadata={"key": "from"})  #: first value, in the unit of the key
    last: Annotated[float, "-"] = field(metadata={"key": "to"})  #: last value
    count: Annotated[int, "-", Ge(2)]  #: how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Values of one key of the case: give values, linspace or logspace."""

    path: Annotated[str, MinLen(1)]  #: key of the case, as in --set
    name: str | None = None  #: what tables, pictures and constraints call it; its path (constraints: the last step of it) when not given
    values: tuple[object, ...] | None = None  #: the values themselves, anything that TOML can say
    linspace: Steps | None = None  #: values at equal distances
    logspace: Steps | None = None  #: values at equal ratios

    def __post_init__(self) -> None:
        if sum(item is not None for item in (self.values, self.linspace, self.logspace)) != 1:
            raise ValueError("give exactly one of values, linspace and logspace")
        if self.values == ():
            raise ValueError("values is empty; an axis needs at least one value")
        if self.logspace is not None and min(self.logspace.first, self.logspace.last) <= 0:
            raise ValueError("logspace must go between numbers above 0")

    @property
    def length(self) -> int:
        """Number of values."""
        steps = self.linspace or self.logspace
        return steps.count if steps else len(self.values or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Sets of overrides, each with a name, as one axis."""

    name: str  #: what tables and constraints call the axis
    sets: dict[str, dict[str, object]]  #: by name, each a table of "path" = value overrides

    def __post_init__(self) -> None:
        if not self.sets:
            raise ValueError("sets is empty; an axis needs at least one set")


@dataclass(frozen=True, slots=True, kw_only=True)
class Zip:
    """Axes that step together."""

    name: str | None = None  #: what messages call them
    axes: tuple[Axis, ...]  #: of equal length

    def __post_init__(self) -> None:
        if not self.axes:
            raise ValueError("axes is empty; give the axes that step together")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sampled:
    """A key of the case that is not exactly known."""

    path: Annotated[str, MinLen(1)] | tuple[str, ...]  #: key of the case, as in --set, or several that take the same sample
    name: str | None = None  #: what constraints and tables call it; the last step of the path when not given
    apply: Literal["value", "factor", "add"] = "value"  #: the sample is the value, or scales the case's own, or is added to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform(_Sampled):
    """Anything between two numbers."""

    kind: Literal["uniform"]
    low: Annotated[float, "-"]  #: smallest value
    high: Annotated[float, "-"]  #: largest value

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"high must lie above low ({self.low:g})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal(_Sampled):
    """Gaussian, cut off at low and high where they are given."""

    kind: Literal["normal"]
    mean: Annotated[float, "-"]  #: mean before any cut
    std: Annotated[float, "-", Gt(0)]  #: standard deviation before any cut
    low: Annotated[float, "-"] | None = None  #: no value below
    high: Annotated[float, "-"] | None = None  #: no value above

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"high must lie above low ({self.low:g})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lognormal(_Sampled):
    """A value whose logarithm is Gaussian."""

    kind: Literal["lognormal"]
    median: Annotated[float, "-", Gt(0)]  #: half of the samples lie below
    sigma: Annotated[float, "-", Gt(0)]  #: standard deviation of the natural logarithm


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangular(_Sampled):
    """Most often at one value, less and less towards two ends."""

    kind: Literal["triangular"]
    low: Annotated[float, "-"]  #: smallest value
    mode: Annotated[float, "-"]  #: most frequent value
    high: Annotated[float, "-"]  #: largest value

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"high must lie above low ({self.low:g})")
        if not self.low <= self.mode <= self.high:
            raise ValueError(f"mode must lie between low and high ({self.low:g} and {self.high:g})")


Distribution = Uniform | Normal | Lognormal | Triangular
LEAST_BASE = 16  #: base samples of a Saltelli design; with fewer its indices are chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Random samples of several keys at once, as one axis."""

    #: how the samples fill the space (scipy.stats.qmc); saltelli for Sobol indices (Saltelli et al., 2010)
    method: Literal["latin_hypercube", "sobol", "saltelli"] = "latin_hypercube"
    count: Annotated[int, "-", Ge(1)]  #: how many; a power of two for sobol and saltelli, where each makes a point per key and two more
    seed: Annotated[int, "-", Ge(0)] = 0  #: the same seed gives the same samples
    over: tuple[Distribution, ...]  #: what is sampled

    def __post_init__(self) -> None:
        if not self.over:
            raise ValueError("over is empty; say what is sampled")
        if self.method != "latin_hypercube" and self.count & (self.count - 1):
            raise ValueError(f"count must be a power of two for {self.method} samples, such as {1 << self.count.bit_length()}")
        if self.method == "saltelli" and self.count < LEAST_BASE:
            raise ValueError(f"count must be at least {LEAST_BASE} for a saltelli design; the indices of fewer are chance")
        if self.method == "saltelli" and len(self.over) < 2:
            raise ValueError("over must hold at least two keys for a saltelli design; one key alone has all the influence")

    @property
    def blocks(self) -> int:
        """Points that one of `count` makes: of a Saltelli design one of A, one of B, and one of A for each key that takes it from B."""
        return len(self.over) + 2 if self.method == "saltelli" else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Items of one kind, of which each in turn is lost or degraded; nothing is moved elsewhere.

    - `part_heat`: the part's own heat_W and its share of every compute load fall to `remaining`.
    - `contact`: the conductance between one pair of touching parts falls to `remaining`; at 0 the pair is a gap. Contacts that name faces,
      bonds and gaps do not fail; a bolted contact can be lost but not weakened.
    - `pipe`: a heat pipe of a radiator keeps its mass and conducts `remaining` of its own and the rest like the panel's material.
    - `panel`: a face of power.array_faces keeps `remaining` of its cells; at 0 no electricity is drawn from it and all the sunlight that it
      absorbs stays as heat, else it is drawn evenly from all faces. The array's packing falls by the lost share of its area, or its
      strings by those on the face; its area stays. Needs power.array_area_m2 or power.wings, as strings do.
    - `string`: the array's packing falls by one string of `strings`; where power.wings say how many there are, one string of each wing in
      turn is lost as a loss by mismatch, so evenly from all strings.
    """

    kind: Literal["pipe", "contact", "part_heat", "panel", "string"]  #: what fails
    pattern: str = "*"  #: names of the items; of a contact either part, of a panel its face
    remaining: Annotated[float, "-", Interval(ge=0, lt=1)] = 0.0  #: what is left of it
    strings: Annotated[int, "-", Ge(2)] | None = None  #: number of equal strings; for kind = "string" of an array without power.wings

    def __post_init__(self) -> None:
        if self.kind != "string" and self.strings is not None:
            raise ValueError('strings belongs to kind = "string"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Designs to be run one after another: every combination of the axes that no constraint skips."""

    title: str = ""  #: one line that names the sweep; the case's when not given
    cases: tuple[str, ...] = ()  #: load cases of every point; the first of the case when not given
    axes: tuple[Axis, ...] = ()  #: keys of the case and their values
    named: tuple[Named, ...] = ()  #: sets of overrides
    zip: tuple[Zip, ...] = ()  #: axes that step together
    samples: Samples | None = None  #: keys that are not exactly known
    failures: tuple[Failure, ...] = ()  #: N-1: one point with nothing lost, and one for each item that is
    most_points: Annotated[int, "-", Ge(1)] = 10_000  #: more points are refused; --max-points of a command takes its place
    skip: tuple[
        str, ...
    ] = ()  #: a point is left out where one of these holds: "altitude_km > 600 and coating == 'white'", "case == 'safe_mode'"

    def excess(self, most: int | None = None, failures: int = 0, cases: int = 0) -> str | None:
        """The complaint about more points than `most`, or than `most_points`; None where there are not.

        Args:
            failures: Number of failures, where it is known.
            cases: Number of load cases; that of `cases` when not given.
        """
        lengths = [axis.length for axis in self.axes]
        lengths += [len(named.sets) for named in self.named]
        lengths += [together.axes[0].length for together in self.zip]
        if self.samples:
            lengths += [self.samples.count, *([self.samples.blocks] if self.samples.blocks > 1 else [])]
        lengths += [count for count in (failures, cases or len(self.cases)) if count > 1]
        total, limit = prod(lengths), most or self.most_points
        if total <= limit:
            return None
        product = f" ({' x '.join(map(str, lengths))})" if len(lengths) > 1 else ""
        return f"{total} points{product} are more than {limit}; take fewer values, or raise sweep.most_points or --max-points"


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepFile:
    """A file that names the case it is about."""

    case: Annotated[str, MinLen(1)]  #: the case file, relative to this one
    sweep: Sweep  #: what to vary
