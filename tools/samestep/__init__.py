"""Compare machine-learning training runs at the same step."""
