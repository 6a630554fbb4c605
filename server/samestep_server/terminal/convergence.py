"""Whether a run still improves, in a terminal."""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from samestep.phrases import number
from samestep_server.terminal.pieces import NOTHING, assembled, caveats, plain, table, text
from samestep_server.terminal.sparkline import sparkline

if TYPE_CHECKING:
    from samestep.answers import ConvergenceAnswer


def convergence(answer: "ConvergenceAnswer") -> list[RenderableType]:
    """Return the verdict, the last epochs and what was found."""
    kind = answer.verdict.kind
    tail = [
        [Text(number(point.x)), text(number(point.step)), text(plain(point.value))]
        for point in answer.tail
    ]
    curve = sparkline([point.value for point in answer.tail])
    gains = [
        text(
            f"at {number(gain.x)} ({number(gain.times)} times): "
            + (gain.why or f"gain {plain(gain.gain)} in {_plain_interval(gain.interval)} (80 %)")
        )
        for gain in answer.projected_gain
    ]
    return [
        assembled((f"verdict: {kind}. ", "bold"), answer.verdict.text),
        Group(
            table([f">{answer.curve.axis}", ">step", f">{answer.curve.metric}"], tail),
            text(curve, "dim"),
        ),
        Group(*(text(clause) for clause in answer.why), *gains),
        *([caveats(answer.caveats)] if answer.caveats else []),
    ]


def _plain_interval(interval: tuple[float, float] | None) -> str:
    return NOTHING if interval is None else f"{plain(interval[0])} .. {plain(interval[1])}"
