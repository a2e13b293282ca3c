"""Files for other programs, made from a finished run folder."""
