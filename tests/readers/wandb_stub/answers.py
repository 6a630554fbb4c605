"""What the stub answers to each of the operations that W&B's client makes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.readers.wandb_stub.runs import Row, StubRun, flat, step_of

Variables = dict[str, Any]  # Any: JSON
Projects = Mapping[str, Sequence[StubRun]]
"""Runs by `entity/project`."""


@dataclass(frozen=True, slots=True)
class Server:
    """What the stub is: its runs, its address, and what it does to rows."""

    address: str
    projects: Projects
    most_rows: int = 2**62
    """Rows of a page; the rest is left out without a word."""
    most_samples: int = 2**62
    """Rows that sampling gives of one key."""
    gives_steps: bool = True
    """Whether rows name their `_step`."""


def answer(operation: str, variables: Variables, server: Server) -> object:
    """Return the data of an answer."""
    projects = server.projects
    entity = variables.get("entity")
    if operation == "GetProjects":
        names = [key.partition("/")[2] for key in projects if key.startswith(f"{entity}/")]
        edges = [{"node": {"name": name, "entityName": entity}} for name in names]
        return {"models": {"edges": edges, "pageInfo": {"hasNextPage": False}}}
    runs = projects.get(f"{entity}/{variables.get('project')}")
    if runs is None:
        return {"project": None}
    if operation == "Runs":
        return {"project": page(variables, runs)}
    asked = variables.get("name") or variables.get("runName") or variables.get("run")
    found = [run for run in runs if run.id == asked]
    if not found:
        return {"project": {"run": None}}
    return {"project": {"run": of_run(operation, variables, found[0], server)}}


def page(variables: Variables, runs: Sequence[StubRun]) -> object:
    """Return a page of the runs that a filter lets through."""
    wanted = json.loads(variables.get("filters") or "{}")
    let = [run for run in runs if wanted.get("display_name") in {None, run.name}]
    first = int(variables["cursor"]) + 1 if variables.get("cursor") else 0
    shown = let[first : first + variables["perPage"]]
    edges = [
        {"node": run.node(created(number)), "cursor": str(number)}
        for number, run in enumerate(shown, first)
    ]
    more = first + len(shown) < len(let)
    return {"runCount": len(let), "runs": {"edges": edges, "pageInfo": {"hasNextPage": more}}}


def created(number: int) -> str:
    """Return when the run of that number began, in UTC without saying so."""
    return f"2026-11-20T{number // 60 % 24:02}:{number % 60:02}:00"


def of_run(operation: str, variables: Variables, run: StubRun, server: Server) -> object:
    """Return what an operation asks of one run."""
    live = [row for row in run.rows if step_of(row) > run.exported]
    match operation:
        case "Run":
            return run.node(created(0))
        case "RunParquetHistory":
            urls = [f"{server.address}/export/{run.id}"] if run.exported >= 0 else []
            return {
                "parquetHistory": {
                    "parquetUrls": urls,
                    "liveData": [{"_step": step_of(row)} for row in live],
                }
            }
        case "HistoryPage":
            return {"history": [json.dumps(row) for row in live_page(live, variables, server)]}
        case "RunSampledHistory":
            specs = [json.loads(spec) for spec in variables["specs"]]
            return {"sampledHistory": [sampled(run.rows, spec, server) for spec in specs]}
        case _:
            msg = f"the stub knows no operation {operation!r}"
            raise AssertionError(msg)


def live_page(live: Sequence[Row], variables: Variables, server: Server) -> list[Row]:
    """Return the live rows of a range of steps."""
    low, high = variables["minStep"], variables["maxStep"]
    within = [row for row in live if low <= step_of(row) < high]
    rows = within[: min(variables["pageSize"], server.most_rows)]
    if server.gives_steps:
        return rows
    return [{key: value for key, value in row.items() if key != "_step"} for row in rows]


def sampled(rows: Sequence[Row], spec: Variables, server: Server) -> Sequence[Row]:
    """Return some of the rows that hold all keys of a spec, as many as it asks for."""
    keys, low, high = spec["keys"], spec.get("minStep", 0), spec.get("maxStep", 2**62)
    within = (flat(row) for row in rows if low <= step_of(row) <= high)
    holding = [{key: row[key] for key in keys} for row in within if all(key in row for key in keys)]
    most = min(spec["samples"], server.most_samples)
    return holding[:: max(1, len(holding) // most)][:most]
