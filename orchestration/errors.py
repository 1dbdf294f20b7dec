"""Errors that a person can do something about, each explained for the terminal and for Dagster's page of the run."""

import errno
import re
import shutil
import sqlite3
from collections.abc import Iterator

import duckdb

from orchestration import settings

INTERRUPTED = "The run was interrupted."
HARDLY_ANY = 64_000_000  # bytes
NO_SPACE = ("no space left on device", "disk is full", "disk quota exceeded")
NO_MEMORY = (
    "max_temp_directory_size",
    "out of memory error",
    "could not allocate",
    "failed to allocate",
    "unable to allocate",
)
LOCKED = "could not set lock on file"
HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<process>\d+)\)")
STOPPED = "query interrupted"


class UserError(Exception):
    """An error that users can act on: its message is a sentence that says where, what, and what to do."""

    heading = ""  # stands above the message


def explanation(error: BaseException) -> str | None:
    """What an error, or whatever caused it, means to a person; None where it is a mistake of the pipeline."""
    return next(filter(None, map(_explained, with_causes(error))), None)


def with_causes(error: BaseException) -> Iterator[BaseException]:
    """An error, what caused it, what caused that, and so on."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _explained(error: BaseException) -> str | None:
    if isinstance(error, UserError):
        return f"{error.heading}{error}"
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException):
        return explanation_of(str(error)) or explanation_of(NO_MEMORY[0])
    if isinstance(error, OSError):
        return _of_the_system(error)
    if isinstance(error, duckdb.Error | sqlite3.Error):
        # SQLite calls it an I/O error where it cannot extend what it maps
        full = "disk i/o error" in str(error).lower() and _hardly_any_room()
        return explanation_of(NO_SPACE[0] if full else str(error))
    return None


def _of_the_system(error: OSError) -> str | None:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return explanation_of(NO_SPACE[0])
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename:
        return f"{error.filename}: {error.strerror}. Give the pipeline's user the right to it, then run again."
    return None


def _hardly_any_room() -> bool:
    return shutil.disk_usage(settings.warehouse()).free < HARDLY_ANY


def explanation_of(text: str) -> str | None:
    """What a text, such as what dbt printed, means: a full disk, too little memory, a database that is in use."""
    lower = text.lower()
    if any(sign in lower for sign in NO_SPACE):
        return f"The disk is full: make room where {settings.warehouse()} lies, then run again."
    if any(sign in lower for sign in NO_MEMORY):
        return (
            f"The run needs more than the {settings.memory()} of memory and {settings.spill_size()} of disk it may "
            "use: allow more with SCORECARD_MEMORY and SCORECARD_SPILL, or run fewer months at a time."
        )
    if STOPPED in lower:
        return INTERRUPTED
    if is_locked(text):
        held = HOLDER.search(text)
        holder = f"{held['program']} (process {held['process']})" if held else "another program"
        return f"The warehouse is in use: {holder} has it open. Wait for it, or close it there; then run again."
    return None


def is_locked(text: str) -> bool:
    """Whether the message of an error says that another program has the database open."""
    return LOCKED in text.lower()
