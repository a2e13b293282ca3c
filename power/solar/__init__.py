"""Solar cells, strings and array."""
