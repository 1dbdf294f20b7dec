"""Handing lines of text to a command of the user's, which may mail them, post them or file them."""

import os
import shlex
import signal
import subprocess
import tempfile
from contextlib import suppress
from typing import BinaryIO

from orchestration import settings
from orchestration.errors import UserError

PATIENCE = 60  # seconds the command may take
LONGEST = 300  # bytes of what it complains of that are told


class NotHandedOver(UserError):
    """What is to be reported was not handed over; the message says what, and why."""


def hand_over(lines: list[str], not_handed_over: str = "") -> str | None:
    """Run the command that the user named with these lines on its standard input; nothing where there are none.

    Returns None, or one sentence that says what was not handed over (by default the notices of a release) and why.
    """
    told = settings.notify().strip()
    if not (told and lines):
        return None
    try:
        command = shlex.split(told)
        failed = _run(command, "".join(f"{line}\n" for line in lines).encode())
    except ValueError as error:  # a quotation that is not closed
        failed = f"is no command: {str(error).lower()}"
    except OSError as error:
        failed = f"cannot be run: {error.strerror}"
    if failed is None:
        return None
    count = "1 notice was" if len(lines) == 1 else f"{len(lines)} notices were"
    what = not_handed_over or f"The release is published, but its {count} not handed over"
    return f"{what}: SCORECARD_NOTIFY ({told}) {failed}."


def _run(command: list[str], text: bytes) -> str | None:
    """What went wrong; None where nothing did."""
    # a file, not a pipe: a pipe that something it started holds open would be waited for
    with tempfile.TemporaryFile() as complaints:
        running = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints, start_new_session=True
        )
        try:
            running.communicate(text, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return f"was still running after {PATIENCE} s and was ended"
        finally:
            if running.poll() is None:
                _end(running)
        return f"ended with exit code {running.returncode}{_last_line(complaints)}" if running.returncode else None


def _end(running: subprocess.Popen) -> None:
    """End the command and whatever it started."""
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def _last_line(complaints: BinaryIO) -> str:
    """The last thing it complained of, as it can be printed."""
    complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - LONGEST))
    said = complaints.read().decode(errors="replace").strip().splitlines()
    return f', saying "{"".join(sign for sign in said[-1] if sign.isprintable())}"' if said else ""
