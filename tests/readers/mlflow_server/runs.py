"""The answers of MLflow's REST interface about runs held here, as its versions differ in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.readers.mlflow_server.stub import HTML, Answer, Answering, Call

Point = tuple[int, int, float | str]
"""Milliseconds since 1970, step and value."""
SAMPLED = 2_500


@dataclass(frozen=True)
class HeldRun:
    """One run as the server holds it."""

    id: str
    name: str
    points: Mapping[str, Sequence[Point]] = field(default_factory=dict[str, Sequence[Point]])
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    status: str = "RUNNING"
    lifecycle: str = "active"


@dataclass(frozen=True)
class Runs:
    """Answers about runs; what it does not know is an error as MLflow's."""

    held: Sequence[HeldRun]
    has_windows: bool = True
    page: int = 10**9
    """The most points or runs in one answer, whatever is asked for."""

    def __call__(self, call: Call) -> Answer:
        """Return what MLflow answers."""
        match call.endpoint:
            case "experiments/search":
                return Answer({"experiments": [{"experiment_id": "1", "name": "imagenet"}]})
            case "runs/search":
                return self.searched(call.asked)
            case "runs/get":
                return self.one(call.asked["run_id"])
            case "metrics/get-history":
                return self.history(call.asked)
            case "metrics/get-history-bulk-interval" if self.has_windows:
                return self.window(call.asked)
            case _:
                return Answer(b"<h1>Not Found</h1>", 404, HTML)

    def searched(self, asked: Mapping[str, Any]) -> Answer:
        """Return a page of the runs that a filter by name leaves."""
        assert asked.get("filter", "").count("'") in {0, 2}
        named = asked.get("filter", "").partition(" = ")[2].strip("'")
        runs = [run for run in self.held if run.lifecycle == "active"]
        found = [run for run in runs if not named or run.name == named]
        return paged("runs", [described(run) for run in found], asked, self.page)

    def one(self, run_id: str) -> Answer:
        """Return one run, deleted or not."""
        found = [run for run in self.held if run.id == run_id]
        return Answer({"run": described(found[0])}) if found else unknown(run_id)

    def history(self, asked: Mapping[str, Any]) -> Answer:
        """Return a page of a history, in the order of its times."""
        found = [run for run in self.held if run.id == asked["run_id"]]
        if not found:
            return unknown(asked["run_id"])
        points = sorted(found[0].points[asked["metric_key"]], key=lambda point: point[:2])
        return paged(
            "metrics", [point_of(asked["metric_key"], *one) for one in points], asked, self.page
        )

    def window(self, asked: Mapping[str, Any]) -> Answer:
        """Sample steps as MLflow 2 does: all points of evenly spaced steps of all runs."""
        most, first, last = (int(asked[key]) for key in ("max_results", "start_step", "end_step"))
        assert 1 <= most <= SAMPLED
        assert len(asked["run_ids"]) <= 100
        runs = [run for run in self.held if run.id in asked["run_ids"]]
        inside = {
            run.id: [
                one for one in run.points.get(asked["metric_key"], ()) if first <= one[1] <= last
            ]
            for run in runs
        }
        steps = sorted({step for points in inside.values() for _, step, _ in points})
        spaced = (
            {steps[int(at * len(steps) / most)] for at in range(most)}
            if len(steps) > most
            else set(steps)
        )
        return Answer(
            {
                "metrics": [
                    {**point_of(asked["metric_key"], *one), "run_id": run_id}
                    for run_id, points in inside.items()
                    for one in sorted(points, key=lambda point: point[1])
                    if one[1] in spaced
                ]
            }
        )


def paged(what: str, found: list[Any], asked: Mapping[str, Any], most: int) -> Answer:
    """Return one page; without a size asked for there is nothing on it."""
    start = int(asked.get("page_token", 0))
    end = start + min(int(asked.get("max_results", 0)), most)
    token = {"next_page_token": str(end)} if end < len(found) else {}
    return Answer({what: found[start:end], **token})


def described(run: HeldRun) -> dict[str, Any]:
    """Return what runs/search and runs/get say of a run."""
    newest = {
        key: max(points, key=lambda one: (one[1], one[0])) for key, points in run.points.items()
    }
    tags = {"mlflow.runName": run.name, **run.tags}
    return {
        "info": {
            "run_id": run.id,
            "run_name": run.name,
            "experiment_id": "1",
            "status": run.status,
            "start_time": 1_700_000_000_000,
            "lifecycle_stage": run.lifecycle,
        },
        "data": {
            "metrics": [point_of(key, *point) for key, point in newest.items()],
            "params": [{"key": key, "value": value} for key, value in run.params.items()],
            "tags": [{"key": key, "value": value} for key, value in tags.items()],
        },
    }


def point_of(key: str, time: int, step: int, value: float | str) -> dict[str, Any]:
    """Return a point as MLflow writes it."""
    return {"key": key, "timestamp": time, "step": step, "value": value}


def unknown(run_id: str) -> Answer:
    """Return what MLflow says of a run it does not have."""
    message = f"Run with id={run_id} not found"
    return Answer({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": message}, 404)


def curve(points: int, start: float = 1.0, every: int = 1) -> list[Point]:
    """Return a curve that falls, a second between two points."""
    return [(1_700_000_000_000 + 1000 * at, at * every, start / (at + 1)) for at in range(points)]


def sometimes(usual: Answering, others: Sequence[Answer | Exception]) -> Answering:
    """Return what gives the others first, one to each request, and then what is usual."""
    left = iter(others)

    def answering(call: Call) -> Answer:
        other = next(left, None)
        if isinstance(other, Exception):
            raise other
        return usual(call) if other is None else other

    return answering
