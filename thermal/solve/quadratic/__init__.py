"""What quadratic elements on the same mesh say of the first-order ones: the error of the mesh, and a factor for flat cells."""
