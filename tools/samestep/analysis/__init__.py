"""Pure functions over histories already read."""
