"""What a Neptune server answers, in its own protocol buffers."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from tests.readers.neptune_stub.runs import Kept, Point, StubRun

# The generated protobuf modules carry no types, and a module's attributes are Any.
MESSAGES = "neptune_query.generated.neptune_api.proto.neptune_pb.api.v1.model"
entries_pb2 = import_module(f"{MESSAGES}.leaderboard_entries_pb2")
series_pb2 = import_module(f"{MESSAGES}.series_values_pb2")
attributes_pb2 = import_module(f"{MESSAGES}.attributes_pb2")

Runs = Sequence[StubRun]
Body = dict[str, Any]  # Any: what JSON holds
NAMED = re.compile(r'`sys/custom_run_id`:string == "([^"]*)"')


def entries(runs: Runs, body: Body) -> bytes:
    """Answer which runs there are, with the attributes asked for."""
    query: dict[str, str] = body.get("query") or {}
    named = NAMED.findall(query.get("query", ""))
    found = [run for run in runs if not named or run.id in named]
    page = body["pagination"]
    offset = page.get("offset", 0)
    answer = entries_pb2.ProtoLeaderboardEntriesSearchResultDTO(matching_item_count=len(found))
    asked = {entry["path"] for entry in body["attributeFilters"]}
    for run in found[offset : offset + page["limit"]]:
        entry = answer.entries.add(experiment_id=_sys_id(runs, run), type="run")
        for path, value in _attributes(runs, run).items():
            if path in asked:
                _fill(entry.attributes.add(), path, value)
    return answer.SerializeToString()


def definitions(runs: Runs, body: Body) -> bytes:
    """Answer which attributes runs have, by name and type."""
    kinds = {entry["attributeType"] for entry in body.get("attributeFilter", [])}
    found = {
        (path, kind)
        for run in _of_ids(runs, body["experimentIdsFilter"])
        for path, kind in _kinds(runs, run).items()
        if not kinds or kind in kinds
    }
    listed = [{"name": path, "type": kind} for path, kind in sorted(found)]
    return json.dumps({"entries": listed, "nextPage": {"limit": 1000}}).encode()


def values(runs: Runs, body: Body) -> bytes:
    """Answer the values of attributes."""
    answer = attributes_pb2.ProtoQueryAttributesResultDTO()
    asked = set(body["attributeNamesFilter"])
    for run in _of_ids(runs, body["experimentIdsFilter"]):
        entry = answer.entries.add(experimentShortId=_sys_id(runs, run))
        for path, value in _attributes(runs, run).items():
            if path in asked:
                _fill(entry.attributes.add(), path, value)
        for path, points in run.series.items():
            if path in asked:
                attribute = entry.attributes.add(name=path, type="floatSeries")
                attribute.float_series_properties.last = points[-1].value if points else 0.0
    return answer.SerializeToString()


def series(runs: Runs, body: Body) -> bytes:
    """Answer points, the newest first, a page of them."""
    answer = series_pb2.ProtoFloatSeriesValuesResponseDTO()
    by_id = {run.id: run for run in runs}
    for request in body["requests"]:
        run = by_id[request["series"]["holder"]["identifier"].split("/", 3)[3]]
        points = run.series.get(request["series"]["attribute"], [])
        after = request.get("afterStep")
        wanted = [point for point in reversed(points) if after is None or point.step < after]
        if not request["series"].get("includePreview"):
            wanted = [point for point in wanted if not point.is_preview]
        page = answer.series.add(requestId=request["requestId"])
        _fill_points(page.series, wanted[: body.get("perSeriesPointsLimit")])
    return answer.SerializeToString()


def _fill_points(page: Any, points: Sequence[Point]) -> None:  # Any: as above
    page.total_item_count = len(points)
    for point in points:
        page.values.add(
            timestamp_millis=point.millis,
            step=point.step,
            value=point.value,
            is_preview=point.is_preview,
            completion_ratio=0.5 if point.is_preview else 1.0,
        )


def _fill(attribute: Any, path: str, value: Kept) -> None:  # Any: as above
    attribute.name, attribute.type = path, _kind(value)
    if isinstance(value, bool):
        attribute.bool_properties.value = value
    elif isinstance(value, int):
        attribute.int_properties.value = value
    elif isinstance(value, float):
        attribute.float_properties.value = value
    elif isinstance(value, str):
        attribute.string_properties.value = value
    elif isinstance(value, datetime):
        attribute.datetime_properties.value = int(value.timestamp() * 1000)
    else:
        attribute.string_set_properties.value.extend(sorted(value))


def _kind(value: Kept) -> str:
    """Return a value's type as the server calls it; `bool` before `int`, of which it is one."""
    kinds = {bool: "bool", int: "int", float: "float", str: "string", datetime: "datetime"}
    return next((kind for cls, kind in kinds.items() if isinstance(value, cls)), "stringSet")


def _kinds(runs: Runs, run: StubRun) -> Mapping[str, str]:
    single = {path: _kind(value) for path, value in _attributes(runs, run).items()}
    return {**single, **dict.fromkeys(run.series, "floatSeries")}


def _attributes(runs: Runs, run: StubRun) -> Mapping[str, Kept]:
    return {"sys/id": _sys_id(runs, run), "sys/custom_run_id": run.id, **run.attributes}


def _of_ids(runs: Runs, ids: Sequence[str]) -> Runs:
    wanted = {one.rpartition("/")[2] for one in ids}
    return [run for run in runs if _sys_id(runs, run) in wanted]


def _sys_id(runs: Runs, run: StubRun) -> str:
    return f"NET-{runs.index(run) + 1}"
