"""What the surfaces of a case do beyond constant optics."""
