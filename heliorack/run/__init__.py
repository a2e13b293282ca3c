"""From a case to a run folder."""
