"""Heat pipes at their temperature: limits, gas fronts, loop heat pipes, and the fins between them."""
