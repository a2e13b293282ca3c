"""Materials, coatings and blankets, each with its source."""
