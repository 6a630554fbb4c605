"""What a user set: the project directory, the environment and samestep.toml."""

from samestep.settings.file import FILE_NAME, Settings
from samestep.settings.project import Project

__all__ = ["FILE_NAME", "Project", "Settings"]
