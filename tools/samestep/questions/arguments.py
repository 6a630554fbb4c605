"""The arguments of the tools, each described once."""

from typing import Annotated, Literal

from pydantic import Field

from samestep.answers.configs import Part

RunName = Annotated[
    str, Field(min_length=1, description="Run reference, unique full name or checkpoint path.")
]
SideArgument = Annotated[
    str | list[str],
    Field(description="Run, checkpoint, list of runs (seeds of one thing) or group:<pattern>."),
]
Runs = Annotated[
    list[str], Field(min_length=1, description="Runs or group:<pattern>, two or more.")
]
Sides = Annotated[list[str | list[str]], Field(min_length=1, description="One side each.")]
MetricNames = Annotated[
    list[str] | None,
    Field(
        min_length=1, description="Names or regexes; name:lower or name:higher sets the direction."
    ),
]
Pairs = Annotated[
    dict[str, str] | None, Field(description="Student's metric name to the baseline's.")
]
Proxy = Annotated[list[str] | None, Field(description="Cheap metrics.")]
Downstream = Annotated[list[str] | None, Field(description="What the project is for.")]
XAxis = Annotated[str, Field(description="auto, epoch, step, seconds or a logged counter.")]
AtX = Annotated[
    float | None, Field(allow_inf_nan=False, description="Another x, not beyond the student's.")
]
Matching = Annotated[
    Literal["auto", "exact", "interpolated", "nearest"], Field(description="How to find values.")
]
Tolerance = Annotated[
    float | None,
    Field(ge=0, allow_inf_nan=False, description="Farthest nearest point, in units of x."),
]
Limit = Annotated[int, Field(ge=1, le=200, description="Page size.")]
Cursor = Annotated[str | None, Field(description="From next_cursor.")]
SourceName = Annotated[
    str | None, Field(description="Source reference; default every source found.")
]
NameMatch = Annotated[
    str | None, Field(description="Pattern over whole full names, such as resnet50/*.")
]
Where = Annotated[
    str | None,
    Field(description='Condition, such as config.lr < 0.1 and state == "finished".'),
]
OrderBy = Annotated[
    str,
    Field(description="started, full_name, state, seed, epoch or step; - for descending."),
]
PathName = Annotated[str, Field(description="Directory to look in.")]
MetricSelection = Annotated[list[str] | None, Field(description="Names or regexes.")]
RowWhere = Annotated[str | None, Field(description="Condition over columns, such as epoch > 5.")]
Derive = Annotated[
    dict[str, str] | None,
    Field(description='New columns, such as {"gap": "train/loss - val/loss"}.'),
]
Include = Annotated[
    list[Literal["config", "summary", "history", "schema", "stats", "empty_rows"]] | None,
    Field(description="Default schema; history and stats once metrics are named."),
]
Parts = Annotated[list[Part] | None, Field(description="Default all.")]
MaxPoints = Annotated[int, Field(ge=2, le=1000, description="Most rows shown.")]
Last = Annotated[int, Field(ge=5, le=200, description="Epochs of the tail.")]
MetricName = Annotated[str, Field(description="Name, or name:lower, name:higher.")]
