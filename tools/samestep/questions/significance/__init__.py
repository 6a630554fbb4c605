"""The parts of an answer to `significance_test`."""
