"""`heliorack size`: the least design in which every limit holds with its margin."""
