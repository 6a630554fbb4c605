"""The arguments of questions about many runs, each described once."""

from typing import Annotated

from pydantic import Field

Candidates = Annotated[
    list[str | list[str]],
    Field(description="One source or group for all its runs, or sides."),
]
ManyRuns = Annotated[list[str], Field(description="One source or group:<pattern>, or runs.")]
RankedX = Annotated[
    float | None, Field(allow_inf_nan=False, description="Default: where half are.")
]
Constraints = Annotated[dict[str, str] | None, Field(description='As {"latency_ms": "<= 50"}.')]
Objectives = Annotated[list[str] | None, Field(description="For Pareto, as flops:lower.")]
