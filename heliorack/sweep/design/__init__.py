"""Which designs: axes, samples, failures, constraints -> points."""
