"""`heliorack sensitivity`: what each number of a case is worth in kelvin, by adjoints of the solve."""
