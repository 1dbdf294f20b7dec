"""Whether a process has a file open for writing, where the operating system can say so."""

import fcntl
import os
import re
import signal
from pathlib import Path

from orchestration.warehouse.files import open_untrusted

# Kinds of file systems whose writers are all processes of this machine. On a network drive the writer may be another
# machine, and its lease would say nothing about that.
LOCAL = ("bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs")
MOUNTS = Path("/proc/self/mountinfo")


def open_for_writing(path: Path) -> bool | None:
    """Whether a process has the file open for writing; None where that cannot be known.

    Linux grants a read lease only on a file that nobody has open for writing, to its owner or root; it is given back
    at once.
    """
    if not hasattr(fcntl, "F_SETLEASE") or _file_system(path.parent) not in LOCAL:
        return None
    try:
        descriptor = open_untrusted(path)
    except OSError:
        return None
    try:
        # who opens the file in this very moment has the holder of the lease sent a signal: one that a process ignores
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False
    except BlockingIOError:
        return True
    except OSError:  # not our file, or a file system without leases
        return None
    finally:
        os.close(descriptor)


def _file_system(folder: Path) -> str | None:
    """The kind of file system that a folder lies on; None where the system does not list its mounts."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    kinds = {}
    for line in lines:  # a later mount lies over an earlier one
        place, _, kind = line.partition(" - ")
        mounted_at = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), place.split(" ")[4])
        kinds[Path(mounted_at)] = kind.split(" ")[0]
    folder = folder.resolve()
    return next((kinds[place] for place in (folder, *folder.parents) if place in kinds), None)
