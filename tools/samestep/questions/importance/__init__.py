"""The parts of an answer to `parameter_importance`."""
