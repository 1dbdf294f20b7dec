"""Passing lines of text to a command of the user, which may mail, post or file them."""

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
LONGEST = 300  # bytes of its errors that are reported


class NotHandedOver(UserError):
    """What is to be reported was not handed over; the message says what, and why."""


def hand_over(lines: list[str], not_handed_over: str = "") -> str | None:
    """Run the user's command with these lines on its standard input, if there are any.

    Returns None, or one sentence that says what was not handed over (by default the notices of a release) and why.
    """
    command = settings.notify().strip()
    if not (command and lines):
        return None
    try:
        failed = _run(shlex.split(command), "".join(f"{line}\n" for line in lines).encode())
    except ValueError as error:  # a quotation that is not closed
        failed = f"is no command: {str(error).lower()}"
    except OSError as error:
        failed = f"cannot be run: {error.strerror}"
    if failed is None:
        return None
    count = "1 notice was" if len(lines) == 1 else f"{len(lines)} notices were"
    what = not_handed_over or f"The release is published, but its {count} not handed over"
    return f"{what}: SCORECARD_NOTIFY ({command}) {failed}."


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
