"""The arguments of the tools, each described once."""

from typing import Annotated, Literal

from pydantic import Field

RunName = Annotated[str, Field(description="Run reference or unique full name.")]
SideArgument = Annotated[
    str | list[str],
    Field(description="A run, a list of runs (seeds of one thing), or group:<pattern>."),
]
Sides = Annotated[
    list[str | list[str]], Field(min_length=1, description="One entry per baseline, each a side.")
]
MetricNames = Annotated[
    list[str] | None,
    Field(description="Names or regular expressions, optionally name:higher or name:lower."),
]
Pairs = Annotated[
    dict[str, str] | None, Field(description="Student's metric name to the baseline's.")
]
Proxy = Annotated[list[str] | None, Field(description="Cheap metrics; as in metrics.")]
Downstream = Annotated[
    list[str] | None, Field(description="What the project exists to improve; as in metrics.")
]
XAxis = Annotated[
    str, Field(description="auto, epoch (completed), step, seconds, or a logged counter.")
]
AtX = Annotated[
    float | None, Field(description="Another x, never beyond the student's current one.")
]
Matching = Annotated[
    Literal["auto", "exact", "interpolated", "nearest"], Field(description="How to find values.")
]
Tolerance = Annotated[
    float | None, Field(ge=0, description="Farthest nearest point, in units of x.")
]
Limit = Annotated[int, Field(ge=1, le=200, description="Most entries of a page.")]
Cursor = Annotated[str | None, Field(description="next_cursor of the page before.")]
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
    Field(description="started, full_name, state, seed, epoch or step; - puts the largest first."),
]
PathName = Annotated[str, Field(description="Directory to look in.")]
