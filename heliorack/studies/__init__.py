"""Questions that a command asks of a case: check, orbit, mesh, size."""
