"""DIR/review.sqlite: its tables, their versions, connections of threads, and errors that say what to do."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policy_nlp.errors import ReviewError

DATABASE = "review.sqlite"
_WAIT_S = 10.0  # for another process that writes, as a program that looks into the file

# One tuple of statements for each version of the tables; a new version is added at the end.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        """CREATE TABLE documents (
            place INTEGER PRIMARY KEY, document_id TEXT NOT NULL UNIQUE, title TEXT NOT NULL)""",
        """CREATE TABLE units (
            place INTEGER PRIMARY KEY, unit_id TEXT NOT NULL UNIQUE, document INTEGER NOT NULL,
            start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, is_heading INTEGER NOT NULL,
            is_empty INTEGER NOT NULL, heading INTEGER, uncertainty REAL NOT NULL,
            contradictions INTEGER NOT NULL, applies BLOB NOT NULL, scores BLOB NOT NULL)""",
        """CREATE TABLE coders (
            name TEXT PRIMARY KEY, folded TEXT NOT NULL UNIQUE, added_at TEXT NOT NULL)""",
        """CREATE TABLE decisions (
            number INTEGER PRIMARY KEY AUTOINCREMENT, unit_id TEXT NOT NULL, text TEXT NOT NULL,
            document_id TEXT NOT NULL, coder TEXT NOT NULL, mode TEXT NOT NULL, kind TEXT NOT NULL,
            initial TEXT NOT NULL, dimensions TEXT NOT NULL, paths TEXT NOT NULL, note TEXT NOT NULL,
            seconds REAL NOT NULL, shown TEXT, settled_by TEXT NOT NULL, decided_at TEXT NOT NULL)""",
        "CREATE INDEX decisions_of_unit ON decisions (coder, mode, unit_id, number)",
        "CREATE INDEX decisions_of_seat ON decisions (coder, mode, number)",
        """CREATE TABLE undone (
            number INTEGER PRIMARY KEY REFERENCES decisions (number), undone_at TEXT NOT NULL)""",
        # The log is append-only, whatever a later mistake in this program would do.
        """CREATE TRIGGER keep_decisions BEFORE DELETE ON decisions
            BEGIN SELECT RAISE(ABORT, 'decisions are kept'); END""",
        """CREATE TRIGGER freeze_decisions BEFORE UPDATE ON decisions
            BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END""",
    ),
    (
        """CREATE TABLE samples (
            number INTEGER PRIMARY KEY AUTOINCREMENT, n_units INTEGER NOT NULL, seed INTEGER NOT NULL,
            skip_headings INTEGER NOT NULL, only_coded INTEGER NOT NULL, n_population INTEGER NOT NULL,
            drawn_at TEXT NOT NULL)""",
        """CREATE TABLE sample_units (
            sample INTEGER NOT NULL REFERENCES samples (number), unit_id TEXT NOT NULL,
            PRIMARY KEY (sample, unit_id)) WITHOUT ROWID""",
    ),
)
VERSION = len(MIGRATIONS)


class Database:
    """The file, with one connection a thread. `close` closes all of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._own = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._guard = threading.Lock()

    def connection(self) -> sqlite3.Connection:
        """The connection of this thread."""
        found: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if found is None:
            with explained_errors(self.path):
                found = _connect(self.path)
            self._own.connection = found
            with self._guard:
                self._all.append(found)
        return found

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for questions; several of them need not see one state.

        Raises:
            ReviewError: the file is damaged or cannot be read.
        """
        with explained_errors(self.path):
            yield self.connection()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection in a transaction: on disk when the block ends, and undone when it raises.

        Raises:
            ReviewError: the disk is full, the file is locked, damaged or cannot be written.
        """
        with explained_errors(self.path):
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def migrate(self) -> None:
        """Bring the tables to this version; raises ReviewError where a newer program wrote the file."""
        with self.reading() as connection:
            found = _version_of(connection)
        if found > VERSION:
            raise ReviewError(
                f"{self.path}: written by a newer policy-nlp (tables of version {found}, known are up to "
                f"{VERSION}). Update: pip install -U policy-nlp",
                path=self.path,
            )
        if found < VERSION:
            with self.writing() as connection:
                for statement in (one for script in MIGRATIONS[found:] for one in script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {VERSION}")

    def check(self) -> None:
        """Raise ReviewError where pages of the file are damaged."""
        with self.reading() as connection:
            found: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(found.splitlines()[0])

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._guard:
            for connection in self._all:
                connection.close()
            self._all.clear()
        self._own = threading.local()


@contextmanager
def explained_errors(path: Path) -> Iterator[None]:
    """Turns an error of SQLite into a ReviewError that says what to do."""
    try:
        yield
    except sqlite3.Error as err:
        raise ReviewError(f"{path}: {_explain(err, path)}", path=path) from err


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        # FULL: a decision that was answered for survives the loss of power, not only that of the process.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _version_of(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    n_tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()[0]
    if not version and n_tables:
        raise sqlite3.DatabaseError("file is not a database of policy-nlp")
    return version


def _explain(err: sqlite3.Error, path: Path) -> str:
    code = getattr(err, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    if primary == sqlite3.SQLITE_FULL:
        return (
            "the disk is full; what was decided before is kept. Free some space and decide this unit again."
        )
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        mend = f"Check your rights in {path.parent}, or copy the folder and review the copy."
        return f"cannot be written ({err}). {mend}"
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "another program is writing to it. Close that program (a database viewer?) and try again."
    if primary == sqlite3.SQLITE_IOERR:
        return f"the disk or network drive failed ({err}). Copy the folder to a local disk and go on there."
    return (
        f"is damaged or is no database of a review ({err}). Keep a copy, then put a backup in its place, or "
        f"try `sqlite3 {path.name} .recover`; without either, move the file away to begin anew."
    )
