"""A result folder -> the store of its review, for the one process that serves it or for a reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policy_nlp.errors import OutputError, ReviewError
from policy_nlp.exchange.corpus_reading import check_folder
from policy_nlp.files import hold_lock
from policy_nlp.records import Progress
from policy_nlp.review.building import build_units, built_review
from policy_nlp.review.database import DATABASE, Database
from policy_nlp.review.store import ReviewStore


@contextmanager
def open_review(
    folder: Path, *, codebook_path: Path | None = None, progress: Progress | None = None
) -> Iterator[ReviewStore]:
    """The review of a result folder, for the one process that serves it; made at the first opening.

    Args:
        folder: of `policy-nlp code`.
        codebook_path: of the user; None: the shipped one, if the folder was coded with it.
        progress: told the units that are taken in, at the first opening.

    Raises:
        ReviewError: another process serves the folder, or its review cannot be read or written.
        ExchangeError, OutputError: it is no finished result folder.
        CodebookError: it was coded with another codebook than the shipped one, and none was named.
    """
    path = check_folder(folder) / DATABASE
    with _locked(path):
        database = Database(path)
        try:
            database.migrate()
            database.check()
            built = build_units(database, folder, codebook_path=codebook_path, progress=progress)
            yield ReviewStore(folder, database, built)
        finally:
            database.close()


@contextmanager
def read_review(folder: Path, *, codebook_path: Path | None = None) -> Iterator[ReviewStore]:
    """The review of a folder for reading, also while a page serves it; nothing must be decided through it.

    Raises:
        ReviewError: the folder has no review yet, or was coded anew since it was last opened.
        ExchangeError, OutputError, CodebookError: as `open_review`.
    """
    path = check_folder(folder) / DATABASE
    mend = f"Open it once: policy-nlp review {folder}"
    if not path.is_file():
        raise ReviewError(f"{folder}: nothing was reviewed here ({DATABASE} is missing). {mend}", path=path)
    database = Database(path)
    try:
        database.migrate()
        built = built_review(database, folder, codebook_path=codebook_path)
        if built is None:
            raise ReviewError(f"{folder}: was coded anew since its review was last opened. {mend}", path=path)
        yield ReviewStore(folder, database, built)
    finally:
        database.close()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    lock = hold_lock(path)
    try:
        lock.__enter__()
    except OutputError as err:
        if err.__cause__ is not None:
            raise ReviewError(
                f"{path.parent}: cannot be written ({err.__cause__}). Check your rights there, or copy the "
                "folder and review the copy.",
                path=path,
            ) from err
        raise ReviewError(
            f"{path.parent}: another `policy-nlp review` serves this folder. Use the address it printed, or "
            "end it with Ctrl+C.",
            path=path,
        ) from err
    try:
        yield
    finally:
        lock.__exit__(None, None, None)
