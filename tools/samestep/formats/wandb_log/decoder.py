"""The records of a W&B log, decoded one after the other."""

from dataclasses import replace
from typing import Final

from samestep.formats.tfrecords import Damage
from samestep.formats.wandb_log.columns import Rows
from samestep.formats.wandb_log.config import Change, changes
from samestep.formats.wandb_log.definitions import Definition, definition, joined
from samestep.formats.wandb_log.log import Content, Log
from samestep.formats.wandb_log.runs import (
    Artifact,
    Environment,
    RunFacts,
    artifact,
    environment,
    exit_code,
    run_facts,
    seconds,
)
from samestep.formats.wandb_log.summary import Summary
from samestep.formats.wandb_log.varints import MORE, varint
from samestep.formats.wire import LENGTH, VARINT, Malformed, fields, key

_HISTORY = key(2, LENGTH)
_SUMMARY = key(3, LENGTH)
_CONFIG = key(5, LENGTH)
_STATS = key(7, LENGTH)
_ARTIFACT = key(8, LENGTH)
_METRIC = key(12, LENGTH)
_RUN = key(17, LENGTH)
_EXIT = key(18, LENGTH)
_USED_ARTIFACT = key(25, LENGTH)
_ENVIRONMENT = key(26, LENGTH)
_PASSED_OVER = frozenset(key(number, LENGTH) for number in (4, 6, 9, 10, 11, 13))
"""Console output, files, telemetry: nothing of it is kept."""

_LEAD = bytes([key(1, VARINT)])
TIME: Final = "_timestamp"
_STATS_TIME = key(2, LENGTH)
_STATS_ITEM = key(3, LENGTH)


class Decoder:
    """Takes the records of one log."""

    def __init__(self) -> None:
        self.records = 0
        self.run: RunFacts | None = None
        self._foreign = 0
        self._row = 0
        self._rows = Rows()
        self._machine = Rows()
        self._summary = Summary(self._rows.known)
        self._changes: list[Change] = []
        self._definitions: dict[tuple[str, bool], Definition] = {}
        self._environment = Environment({})
        self._artifacts: list[Artifact] = []
        self._exit_code: int | None = None
        self._take = {
            _HISTORY: self._take_row,
            _SUMMARY: self._summary.add,
            _CONFIG: self._take_config,
            _STATS: self._take_stats,
            _ARTIFACT: self._take_artifact,
            _METRIC: self._take_definition,
            _RUN: self._take_run,
            _EXIT: self._take_exit,
            _USED_ARTIFACT: self._take_used_artifact,
            _ENVIRONMENT: self._take_environment,
        }

    def add(self, record: bytes) -> None:
        """Take one record; one that is malformed is counted."""
        self.records += 1
        try:
            self._add(record)
        except Malformed:
            self._foreign += 1

    def log(self, content: Content, damage: Damage) -> Log:
        """Return what all the records say."""
        return Log(
            content=content,
            run=self.run,
            row_count=self._row,
            columns=self._rows.columns(),
            others=self._rows.others,
            machine=self._machine.columns(),
            changes=tuple(self._changes),
            summary=self._summary.numbers(),
            definitions=tuple(self._definitions.values()),
            environment=self._environment,
            artifacts=tuple(self._artifacts),
            exit_code=self._exit_code,
            damage=replace(damage, foreign_records=self._foreign),
        )

    def _add(self, record: bytes) -> None:
        tag, content = _usual(record)
        if tag in _PASSED_OVER:
            return
        if content is not None:
            self._take[tag](content)
            return
        for tag, chunk, _ in fields(record):
            if tag in self._take:
                self._take[tag](chunk)

    def _take_row(self, message: bytes) -> None:
        self._rows.add(message, self._row)
        self._row += 1

    def _take_stats(self, message: bytes) -> None:
        parts = fields(message)
        times = [seconds(chunk) for tag, chunk, _ in parts if tag == _STATS_TIME]
        self._machine.add_items([chunk for tag, chunk, _ in parts if tag == _STATS_ITEM], self._row)
        if times:
            self._machine.add_number(TIME, times[-1], self._row)
        self._row += 1

    def _take_run(self, message: bytes) -> None:
        facts = run_facts(message)
        self._changes.extend(changes(facts.config))
        self.run = self.run or facts

    def _take_config(self, message: bytes) -> None:
        self._changes.extend(changes(message))

    def _take_definition(self, message: bytes) -> None:
        said, overwrites = definition(message)
        known = (said.name, said.is_pattern)
        self._definitions[known] = joined(self._definitions.get(known), said, overwrites=overwrites)

    def _take_environment(self, message: bytes) -> None:
        self._environment = self._environment.joined(environment(message))

    def _take_artifact(self, message: bytes) -> None:
        self._artifacts.append(artifact(message, is_used=False))

    def _take_used_artifact(self, message: bytes) -> None:
        self._artifacts.append(artifact(message, is_used=True))

    def _take_exit(self, message: bytes) -> None:
        self._exit_code = exit_code(message)


def says_exit(record: bytes) -> bool:
    """Return whether a record says that the run has ended, and how."""
    try:
        tag, _ = _usual(record)
        is_common = tag in _PASSED_OVER | {_HISTORY, _SUMMARY}
        return not is_common and any(one == _EXIT for one, *_ in fields(record))
    except Malformed:
        return False


def _usual(record: bytes) -> tuple[int, bytes | None]:
    """Return what a record is, and its content where most of a log's records are of its kind.

    Such a record begins with its number; nothing is copied of those that are passed over.
    """
    position, end = 1, len(record)
    while position < end and record[position] >= MORE:
        position += 1
    if record[:1] != _LEAD or position + 2 >= end:
        return 0, None
    tag = record[position + 1]
    if tag not in {_HISTORY, _SUMMARY}:
        return tag, None
    size, start = varint(record, position + 2)
    if start + size > end:
        raise Malformed("a field is longer than its message")
    return tag, record[start : start + size]
