"""Whether the keys of trackers are set; never what they are."""

from collections.abc import Mapping
from pathlib import Path


def databricks_host(environment: Mapping[str, str]) -> str:
    """Return what says which Databricks workspace is meant, as words; "" where nothing does."""
    if environment.get("DATABRICKS_HOST"):
        return "DATABRICKS_HOST is set"
    home = environment.get("HOME") or environment.get("USERPROFILE") or ""
    file = environment.get("DATABRICKS_CONFIG_FILE") or f"{home}/.databrickscfg"
    return "a Databricks profile is kept" if Path(file).is_file() else ""
