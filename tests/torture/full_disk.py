"""A disk that fills up during a run, at many sizes: refused whole or published whole, the old files as they were.

The disk is a small file system in memory, which only root may mount.
"""

import hashlib
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.conftest import Built
from tests.torture.rooms import AUGUST, NEW, OLD, Outcome, current, damage

BLOCK = 4096


def possible() -> bool:
    """Whether small file systems can be mounted here."""
    with tempfile.TemporaryDirectory() as there:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", there], capture_output=True, check=False)
        if mounted.returncode == 0:
            subprocess.run(["umount", there], check=True)
        return mounted.returncode == 0


def run(times: int, base: Built, workers: int = 2) -> Outcome:
    """Run August on disks of so many sizes, from no free block to more than enough."""
    with ThreadPoolExecutor(workers) as pool:
        full = _used(base.warehouse)
        enough = _needed(base, full)
        sizes = [full + enough * number // max(times - 1, 1) for number in range(times)]
        found = list(pool.map(lambda size: _one(base, size, size - full), sizes))
    broken = [sentence for _, sentences in found for sentence in sentences]
    published = sum(name == NEW for name, _ in found)
    measured = f"{times - published} refused, {published} published; up to {enough / 2**20:.0f} MB free"
    return Outcome("disk full", times, broken, measured)


def _used(folder: Path) -> int:
    """The blocks that the files of a folder take, in bytes, with some for the folders themselves."""
    return sum(-(-path.lstat().st_size // BLOCK) * BLOCK + BLOCK for path in folder.rglob("*")) + 64 * BLOCK


def _needed(base: Built, full: int) -> int:
    """How much a run writes at most, with a margin: found by a run on a disk that is large enough."""
    with _on_a_disk(base, full + 2**30, "enough") as (built, disk):
        done = built.command(*AUGUST)
        assert done.returncode == 0, done.stderr
        return int(1.3 * (shutil.disk_usage(disk).used - full)) + 8 * 2**20


class _on_a_disk:  # noqa: N801
    """The project with its warehouse on a disk of that size."""

    def __init__(self, base: Built, size: int, name: str):
        self.base, self.size, self.name = base, size, name

    def __enter__(self) -> tuple[Built, Path]:
        self.project = self.base.project.with_name(f"disk {self.name}")

        def leave(folder: str, _: list[str]) -> set[str]:
            return {"warehouse"} if Path(folder) == self.base.project else set()

        shutil.copytree(self.base.project, self.project, ignore=leave)
        self.disk = self.project / "warehouse"
        self.disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.size}", "tmpfs", self.disk], check=True)
        subprocess.run(["cp", "-a", f"{self.base.warehouse}/.", self.disk], check=True)
        return Built(self.project), self.disk

    def __exit__(self, *_) -> None:
        subprocess.run(["umount", "-l", self.disk], check=True)
        shutil.rmtree(self.project)


def _one(base: Built, size: int, free: int) -> tuple[str, list[str]]:
    with _on_a_disk(base, size, str(free)) as (built, disk):
        old = {path: _digest(path) for path in (built.warehouse / "releases").rglob("*") if path.is_file()}
        done = built.command(*AUGUST)
        found = current(built)
        broken = damage(built)
        broken += [f"{path.name} of {path.parent.name} changed" for path in old if _digest(path) != old[path]]
        if found not in (OLD, NEW):
            broken.append(f"readers see {found}")
        if "Traceback" in done.stderr:
            broken.append(f"a traceback: {done.stderr}")
        if done.returncode == 0 and found != NEW:
            broken.append("it says that it published, and did not")
        if done.returncode and "The disk is full" not in done.stderr and "disk is full" not in done.stderr:
            broken.append(f"it does not say that the disk is full: {done.stderr}")
        subprocess.run(["mount", "-o", f"remount,size={size + 2**30}", disk], check=True)
        after = built.command(*AUGUST)
        if after.returncode or built.command("verify").returncode or current(built) != NEW:
            broken.append(f"with room again: {after.stderr}")
        return found, [f"{free:,} bytes free: {says}" for says in broken]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
