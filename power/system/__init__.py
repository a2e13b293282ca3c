"""The power system: settings, sizes, life, mass."""
