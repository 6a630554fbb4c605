"""Which of MLflow's tables a database has: they grew over the years."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from samestep.errors import MOST_NAMED, NotReadable
from samestep.formats.mlflow_database.connection import Database

NEEDED: Mapping[str, tuple[str, ...]] = {
    "experiments": ("experiment_id", "name"),
    "runs": ("run_uuid", "experiment_id", "status", "start_time"),
    "metrics": ("run_uuid", "key", "value", "timestamp"),
    "params": ("run_uuid", "key", "value"),
    "tags": ("run_uuid", "key", "value"),
}
"""What every version since the first (0.9) has."""
MIGRATING = "_alembic_tmp_"
"""How the tables begin that a migration copies into."""
MOST_COLUMNS = 20_000
INSTEAD = "detect_tracker names the sources that can be read."


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of every table."""

    tables: Mapping[str, frozenset[str]]

    def has(self, table: str, *columns: str) -> bool:
        """Return whether there is such a table with such columns."""
        return self.tables.get(table, frozenset[str]()).issuperset(columns) and table in self.tables

    def column(self, table: str, name: str, otherwise: str) -> str:
        """Return a column's name, or what stands for it in SQL where the table lacks it."""
        return name if self.has(table, name) else otherwise


def schema_of(database: Database) -> Schema:
    """Return the tables of an MLflow database.

    Raises:
        NotReadable: It is another program's database, or is being migrated.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for table, column in database.rows(
        "select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c "
        "where t.type = 'table' limit ?",
        MOST_COLUMNS,
    ):
        found[text(table)].add(text(column))
    schema = Schema({table: frozenset(columns) for table, columns in found.items()})
    _refuse_unless_mlflow(database, schema)
    return schema


def text(value: object) -> str:
    """Return a text as the database holds it; what is not UTF-8 in it is replaced."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def number(column: str) -> str:
    """Return SQL for a column's numbers alone: SQLite keeps a text wherever one is written."""
    return f"case when typeof({column}) in ('integer', 'real') then {column} end"


def _refuse_unless_mlflow(database: Database, schema: Schema) -> None:
    path = str(database.path)
    if any(table.startswith(MIGRATING) for table in schema.tables):
        why = f"it is being migrated, or a migration broke off: it has tables {MIGRATING}..."
        raise NotReadable(path, why, "`mlflow db upgrade` finishes it; then ask again.")
    missing = [table for table in NEEDED if table not in schema.tables]
    if missing:
        tables = sorted(schema.tables)
        rest = f" and {len(tables) - MOST_NAMED} more" if len(tables) > MOST_NAMED else ""
        has = f"{', '.join(tables[:MOST_NAMED])}{rest}" if tables else "none"
        why = f"it is no MLflow database: it has no table {', '.join(missing)} (its tables: {has})"
        raise NotReadable(path, why, INSTEAD)
    for table, columns in NEEDED.items():
        lacking = [column for column in columns if not schema.has(table, column)]
        if lacking:
            why = f"it is no MLflow database: its table {table} has no column {', '.join(lacking)}"
            raise NotReadable(path, why, INSTEAD)
