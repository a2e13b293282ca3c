"""What becomes of a body that no longer points: it stays as it stands among the stars, or tumbles from there on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from annotated_types import Gt
from numpy.typing import NDArray

from orbit.attitude.pointing import Attitude, AttitudeKind, Plain
from orbit.attitude.steering import FOLLOWED, SPIN_STEPS, Spin, YawSteering, whole_turns

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """The body stays as it stands at that moment among the stars."""

    kind: Literal["frozen"] = "frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tumble:
    """The body turns from there on about one of its axes, which then stands still among the stars."""

    kind: Literal["tumble"] = "tumble"
    axis: Annotated[tuple[float, float, float], "-"]  #: that it turns about, right-handed; body axes, any length
    spin_period: Annotated[float, "s", Gt(0.0)]  #: one turn; rounded to a whole number of turns per revolution

    def __post_init__(self) -> None:
        if not np.linalg.norm(self.axis) > 0:
            raise ValueError("axis must not be a zero vector")


Lost = Frozen | Tumble | Attitude | YawSteering | Spin


def attitude_after(lost: Lost, usual: AttitudeKind, moment: float) -> AttitudeKind:
    """The attitude over a revolution of a body that has pointed as `usual` until `moment` [s]."""
    return Left(lost, usual, moment) if isinstance(lost, Frozen | Tumble) else lost


@dataclass(frozen=True, slots=True)
class Left(Plain):
    """A body left to itself at a moment, over a revolution: phases count from there."""

    lost: Frozen | Tumble
    usual: AttitudeKind  #: until then
    moment: float  #: s

    @property
    def starry(self) -> bool:
        """As what it was before: the Sun stands as still as the stars over a revolution."""
        return self.usual.starry

    def rotation(self, directions: Mapping[str, Array], times: Array, period: float) -> Array:
        """Rotation (n, 3, 3) from inertial to body axes.

        Raises:
            ValueError: a body that turned too fast before for anyone to know how it stood.
        """
        from scipy.spatial.transform import Rotation

        if self.usual.averaged_about(period) is not None:
            raise ValueError(
                "pointing_loss.attitude: a body that turns more than 60 times per revolution stands as nobody knows at a moment; "
                'expected kind = "two_vector" or "spin", or a slower spin before'
            )
        begun = self.moment % period
        start = self.usual.rotation(directions, times, period)[int(np.argmin(np.abs(times - begun)))]
        if isinstance(self.lost, Frozen) or self.averaged_about(period) is not None:
            return np.tile(start, (len(times), 1, 1))
        axis = np.array(self.lost.axis) / np.linalg.norm(self.lost.axis)
        angle = 2 * np.pi * self._turns(period) * (times - begun) / period
        return np.asarray(Rotation.from_rotvec(-angle[:, None] * axis).as_matrix() @ start)

    def own_times(self, period: float) -> Array:
        """The moment at which it was left."""
        return np.array([self.moment % period])

    def steps(self, steps: int, period: float) -> int:
        """Times per revolution that follow every turn, before and after."""
        steps = self.usual.steps(steps, period)
        return steps if isinstance(self.lost, Frozen) or self._turns(period) > FOLLOWED else max(steps, SPIN_STEPS * self._turns(period))

    def averaged_about(self, period: float) -> Array | None:
        """The axis of a body that tumbles more than `FOLLOWED` times per revolution."""
        if isinstance(self.lost, Frozen) or self._turns(period) <= FOLLOWED:
            return None
        return np.array(self.lost.axis) / np.linalg.norm(self.lost.axis)

    def said(self, period: float) -> tuple[str, ...]:
        """How it moves, in a sentence."""
        if isinstance(self.lost, Frozen):
            return ("stays as it stood among the stars",)
        turns, axis = self._turns(period), ", ".join(f"{x:g}" for x in self.lost.axis)
        how = "by means over whole turns" if turns > FOLLOWED else f"{turns} whole turns per revolution"
        return (f"tumbles about its axis ({axis}) in {period / turns:.2f} s, {how}",)

    def _turns(self, period: float) -> int:
        assert isinstance(self.lost, Tumble)
        return whole_turns(self.lost.spin_period, period, "pointing_loss.attitude")
