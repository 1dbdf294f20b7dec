"""The child: a program of its own that parses what it is sent, within limits, and sends back what it found.

It is started with nothing of the pipeline on its path and no descriptor but its pipes. It may die of a file.
"""

import importlib
import os
import sys

import frames
import limits

try:
    import resource
except ImportError:  # a system without such limits, where the clock of the run is the only one
    resource = None  # type: ignore[assignment]


# module and function, imported with the first call: openpyxl and pyarrow take a third of a second each; and what a file
# is rejected with for whatever else it makes them raise
READERS = {
    "workbook": ("sheet", "read", frames.BROKEN_SHEET),
    "footer": ("columns", "footer", frames.BROKEN_PARQUET),
    "table": ("columns", "table", frames.BROKEN_PARQUET),
}


def limit() -> None:
    """Take away what no parser needs, as far as the system can."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.PROCESSOR_SECONDS
    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        try:
            resource.setrlimit(what, (most, resource.getrlimit(what)[1]))
        except (ValueError, OSError):
            continue


def answer(about: dict, content: bytes) -> tuple[dict, bytes]:
    """What a message is answered with: what was found, or the code and message of a rejection, and bytes."""
    module, function, broken = READERS[about["kind"]]
    reader = getattr(importlib.import_module(module), function)
    try:
        found, payload = reader(about, content)
    except frames.Rejected as why:
        return {"rejected": [why.code, why.rule]}, b""
    except MemoryError:
        raise
    except Exception:
        return {"rejected": ["unreadable", broken]}, b""
    return {"found": found}, payload


def main() -> None:
    """Answer messages until the run ends."""
    sys.dont_write_bytecode = True
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):  # whatever a library prints is no answer
        os.dup2(nowhere, descriptor)
    limit()
    frames.send(answers, {})  # it is ready
    while True:
        try:
            request = frames.receive(requests)
        except EOFError:
            return
        limit()  # the seconds count from here
        frames.send(answers, *answer(*request))


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        os._exit(frames.OUT_OF_MEMORY)  # at once: to end in order would need memory
