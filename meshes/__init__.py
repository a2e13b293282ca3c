"""Parts, assemblies and meshes: parametric solids -> one tetrahedral mesh with named parts, named faces and contact pairs."""
