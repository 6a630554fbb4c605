"""The ledgers that the corpus is held against, as data: runs, and what was asked of them."""
