"""A Neptune server, asked through neptune-query."""

from samestep.readers.neptune.server.reader import ServerReader, opened_server

__all__ = ["ServerReader", "opened_server"]
