"""What cannot be ranked is refused, with what can."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.questions.sweeps import run_to, sweep

from samestep import MemoryRun, Project, forget, rank_runs, remember
from samestep.errors import BadArgument, BadArguments, NoSuchMetric, NoSuchRun, SamestepError
from samestep.model import Final

SOURCE = "memory:refused"
WIDE = f"{SOURCE}#wide/seed0"


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    """Hold two configurations of two seeds, and a metric nobody knows the direction of."""
    runs = sweep({"wide": [76.0, 76.5], "thin": [70.0, 70.5]}, {"wide": {"flux": 1.0}})
    final = MemoryRun("final", [{"epoch": 1, "flux": 1.0}], finals={"once": Final(1.0, "r.json")})
    remember("refused", [*runs, final])
    yield
    forget("refused")


@pytest.mark.parametrize(
    ("arguments", "refusal", "says"),
    [
        ({"runs": [WIDE]}, BadArgument, "two or more candidates; this is 1"),
        ({"runs": [[WIDE, f"{SOURCE}#wide/seed1"]]}, BadArgument, "two or more candidates"),
        ({"runs": []}, BadArgument, "two or more candidates"),
        ({"runs": [SOURCE, WIDE]}, BadArgument, "every run in one candidate"),
        (
            {"runs": [f"group:{SOURCE}#wide/*", f"group:{SOURCE}#*/seed0"]},
            BadArgument,
            "every run in one candidate",
        ),
        ({"runs": [WIDE, f"{SOURCE}#gone"]}, NoSuchRun, "'gone'"),
        ({"metric": "top5"}, NoSuchMetric, "'test/top1'"),
        ({"metric": "flux"}, BadArgument, "flux:higher or flux:lower"),
        ({"metric": "once:lower"}, BadArgument, "logged over time"),
        ({"at": 9.0}, BadArgument, "the newest is epoch 3"),
        ({"constraints": {"flux": "cheap"}}, BadArgument, "comparisons with a number"),
        ({"objectives": ["flux"]}, BadArgument, "objectives='flux'.*flux:higher or flux:lower"),
        ({"objectives": ["flops:lower"]}, NoSuchMetric, "'flops:lower'"),
        ({"objectives": ["test/top1"]}, BadArgument, "each metric once"),
        ({"objectives": ["flux:lower", "flux:higher"]}, BadArgument, "each metric once"),
        ({"constraints": {"flux": 3}}, BadArguments, "constraints"),
        ({"cursor": "99"}, BadArgument, "next_cursor"),
    ],
)
def test_what_cannot_be_ranked_is_refused(
    arguments: dict[str, object], refusal: type[SamestepError], says: str, tmp_path: Path
) -> None:
    given = {"runs": [SOURCE], "metric": "test/top1", **arguments}

    with pytest.raises(refusal, match=says):
        rank_runs(**given, project=Project(tmp_path))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] # bad on purpose


def test_a_direction_in_the_call_is_enough(tmp_path: Path) -> None:
    remember("flux", [run_to(f"r{n}", 1.0, {"n": n}, {"flux": float(n)}) for n in range(3)])
    answer = rank_runs(["memory:flux"], "flux:lower", project=Project(tmp_path))
    forget("flux")

    assert [row.value for row in answer.ranked] == [0.0, 1.0, 2.0]
