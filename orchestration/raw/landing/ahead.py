"""One thing ahead: the next is made in a thread while the last is worked on. Worth it where both leave Python alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Thing = TypeVar("Thing")


def ahead(things: Iterator[Thing]) -> Iterator[Thing]:
    """The things in their order, and what making them raises. No more than one is made that is not asked for."""
    nothing = object()
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, things, nothing)
        while (thing := coming.result()) is not nothing:
            coming = thread.submit(next, things, nothing)
            yield thing
