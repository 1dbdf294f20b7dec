"""Writing and reading files: atomic writes, and never a file that another library holds open in this process.

Everything is written by `replacing`: under a temporary name in the same folder, synced, then renamed. A reader finds
the old file or the new one, and a full disk or a crash leaves the old one as it was.

Closing a file drops every lock that this process has on it: DuckDB and SQLite would rely on theirs while a second
writer comes in. So nothing here opens a file that is open in this process already.
"""

import hashlib
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

PART = ".part"
READ_ONLY, WRITABLE = 0o444, 0o222
_numbers = count()


class OpenHere(RuntimeError):
    """The file is open in this process: opening it a second time would lose the lock of the first."""


@contextmanager
def replacing(path: Path, mode: int | None = None) -> Iterator[Path]:
    """A temporary path to write the new content of `path` to; at the end it is synced and takes its place.

    Without a mode, its mode is up to the umask.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        _refuse_if_open(path)
    made = part_of(path)
    try:
        yield made
        if mode is not None:
            made.chmod(mode)
        sync(made)
        made.rename(path)
    except BaseException:
        with suppress(OSError):
            made.unlink(missing_ok=True)
        raise
    sync(path.parent)


def write(path: Path, content: bytes | str, mode: int | None = None) -> None:
    """Write a whole file."""
    with replacing(path, mode) as made:
        made.write_bytes(content.encode() if isinstance(content, str) else content)


def point(link: Path, target: Path) -> None:
    """Move a link to another target, in one rename."""
    made = part_of(link)
    try:
        made.symlink_to(target)
        made.rename(link)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    sync(link.parent)


def names(folder: Path) -> list[str]:
    """The relative names of all files in a folder and its subfolders, in order.

    Text, not paths: a release of 20 years has some 20,000 files.
    """
    found = []
    for inner, _, here in os.walk(folder):
        of_folder = "" if inner == str(folder) else f"{os.path.relpath(inner, folder)}/"
        found += [of_folder + name for name in here]
    return sorted(found)


def within(folder: Path) -> dict[str, os.stat_result]:
    """The same, with the status of each file."""
    return {name: os.lstat(f"{folder}/{name}") for name in names(folder)}


def seal(folder: Path, sealed: Collection[str] = ()) -> None:
    """Sync every file within a folder and make it read-only; from here on it does not change.

    Leaves out those that are `sealed` already, as hard links to files of another folder.
    """
    for name in names(folder):
        if name not in sealed:
            sync(folder / name)
            (folder / name).chmod(READ_ONLY)
    for inner, _, _ in os.walk(folder):
        sync(Path(inner))


def link(source: Path, target: Path) -> list[str]:
    """Hard-link every file within a sealed folder into another one, or copy it where the disk cannot.

    Returns the names of those that are linked.
    """
    linked = []
    there = names(source)
    for inner in {os.path.dirname(name) for name in there}:  # noqa: PTH120
        (target / inner).mkdir(parents=True, exist_ok=True)
    for name in there:
        try:
            os.link(f"{source}/{name}", f"{target}/{name}")
            linked.append(name)
        except OSError:
            shutil.copyfile(f"{source}/{name}", f"{target}/{name}")
    return linked


def part_of(path: Path) -> Path:
    """A temporary name for a path: hidden, in the same folder, and nobody else's."""
    return path.with_name(f".{path.name}.{os.getpid()}-{next(_numbers)}{PART}")


def left_over(folder: Path) -> list[Path]:
    """Temporary files that a process that died left behind in a folder."""
    return sorted(folder.glob(f".*{PART}"))


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder, read-only or not."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def open_untrusted(path: Path) -> int:
    """A descriptor to read a file that others delivered, without following a link or waiting on a pipe."""
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    _refuse_if_open(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Sync a file, or the names in a folder, to the disk."""
    _refuse_if_open(path)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_if_open(path: Path) -> None:
    there = path.stat()
    if path.is_dir():
        return  # no library locks a folder
    for open_here in Path("/dev/fd").iterdir():
        with suppress(OSError, ValueError):
            if os.path.samestat(os.fstat(int(open_here.name)), there):
                raise OpenHere(f"{path} is open in this process: close it before it is read or synced")
