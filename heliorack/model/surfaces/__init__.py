"""What the faces of a case do beyond constant optics: emittances over temperature, boundaries of which other parts cover some."""
