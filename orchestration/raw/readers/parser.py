"""The child process that parses deliveries, seen from the run: whatever a file does to it, it costs that file only."""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from orchestration.raw.readers.child import frames, limits
from orchestration.raw.readers.child.frames import Rejected

PROGRAM = Path(__file__).parent / "child"
# one thread in the libraries of the child: each reserves address space, which is what is limited
ENVIRONMENT = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1"}
# what openpyxl parses XML with, whatever else is installed
ENVIRONMENT |= {"OPENPYXL_DEFUSEDXML": "True", "OPENPYXL_LXML": "False"}

_lock = threading.Lock()
_running: subprocess.Popen[bytes] | None = None


def parse(kind: str, about: dict, content: bytes) -> tuple[dict, bytes]:
    """The child's result and bytes; Rejected where it rejects the file, dies or takes too long.

    One child serves many files (starting it takes 30 ms, openpyxl and pyarrow a third of a second each). One that dies
    of a file may have been hurt by the file before: a fresh one tries again, so that the verdict depends on the file
    alone.
    """
    with _lock:
        fresh = _running is None
        try:
            return _ask(kind, about, content)
        except _Died as death:
            if not fresh and not death.late:
                try:
                    return _ask(kind, about, content)
                except _Died as again:
                    death = again
            raise Rejected("unreadable", str(death)) from None


class _Died(Exception):
    def __init__(self, why: str, *, late: bool = False) -> None:
        super().__init__(why)
        self.late = late


def _ask(kind: str, about: dict, content: bytes) -> tuple[dict, bytes]:
    child = _child()
    late = threading.Event()

    def end() -> None:
        late.set()
        child.kill()

    clock = threading.Timer(limits.SECONDS, end)
    clock.start()
    try:
        requests, answers = _pipes(child)
        frames.send(requests, {"kind": kind, **about}, content)
        answer, payload = frames.receive(answers)
    except BaseException as error:  # an interruption, too, leaves a child that would answer the wrong question
        if isinstance(error, (OSError, EOFError)):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(1)  # its pipe may be gone before it is, and how it ended is to be known
        stop()
        if isinstance(error, (OSError, EOFError, ValueError)):
            raise _died(child.returncode, late.is_set()) from None
        raise
    finally:
        clock.cancel()
    if "rejected" in answer:
        raise Rejected(*answer["rejected"])
    return answer["found"], payload


def _died(code: int, late: bool) -> _Died:
    if late or code == -getattr(signal, "SIGXCPU", 0):
        seconds = limits.SECONDS if late else limits.PROCESSOR_SECONDS
        return _Died(f"the file takes more than {seconds} seconds to read: write it again, with less in it", late=True)
    if code == frames.OUT_OF_MEMORY:
        return _Died(
            f"the file takes more than {limits.MEMORY // 1_000_000_000} GB of memory to read: "
            "write it again, with less in it"
        )
    how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return _Died(f"reading the file makes the parser fail ({how}): it is damaged, write it again")


def _pipes(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert child.stdin is not None and child.stdout is not None  # as it was started
    return child.stdin, child.stdout


def _child() -> subprocess.Popen[bytes]:
    global _running  # noqa: PLW0603 - one child for the process
    if _running is None:
        _running = subprocess.Popen(
            [sys.executable, "-I", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | ENVIRONMENT,
        )
        try:
            frames.receive(_pipes(_running)[1])
        except (OSError, EOFError, ValueError):
            stop()
            raise RuntimeError(f"the program that parses deliveries does not start: {PROGRAM}") from None
    return _running


@atexit.register
def stop() -> None:
    """End the child, if there is one; the next file starts another."""
    global _running
    child, _running = _running, None
    if child is not None:
        with contextlib.suppress(OSError), child:  # it no longer reads the end of a message
            child.kill()


def _forget() -> None:
    """A fork has its parent's pipes and may not use them."""
    global _running, _lock
    _running, _lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
