"""The parts of an answer to `rank_runs`, some of them shared with `parameter_importance`."""
