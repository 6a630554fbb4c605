"""The tables of the ledger: an entry each time an answer is given, its content kept once."""

APPLICATION = 0x73616D65  # "same", in the header of the file
VERSION = 1

CONTENTS = """
CREATE TABLE contents (
    content INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    answer TEXT NOT NULL
)"""
GIVEN = """
CREATE TABLE given (
    number INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    answer_id TEXT NOT NULL,
    tool TEXT NOT NULL,
    question TEXT NOT NULL,
    project TEXT NOT NULL,
    supersedes TEXT,
    content INTEGER NOT NULL REFERENCES contents
)"""
ONLY_APPENDED = """
CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'the ledger is only appended to'); END"""

STATEMENTS = (
    CONTENTS,
    GIVEN,
    "CREATE INDEX given_by_answer ON given (answer_id)",
    "CREATE INDEX given_by_question ON given (question, answer_id)",
    "CREATE INDEX given_by_content ON given (content)",
    "CREATE INDEX given_by_age ON given (at)",
    *(ONLY_APPENDED.format(table=table) for table in ("contents", "given")),
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {VERSION}",
)
