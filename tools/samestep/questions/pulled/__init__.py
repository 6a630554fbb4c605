"""The parts of what a person pulls of runs and checkpoints."""
