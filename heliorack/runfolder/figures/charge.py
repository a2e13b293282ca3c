"""What the battery holds over a transient."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeFigures:
    """From the start of a transient to its end, with the array as in its last revolution."""

    start_state_of_charge: float
    min_state_of_charge: float
    end_state_of_charge: float
    unserved_Wh: float  #: that the loads asked for and did not get
    short_at_s: float | None = None  #: when a load first got less than it asked for; None: never
    left_s: float | None = None  #: until it is empty as it fell in the last revolution; None where it did not fall

    def words(self) -> str:
        """In a line.

        >>> ChargeFigures(start_state_of_charge=1, min_state_of_charge=0.4, end_state_of_charge=0.5, unserved_Wh=0, left_s=7200).words()
        'battery 100 % at the start, 40 % at the least, 50 % at the end, 2.0 h left as it fell in the last revolution'
        """
        start, least, end = (100 * x for x in (self.start_state_of_charge, self.min_state_of_charge, self.end_state_of_charge))
        said = f"battery {start:.0f} % at the start, {least:.0f} % at the least, {end:.0f} % at the end"
        if self.short_at_s is not None:
            said += f"; from {self.short_at_s / 3600:.2f} h on {self.unserved_Wh:.4g} Wh are not served"
        return said + ("" if self.left_s is None else f", {self.left_s / 3600:.1f} h left as it fell in the last revolution")

    def shortfall(self) -> str | None:
        """That loads go short, as a failure; None where they never do."""
        if self.short_at_s is None:
            return None
        return f"battery: empty at t = {self.short_at_s:.4g} s, and {self.unserved_Wh:.4g} Wh are not served"

    def depth(self, allowed: float) -> str | None:
        """That the battery falls deeper than the design allows [-], in words; None where it does not."""
        deepest = 1.0 - self.min_state_of_charge
        if deepest <= allowed * (1.0 + 1e-6):
            return None
        return f"warning: battery: it falls to a depth of discharge of {deepest:.1%} in this transient; the design allows {allowed:.1%}"
