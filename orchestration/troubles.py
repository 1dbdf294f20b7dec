"""What stops a run and is no mistake of programming, in one sentence: for the page of the run and the terminal."""

import errno
import shutil
import sqlite3

import duckdb

from orchestration import ledger, release, run_lock, settings, spark
from orchestration.raw import folder, raw_tables, vault

OURS = (
    run_lock.InUse,
    ledger.LedgerBroken,
    vault.VaultBroken,
    folder.NoFolder,
    raw_tables.DoesNotAddUp,
    release.AuditFailed,
    release.NotInTheLedger,
    release.StaleSentences,
    spark.NoCluster,
)
HARDLY_ANY = 64_000_000  # bytes
NO_SPACE = ("no space left on device", "disk is full", "disk quota exceeded")
NO_MEMORY = (
    "max_temp_directory_size",
    "out of memory error",
    "could not allocate",
    "failed to allocate",
    "unable to allocate",
)


def sentence(error: BaseException) -> str | None:
    """The sentence for an error, or for whatever caused it; None where there is none."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        if isinstance(cause, OURS):
            return str(cause)
        if isinstance(cause, MemoryError | duckdb.OutOfMemoryException):
            return out_of(str(cause)) or out_of(NO_MEMORY[0])
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
            return out_of(NO_SPACE[0])
        if isinstance(cause, duckdb.Error | sqlite3.Error) and (said := out_of(str(cause))):
            return said
        if isinstance(cause, sqlite3.Error) and "disk i/o error" in str(cause).lower() and _hardly_any_room():
            return out_of(NO_SPACE[0])
        cause = cause.__cause__ or cause.__context__
    return None


def _hardly_any_room() -> bool:
    """Whether the disk is as good as full: SQLite calls it an I/O error where it cannot extend what it maps."""
    return shutil.disk_usage(settings.warehouse()).free < HARDLY_ANY


def out_of(text: str) -> str | None:
    """The sentence where a text, such as what dbt printed, tells of a full disk or too little memory."""
    text = text.lower()
    if any(sign in text for sign in NO_SPACE):
        return (
            f"The disk is full: make room where {settings.warehouse()} lies, then run again. "
            "Nothing was published; the last release is as it was."
        )
    if any(sign in text for sign in NO_MEMORY):
        return (
            f"The run needs more than the {settings.memory()} of memory and {settings.spill_size()} of disk it may "
            "use: allow more with SCORECARD_MEMORY and SCORECARD_SPILL, or run fewer months at a time. "
            "Nothing was published; the last release is as it was."
        )
    return None
