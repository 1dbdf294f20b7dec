"""Reading a release: a connection that shows what is published, and through which SQL reaches nothing else."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration import settings

if TYPE_CHECKING:
    import duckdb

CONFIGURATION: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    # a name in a query is a table of the release, never a variable of the caller's
    "python_enable_replacements": "false",
    # a sort too large for the memory fails instead of writing beside the release
    "temp_directory": "",
}
# Without external access DuckDB still lets SQL read and overwrite the open database and its log: these close that too.
# They cannot be set before the database is open.
LOCKS = ("set disabled_filesystems = 'LocalFileSystem'", "set lock_configuration = true")
_opening = threading.Lock()


def connect(release: str | None = None) -> "duckdb.DuckDBPyConnection":
    """The release that readers see now, or the one of that name, for reading; it stays on it while others come.

    SQL sent through it cannot change the release, reach files or the network, load extensions or undo any of this.
    Raises FileNotFoundError, with a sentence, where there is no such release.
    """
    # only now: importing the package should not wait for it
    import duckdb  # noqa: PLC0415

    database = str(_folder(release) / settings.SCORECARD)
    # connections of one process to one database share its settings: only the first finds them open
    with _opening:
        connection = duckdb.connect(database, read_only=True, config=CONFIGURATION)
        if connection.execute("select current_setting('lock_configuration')").fetchall() == [(False,)]:
            for lock in LOCKS:
                connection.execute(lock)
    return connection


def _folder(release: str | None) -> Path:
    """The folder of the release. The link `current` is followed here, once."""
    if release is None and not settings.current().is_symlink():
        raise FileNotFoundError("There is no release yet: make one with `make scorecard`.")
    there = {path.parent.name: path.parent for path in settings.releases().glob(f"[!.]*/{settings.SCORECARD}")}
    name = settings.current().readlink().name if release is None else release
    if name not in there:
        has = f"it holds {', '.join(sorted(there))}" if there else "it holds none"
        raise FileNotFoundError(f"There is no release '{name}' in {settings.releases()}: {has}.")
    return there[name]
