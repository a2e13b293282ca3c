"""Battery cells: data, circuit, ageing."""
