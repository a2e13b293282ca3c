"""Time scales and frames, all through pyerfa: UTC epochs to TT, the mean frame of date to GCRF."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

DAY = 86400.0  #: s


@contextmanager
def future_dates() -> Iterator[None]:
    """Silence pyerfa about UTC beyond its leap-second table: a second of time moves the Sun by 2e-7 rad."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message='ERFA function .*"dubious year')
        yield


def utc(epoch: datetime) -> datetime:
    """The epoch in UTC; one without a time zone is taken as UTC."""
    return epoch.replace(tzinfo=UTC) if epoch.tzinfo is None else epoch.astimezone(UTC)


def utc_days(epoch: datetime) -> tuple[float, float]:
    """Two-part quasi Julian date of a UTC epoch [d]."""
    import erfa

    e = utc(epoch)
    with future_dates():
        day, fraction = erfa.dtf2d("UTC", e.year, e.month, e.day, e.hour, e.minute, e.second + e.microsecond * 1e-6)
    return float(day), float(fraction)


def tt_days(epoch: datetime) -> tuple[float, float]:
    """Two-part Julian date of a UTC epoch in Terrestrial Time [d]."""
    import erfa

    with future_dates():
        day, fraction = erfa.taitt(*erfa.utctai(*utc_days(epoch)))
    return float(day), float(fraction)


def tai_days(epoch: datetime) -> tuple[float, float]:
    """Two-part Julian date of a UTC epoch in International Atomic Time [d], which knows no leap seconds."""
    import erfa

    with future_dates():
        day, fraction = erfa.utctai(*utc_days(epoch))
    return float(day), float(fraction)


def tai_seconds(epoch: datetime, since: tuple[float, float]) -> float:
    """Time in TAI from a two-part Julian date [d] to a UTC epoch [s], to 1e-9 s."""
    day, fraction = tai_days(epoch)
    return ((day - since[0]) + (fraction - since[1])) * DAY


def utc_at(tai: tuple[float, float]) -> datetime:
    """UTC of a two-part date in TAI, to a microsecond; a moment inside a leap second is the end of the second before."""
    import erfa

    with future_dates():
        year, month, day, clock = erfa.d2dtf("UTC", 6, *erfa.taiutc(*tai))
    hour, minute, second, micro = (int(x) for x in clock.tolist())
    stamp = datetime(int(year), int(month), int(day), hour, minute, min(second, 59), tzinfo=UTC)
    return stamp + timedelta(microseconds=999999 if second > 59 else micro)


def of_date_to_gcrf(epoch: datetime) -> NDArray[np.float64]:
    """Rotation (3, 3) from the mean equator and equinox of date to GCRF (IAU 2006 bias and precession)."""
    import erfa

    _, _, to_date = erfa.bp06(*tt_days(epoch))
    return np.asarray(to_date, dtype=float).T


def of_date_to_gcrf_at(epoch: datetime, t: NDArray[np.float64], hold: float = DAY) -> NDArray[np.float64]:
    """`of_date_to_gcrf` at times `t` (n,) seconds after `epoch`: (n, 3, 3); one matrix serves `hold` seconds (0.14 arc seconds a day)."""
    import erfa

    day, fraction = tt_days(epoch)
    slots, which = np.unique(np.round(np.asarray(t, dtype=float) / hold), return_inverse=True)
    _, _, to_date = erfa.bp06(day, fraction + slots * hold / DAY)
    return np.asarray(np.swapaxes(np.asarray(to_date, dtype=float), -1, -2)[which])


def mean_sun_right_ascension(epoch: datetime) -> float:
    """Right ascension of the fictitious mean Sun [rad]: sidereal time less mean solar time (IAU 2006, UT1 taken as UTC)."""
    import erfa

    day, fraction = utc_days(epoch)
    sidereal = float(erfa.gmst06(day, fraction, *tt_days(epoch)))
    solar = 2 * np.pi * ((day + 0.5 + fraction) % 1.0)
    return float((sidereal - solar + np.pi) % (2 * np.pi))


def teme_to_gcrf(epoch: datetime, t: NDArray[np.float64], hold: float = 21600.0) -> NDArray[np.float64]:
    """Rotations (n, 3, 3) from the true equator, mean equinox frame of SGP4 to GCRF, `t` (n,) seconds after `epoch`.

    Through the equator of date: mean sidereal time 1982 as SGP4 uses it, apparent sidereal time and precession-nutation IAU 2006/2000A. One
    matrix serves `hold` seconds, within which it turns by less than 0.1 arc seconds.
    """
    import erfa

    slots, which = np.unique(np.round(np.asarray(t, dtype=float) / hold), return_inverse=True)
    tt, ut = tt_days(epoch), utc_days(epoch)
    shift = slots * hold / DAY
    with future_dates():
        to_true = np.asarray(erfa.pnm06a(tt[0], tt[1] + shift), dtype=float)
        ahead = np.asarray(erfa.gst06(ut[0], ut[1] + shift, tt[0], tt[1] + shift, to_true) - erfa.gmst82(ut[0], ut[1] + shift), dtype=float)
    c, s, o = np.cos(ahead), np.sin(ahead), np.zeros_like(ahead)
    teme_to_true = np.stack([np.stack([c, -s, o], -1), np.stack([s, c, o], -1), np.stack([o, o, o + 1], -1)], axis=-2)
    return np.asarray((np.swapaxes(to_true, -1, -2) @ teme_to_true)[which])


def true_of_date_to_gcrf(epoch: datetime, t: NDArray[np.float64], hold: float = 21600.0) -> NDArray[np.float64]:
    """Rotations (n, 3, 3) from the true equator and equinox of date to GCRF (IAU 2006/2000A), `t` (n,) seconds after `epoch`."""
    import erfa

    slots, which = np.unique(np.round(np.asarray(t, dtype=float) / hold), return_inverse=True)
    day, fraction = tt_days(epoch)
    to_true = np.asarray(erfa.pnm06a(day, fraction + slots * hold / DAY), dtype=float)
    return np.asarray(np.swapaxes(to_true, -1, -2)[which])


def earth_fixed_to_gcrf(epoch: datetime, t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotations (n, 3, 3) from axes that turn with the Earth (ITRF) to GCRF, `t` (n,) seconds after `epoch`.

    UT1 is taken as UTC (at most 0.9 s apart) and the pole as fixed (at most 0.5 arc seconds).
    """
    import erfa

    to_gcrf = true_of_date_to_gcrf(epoch, t)
    tt, ut, shift = tt_days(epoch), utc_days(epoch), np.asarray(t, dtype=float) / DAY
    with future_dates():
        turned = np.asarray(erfa.gst06(ut[0], ut[1] + shift, tt[0], tt[1] + shift, np.swapaxes(to_gcrf, -1, -2)), dtype=float)
    c, s, o = np.cos(turned), np.sin(turned), np.zeros_like(turned)
    spin = np.stack([np.stack([c, -s, o], -1), np.stack([s, c, o], -1), np.stack([o, o, o + 1], -1)], axis=-2)
    return np.asarray(to_gcrf @ spin)
