"""A bucket of object storage: opening it by its address, and what stops its use as one sentence."""

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from orchestration.errors import UserError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

Item = TypeVar("Item")
TOGETHER = 8  # objects that are copied at the same time
RETRIED = timedelta(seconds=15)  # with a time-out of 30 s within the 60 that Dagster gives a sensor
# how the library's message, or the server's answer in it, names what went wrong, and what a person calls it
REASONS = (
    (r"/latest/(api/token|meta-data)", "there are no credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)"),
    (r"<Message>([^<]+?)\.?</Message>", r"its server answers: \1"),
    (r"status code: (\d+ [\w ]+)", r"its server answers: \1"),
    (r"\bTimedOut\b", "it did not answer in time"),
    (r"kind: Connect\b", "nothing answers at its address"),
    (r"kind: (Body|Decode|Interrupted)\b|\bIncompleteMessage\b", "the transfer was cut off"),
)


class Unusable(UserError):
    """A bucket cannot be used; the message names the setting, the address and the reason."""


@contextmanager
def opened(setting: str, address: str) -> Iterator["ObjectStore"]:
    """The bucket at an address (s3://bucket/prefix) that a setting names. Raises Unusable, whatever fails inside.

    Endpoint, region, credentials and time-out are those of the variables AWS_*. What fails is tried again for a while.
    """
    try:
        # only now: it is an extra, and nobody else should wait for it
        from obstore.exceptions import BaseError  # noqa: PLC0415
        from obstore.store import from_url  # noqa: PLC0415
    except ImportError:
        raise Unusable(
            f"{setting} is a bucket ({address}), which needs one more package: install it with `make bucket`."
        ) from None
    try:
        yield from_url(address, retry_config={"retry_timeout": RETRIED})
    except (BaseError, FileNotFoundError) as error:
        raise Unusable(
            f"{setting} ({address}) cannot be used: {_reason(str(error))}. Correct that, or wait until the bucket can "
            "be reached; then run again."
        ) from error


def for_each(items: Iterable[Item], do: Callable[[Item], object]) -> None:
    """Do it for each, several at a time; what is not begun when one fails is left."""
    with ThreadPoolExecutor(TOGETHER) as threads:
        for _ in threads.map(do, items):
            pass


def _reason(message: str) -> str:
    for pattern, reason in REASONS:
        if found := re.search(pattern, message):
            return found.expand(reason)
    return message.splitlines()[0].rstrip(".")
