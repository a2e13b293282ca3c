"""Many designs of one case."""
