"""What a reader must know of a figure before using it: a letter, a word, and what it means."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """A mark: its letter beside a figure, None where its absence shows it, and its meaning."""

    letter: str | None
    meaning: str


MARKS = {
    "provisional": Mark("p", "a provisional month entered the figure, which may still change"),
    "accepted": Mark("a", "rests on a delivery with rows left out or in doubt, which was accepted"),
    "replacement waiting": Mark("w", "rests on a delivery for which a replacement waits that is not valid"),
    "changed rule": Mark(
        "c", "the rule of its figure or letter changed since the card before: the remark compares both"
    ),
    "incomplete": Mark(None, "a month that the figure needs is not known, so that it has no value"),
}


def of_line(row: dict) -> list[str]:
    """The marks of a row of the scorecard, in the order of the key."""
    marked = {
        "provisional": row["provisional"],
        "accepted": row["accepted"],
        # a release of an earlier version has no such column
        "replacement waiting": row.get("replacement_waiting"),
        "changed rule": row.get("rule_change"),
        "incomplete": incomplete(row),
    }
    return [mark for mark in MARKS if marked[mark]]


def letters(row: dict) -> list[str]:
    """The same as letters, where one stands beside the figure."""
    return [letter for mark in of_line(row) if (letter := MARKS[mark].letter)]


def remarks(row: dict) -> dict[str, str]:
    """What was remarked on the deliveries and the rule behind a line, by letter."""
    found = {"a": row["accepted"], "w": row.get("replacement_waiting"), "c": row.get("rule_change")}
    return {letter: remark for letter, remark in found.items() if remark}


def incomplete(row: dict) -> bool:
    """Whether the line has a measure, and no figure."""
    return row["measure"] is not None and row["value"] is None
