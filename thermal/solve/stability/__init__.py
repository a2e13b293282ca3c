"""Whether a state is stable: loop gain and runaway, and where a body comes to by itself."""
