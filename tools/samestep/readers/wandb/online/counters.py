"""The keys that place rows: they are read with whatever metric is wanted."""

PLACES = frozenset(
    "epoch epochs step global_step iter iteration batch_step num_updates tokens tokens_seen "
    "num_tokens total_tokens num_input_tokens_seen samples samples_seen num_samples "
    "examples_seen consumed_samples".split()
)


def places_rows(key: str) -> bool:
    """Return whether a key counts epochs, steps, tokens or samples by its last word."""
    return key.replace(".", "/").rpartition("/")[2].lower() in PLACES
