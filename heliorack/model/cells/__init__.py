"""Solar cells on the body: strings on their faces, the shadow on each, the temperature of each."""
