"""The full names of the runs of one source."""

from collections import Counter
from collections.abc import Mapping


def full_names(display_names: Mapping[str, str]) -> Mapping[str, str]:
    """Return each run's full name: its display name where no other run has it, else with its id.

    Args:
        display_names: The display name of each run by its id; empty where it has none.
    """
    plain = {run_id: name or run_id for run_id, name in display_names.items()}
    held = Counter(plain.values())
    with_id = {run_id: f"{name} {run_id}" for run_id, name in plain.items()}
    added = {with_id[run_id] for run_id, name in plain.items() if held[name] > 1}
    return {
        run_id: name if held[name] == 1 and name not in added else with_id[run_id]
        for run_id, name in plain.items()
    }
