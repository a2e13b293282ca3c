"""What can be wrong with a geometry."""


class GeometryError(ValueError):
    """Parts that cannot be meshed as described: overlaps, slivers, names that match nothing. Says which part and by how much."""


APART = "move one of them (position_mm) or cut it back; what overlaps would count twice"  #: what to try where parts overlap
