"""Which outlooks a comparison has room to tell in full: those of its goal first."""

from collections.abc import Sequence

from samestep.answers.answer import Caveat
from samestep.answers.comparison import CatchUp, Comparison, Row
from samestep.answers.comparison_text import outlook_line
from samestep.questions.outlooks import Prospect
from samestep.questions.wording import outlook_sentence

ID = 16  # characters of the answer's id, which it gets last
MOST_JSON, MOST_MARKDOWN = 14_000 - ID, 6_000 - ID  # of an answer of up to that many rows
ROWS = 24
MORE_FOR_MORE = 1.7  # times as much for an answer of more rows


def goal_room(prospects: Sequence[Prospect], goals: set[str]) -> int:
    """Return the characters that the outlooks of the downstream metrics take."""
    return sum(
        _sizes(one.detail)[1]
        for one in prospects
        if one.detail is not None and one.row.metric in goals
    )


def with_outlooks(answer: Comparison, prospects: Sequence[Prospect]) -> Comparison:
    """Return the answer with the lags and outlooks of its rows, as far as there is room.

    A row whose outlook cannot be told in full has none, and a caveat counts these rows.
    """
    looked_at = {_key(one.row): one for one in prospects}
    whole = _filled(answer, looked_at, [one.detail for one in prospects if one.detail])
    if not whole.catch_up or _fits(whole):
        return _with_sentence(whole)
    bare = _counted(_filled(answer, looked_at, []), len(whole.catch_up))
    kept = _kept(whole.catch_up, bare)
    left = len(whole.catch_up) - len(kept)
    return _with_sentence(_counted(_filled(answer, looked_at, kept), left))


def _kept(details: Sequence[CatchUp], bare: Comparison) -> list[CatchUp]:
    """Return the details there is room for beside an answer without any, the first ones first."""
    json_room, markdown_room = _room(bare)
    json_room -= len(bare.model_dump_json())
    markdown_room -= len(bare.to_markdown())
    kept: list[CatchUp] = []
    for detail in details:
        in_json, in_markdown = _sizes(detail)
        if in_json <= json_room and in_markdown <= markdown_room:
            kept.append(detail)
            json_room, markdown_room = json_room - in_json, markdown_room - in_markdown
    return kept


def _with_sentence(answer: Comparison) -> Comparison:
    """Return the answer with its first decided outlook in its reading, where there is room."""
    sentence = outlook_sentence(answer.runs[0].full_name, answer.at, answer.catch_up)
    told = answer.model_copy(update={"reading": f"{answer.reading} {sentence}"})
    return told if sentence and _fits(told) else answer


def _fits(answer: Comparison) -> bool:
    in_json, in_markdown = _room(answer)
    return len(answer.model_dump_json()) <= in_json and len(answer.to_markdown()) <= in_markdown


def _key(row: Row) -> tuple[str, str]:
    return row.metric, row.baseline.full_name


def _room(answer: Comparison) -> tuple[float, float]:
    rows = len(answer.downstream) + len(answer.proxy)
    more = MORE_FOR_MORE if rows > ROWS else 1.0
    return MOST_JSON * more, MOST_MARKDOWN * more


def _sizes(detail: CatchUp) -> tuple[int, int]:
    """Return what a detail adds as JSON and as Markdown: itself, and the word in its row."""
    word = len(detail.outlook)
    return len(detail.model_dump_json()) + 1 + word, len(outlook_line(detail)) + 1 + word


def _filled(
    answer: Comparison, looked_at: dict[tuple[str, str], Prospect], kept: Sequence[CatchUp]
) -> Comparison:
    told = {(one.metric, one.baseline) for one in kept}

    def filled(row: Row) -> Row:
        found = looked_at[_key(row)]
        if found.detail is None or _key(row) in told:
            return found.row
        return found.row.model_copy(update={"outlook": None})

    downstream = list(map(filled, answer.downstream))
    proxy = list(map(filled, answer.proxy))
    order = [_key(row) for row in (*downstream, *proxy)]
    details = sorted(kept, key=lambda one: order.index((one.metric, one.baseline)))
    update = {"downstream": downstream, "proxy": proxy, "catch_up": details}
    return answer.model_copy(update=update)


def _counted(answer: Comparison, left: int) -> Comparison:
    text = (
        f"No room for the outlooks of {left} rows: metrics names the ones to look ahead from, "
        "limit=1 leaves room."
    )
    caveat = Caveat(rule="projection-bounded", severity="notes", text=text)
    return answer.model_copy(update={"caveats": [*answer.caveats, caveat]})
