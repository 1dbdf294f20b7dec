"""Whether a sentence has kept up with its numbers. Pure rules: what was printed, and what would be printed now."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from orchestration import months
from orchestration.scorecard import comments


class Sentence(NamedTuple):
    """A delivered sentence that prints otherwise than it is published: as delivered, and both its printed forms."""

    report_month: date
    line: str
    delivered: str
    file: str
    before: str
    now: str

    @property
    def printed(self) -> tuple[date, str, str]:
        """What a confirmation is of: the line, and exactly the text that would be printed now."""
        return self.report_month, self.line, self.now


def is_stale(sentence: Sentence, figures: Mapping[str, str]) -> bool:
    """Whether it is the sentence that was published, with other numbers in it: the words around them may be wrong.

    `figures` are the figures of the line as published, by name. The delivered sentence filled with them is what it
    said then: where that is what was published, nobody has changed a word since. Other words are a new sentence.
    """
    names = comments.placeholders(sentence.delivered)
    if any(name not in figures for name in names):
        return False
    return sentence.before != sentence.now and comments.fill(sentence.delivered, figures) == sentence.before


def told(stale: list[Sentence]) -> str:
    """Every stale sentence, before and now, and what to do about each card."""
    by_month: dict[date, list[Sentence]] = {}
    for sentence in stale:
        by_month.setdefault(sentence.report_month, []).append(sentence)
    parts = [
        "The numbers in these sentences changed since they were published, and the words around them may be wrong. "
        "Read them, then run again:"
    ]
    for month, of_month in by_month.items():
        key = months.key(month)
        for each in of_month:
            parts += [f"{key}, line {each.line}", f"  before: {each.before}", f"  now:    {each.now}"]
        which = f" LINE={_quoted(of_month[0].line)}" if len(of_month) == 1 else " [LINE=...]"
        parts.append(
            f'To keep the words: make confirm MONTH={key}{which} REASON="..."; '
            f"to change them: deliver {of_month[0].file} anew."
        )
    return "\n".join(parts)


def _quoted(line: str) -> str:
    return f'"{line}"' if " " in line else line
