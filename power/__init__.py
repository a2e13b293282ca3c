"""Power: compute load, solar cells and array, battery, bus balance over the periodic orbit, closed-form sizes, mass."""
