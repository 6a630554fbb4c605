"""Which sources a project has."""

from samestep.readers.detect.detection import detect, local_sources
from samestep.readers.detect.found import Detected, Found
from samestep.readers.detect.remote import configured

__all__ = ["Detected", "Found", "configured", "detect", "local_sources"]
