"""Passing lines of text to a command of the user, which may mail, post or file them.

What the command did not take is kept in a file and passed on before anything newer: by the next hand-over, or by a
sensor after an hour.
"""

import fcntl
import os
import shlex
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from orchestration import settings
from orchestration.errors import UserError

PATIENCE = 60  # seconds the command may take
LONGEST = 300  # bytes of its errors that are reported
AGAIN = 3600  # seconds after which the sensor tries again


class NotHandedOver(UserError):
    """What is to be reported was not handed over; the message says what, and why."""


def hand_over(lines: list[str], not_handed_over: str = "") -> str | None:
    """Run the user's command with these lines on its standard input, after those that it did not take before.

    Returns None, or one sentence that says what was not handed over (by default the notices of a release) and why.
    """
    command = settings.notify().strip()
    if not command or not (lines or settings.unsent().exists()):
        return None
    text = "".join(f"{line}\n" for line in lines).encode()
    what = not_handed_over or "The release is published, but its notices were not handed over"
    try:
        with _unsent() as unsent:
            if (failed := _outcome(command, unsent.read() + text)) is None:
                unsent.truncate(0)
                return None
            unsent.write(text)
        os.utime(settings.unsent())
    except OSError as error:
        return f"{what}, and could not be kept: {settings.unsent()} cannot be written: {error.strerror}."
    return f"{what}: SCORECARD_NOTIFY ({command}) {failed}. It is kept and handed over first the next time."


def hand_over_again() -> str | None:
    """Hand over what the command did not take an hour ago or more. Returns what went wrong, in a sentence."""
    with suppress(FileNotFoundError):
        kept = settings.unsent().stat()
        if kept.st_size and time.time() - kept.st_mtime >= AGAIN:
            return hand_over([], "What was not handed over before still is not")
    return None


@contextmanager
def _unsent() -> Iterator[BinaryIO]:
    """The file of what was not handed over, locked: a run and the daemon may report at the same time."""
    settings.unsent().parent.mkdir(parents=True, exist_ok=True)
    with settings.unsent().open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield file


def _outcome(command: str, text: bytes) -> str | None:
    """Why the command did not take the text; None where it did."""
    if not text:
        return None
    try:
        return _run(shlex.split(command), text)
    except ValueError as error:  # a quotation that is not closed
        return f"is no command: {str(error).lower()}"
    except OSError as error:
        return f"cannot be run: {error.strerror}"


def _run(command: list[str], text: bytes) -> str | None:
    """What went wrong; None where nothing did."""
    # a file, not a pipe: one that a program started by it holds open would be waited for
    with tempfile.TemporaryFile() as errors:
        running = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
        )
        try:
            running.communicate(text, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return f"was still running after {PATIENCE} s and was ended"
        finally:
            if running.poll() is None:
                _end(running)
        return f"ended with exit code {running.returncode}{_last_line(errors)}" if running.returncode else None


def _end(running: subprocess.Popen) -> None:
    """End the command and whatever it started."""
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def _last_line(errors: BinaryIO) -> str:
    """The last line of its errors, without what cannot be printed."""
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - LONGEST))
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return f' and the message "{"".join(sign for sign in lines[-1] if sign.isprintable())}"' if lines else ""
