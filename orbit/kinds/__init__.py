"""Every kind of orbit that a case may state. A new one says of itself what `orbit.track.OrbitKind` asks for, and joins this list."""

from orbit.kinds.analytic import Beta, Circular, Keplerian, SunSynchronous
from orbit.kinds.oem import Oem
from orbit.kinds.tle import Tle

Orbit = Circular | SunSynchronous | Beta | Keplerian | Tle | Oem
