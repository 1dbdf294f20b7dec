"""Which file system a folder lies on: SQLite, DuckDB and locks need one of this machine's own."""

from pathlib import Path

from orchestration.errors import UserError

MOUNTS = Path("/proc/self/mounts")
OVER_A_NETWORK = ("nfs", "cifs", "smb", "afs", "ceph", "glusterfs", "lustre", "9p", "fuse.sshfs", "fuse.s3fs")


class OverANetwork(UserError):
    """A folder lies on another machine's disk; the message says which, and what to do."""


def check(folder: Path) -> None:
    """Raise OverANetwork where the folder lies on a network file system. Says nothing where that cannot be seen."""
    kind = kind_of(folder)
    if kind and kind.startswith(OVER_A_NETWORK):
        raise OverANetwork(
            f"{folder} lies on a network file system ({kind}), on which locks do not hold and databases break: put "
            "SCORECARD_WAREHOUSE and DAGSTER_HOME on a disk of this machine, and copy releases from there."
        )


def kind_of(folder: Path) -> str | None:
    """The type of the file system that a folder lies on, or will lie on once it is made; None where nothing says so."""
    try:
        lines = [line.split() for line in MOUNTS.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return None
    place = folder.resolve()
    # a space in a name is written as \040; of two mounts over each other the later counts
    mounts = {Path(fields[1].replace("\\040", " ")): fields[2] for fields in lines}
    found = [mount for mount in mounts if place.is_relative_to(mount)]
    return mounts[max(found, key=lambda mount: len(mount.parts))] if found else None
