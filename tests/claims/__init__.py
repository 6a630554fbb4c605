"""Claims as people write them, held against recorded answers, and how well that is done."""
