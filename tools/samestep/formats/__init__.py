"""Bytes to columns: what a file says, with no policy about it."""
