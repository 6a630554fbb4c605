"""The questions a caller can ask, one file each: read, analyse, answer, validate."""
