"""Exceptions while one file is read, validated, compared or stored: each costs that file, unless it is of the run."""

import errno
import sqlite3

import duckdb
import polars as pl

from orchestration import settings
from orchestration.errors import with_causes
from orchestration.raw.files import folder, vault
from orchestration.warehouse import ledger, run_lock

# polars reports a panic as no Exception
UNEXPECTED = (Exception, pl.exceptions.PanicException)
# the next file would raise them as well
OF_THE_RUN = (
    MemoryError,
    sqlite3.Error,
    duckdb.OperationalError,  # its file, its lock, its memory
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.InterruptException,
    ledger.LedgerBroken,
    vault.VaultBroken,
    run_lock.InUse,
    folder.NoFolder,
)
LONGEST = 200  # characters of an exception's text: some quote a whole file
OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.EAGAIN}


def stops_the_run(error: BaseException) -> bool:
    """Whether an exception, or its cause, is of the machine and not of the file: disk, memory, database."""
    return any(
        isinstance(cause, OF_THE_RUN) or (isinstance(cause, OSError) and _of_the_machine(cause))
        for cause in with_causes(error)
    )


def rule(error: BaseException) -> str:
    """The message to the sender of a file whose check failed."""
    what = " ".join(f"{type(error).__name__}: {error}"[:LONGEST].split()) if str(error) else type(error).__name__
    return (
        f"checking this file failed unexpectedly ({what}), so nothing of it counts: report it with the file; "
        "the other deliveries are unaffected"
    )


def _of_the_machine(error: OSError) -> bool:
    ours = str(settings.warehouse())
    return error.errno in OF_THE_MACHINE or any(str(it).startswith(ours) for it in (error.filename, error.filename2))
