"""Whether a difference is more than chance, at the same x."""

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from samestep.answers.significance import SignificanceAnswer
from samestep.errors import BadArgument
from samestep.model import TestName
from samestep.questions.checked import checked
from samestep.questions.identity import identified
from samestep.settings import Project
from samestep.validator import validate

RUNS = WithJsonSchema({"type": ["string", "array"]})  # what it takes in full costs a model tokens
SideOrFile = Annotated[
    str | list[str], RUNS, Field(description="Runs, group:<pattern> or a file of predictions.")
]
OtherSides = Annotated[
    str | list[str] | list[list[str]],
    RUNS,
    Field(description="As a; a list of lists is several sides."),
]
TestedMetric = Annotated[str, Field(description="Name or regex.")]
Test = Annotated[
    Literal["auto", TestName],
    WithJsonSchema({"type": "string"}),
    Field(
        description="auto takes what fits; welch, iqm, mcnemar, ... are refused where they do not."
    ),
]
At = Annotated[float | None, Field(allow_inf_nan=False)]


@checked
def significance_test(  # noqa: PLR0913 # the arguments are the tool's contract
    a: SideOrFile,
    b: OtherSides,
    metric: TestedMetric,
    test: Test = "auto",
    at: At = None,
    *,
    project: Project | None = None,
) -> SignificanceAnswer:
    """Test whether seeds, folds, tasks or examples of a and b differ beyond chance at the same x.

    Raises:
        SamestepError: A run, metric or file that is not there, sides that share a run, a test
            that does not fit what a and b are.
    """
    from samestep.questions.significance.answer import of_runs
    from samestep.questions.significance.prediction_files import OF_FILES, named_files, of_files
    from samestep.questions.significance.sides import contested, read_sides, several_sides

    asked_in = project or Project.here()
    asked: TestName | None = None if test == "auto" else test
    files = named_files([a, b], asked, asked_in)
    if files is not None:
        answer = of_files(files, (str(a), str(b)), metric, asked, asked_in)
        return validate(identified(answer, "sig"))
    if test in OF_FILES:
        takes = "a test of runs or auto here; this one takes a file of predictions as a and as b"
        raise BadArgument("test", test, takes)
    sides = read_sides(a, several_sides(b), metric, asked_in)
    found = contested(sides, metric, ("auto", at), asked_in)
    return validate(identified(of_runs(found, metric, asked), "sig"))
