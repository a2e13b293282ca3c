"""Where a network touches faces of the mesh, and where it begins."""
