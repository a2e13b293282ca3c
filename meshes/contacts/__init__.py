"""Where parts of an assembly touch: found, shared, bonded, and resolved by the mesh."""
