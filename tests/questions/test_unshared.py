from samestep import MemoryRun, Project, forget, remember
from samestep.questions.identity import identified
from samestep.questions.sides import known
from samestep.questions.unshared import without_axis
from samestep.resolve import Lookup
from samestep.validator import validate


def test_runs_that_share_no_axis_are_not_comparable_and_both_are_listed() -> None:
    project = Project.here()
    runs = [
        MemoryRun("by-epoch", [{"epoch": e, "val/loss": 1.0} for e in (1, 2)]),
        MemoryRun("by-step", [{"step": s, "time": 1.0 * s, "val/loss": 1.0} for s in (1, 2)]),
    ]
    source = remember("unshared", runs)
    lookup = Lookup(project)
    sides = known([lookup.side(f"{source}#{run.full_name}") for run in runs], project)
    forget("unshared")

    answer = validate(identified(without_axis(sides[0], sides[1:]), "cmp"))

    assert answer.verdict.kind == "not_comparable"
    assert (answer.caveats[0].rule, answer.caveats[0].severity) == ("same-x", "blocks")
    assert answer.caveats[0].text == (
        "The runs share no x-axis (by-epoch: epoch; by-step: step, seconds)."
    )
    assert answer.reading == "by-epoch and by-step cannot be compared: they share no x-axis."
