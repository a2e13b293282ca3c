"""Where the satellite and the Sun are: elements, shadow, attitude and the sunlight, albedo and Earth infrared that reach a face."""
