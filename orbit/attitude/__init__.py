"""How the body is turned: two pointed axes, yaw steering, spin, and quaternions from a file."""
