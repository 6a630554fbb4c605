"""Record every ledger anew: `python -m tests.claims.recording`."""

import json
from collections.abc import Iterable
from pathlib import Path

from tests.claims.recording import (
    control,
    dense,
    detection,
    finetuning,
    generation,
    graphs,
    language,
    sound,
    speech,
    sweeps,
    vision,
)

from samestep.answers.answer import Answer

PLACE = Path(__file__).parent.parent / "ledgers"
DOMAINS = (
    control,
    dense,
    detection,
    finetuning,
    generation,
    graphs,
    language,
    sound,
    speech,
    sweeps,
    vision,
)


def main() -> None:
    """Write one file a ledger."""
    PLACE.mkdir(exist_ok=True)
    for domain in DOMAINS:
        for ledger in domain.LEDGERS:
            (PLACE / f"{ledger.__name__}.json").write_text(page(ledger()), "utf-8")


def page(answers: Iterable[Answer]) -> str:
    """Return answers as JSON, one a line."""
    lines = (
        json.dumps(answer.model_dump(mode="json"), separators=(",", ":"), ensure_ascii=False)
        for answer in answers
    )
    return "[\n{}\n]\n".format(",\n".join(lines))


if __name__ == "__main__":
    main()
