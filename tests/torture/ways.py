"""How a damage is written down: from chance and a sound delivery to bytes, or None where it does not apply."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random

from orchestration.raw.sources.declarations import Extract

NUMBERS = ("count", "money", "measure")
MONTHS = ("month",)
WORDS = ("word", "line", "comment")


@dataclass(frozen=True)
class Base:
    """A sound delivery of the sample, and the one before it."""

    extract: Extract
    month: date
    content: bytes
    before: "Base | None"

    @cached_property
    def table(self) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.content.decode())))

    def places(self, *kinds: str) -> list[int]:
        of_columns = ["word" if column.place else column.kind for column in self.extract.columns]
        return [place for place, kind in enumerate(of_columns) if kind in kinds]

    def of_rows(self, rows: list[list[str]]) -> bytes:
        return written([self.table[0], *rows])


def written(table: list[list[str]], **how) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", **how).writerows(table)
    return out.getvalue().encode()


def cell(kinds: tuple[str, ...], edit, *, every: bool = False):
    """One cell of such a column edited, or the whole column."""

    def damage(random: Random, base: Base) -> bytes | None:
        places = base.places(*kinds)
        if not places:
            return None
        place = random.choice(places)
        chosen = range(1, len(base.table)) if every else [random.randrange(1, len(base.table))]
        table = [list(row) for row in base.table]
        for number in chosen:
            new = edit(random, table[number][place])
            if new is None:
                return None
            table[number][place] = new
        return written(table)

    return damage


def line(edit):
    """One line of the text edited; the header is line 0."""

    def damage(random: Random, base: Base) -> bytes | None:
        lines = base.content.decode().splitlines()
        number = random.randrange(1, len(lines))
        new = edit(random, lines[number])
        return None if new is None else ("\n".join([*lines[:number], new, *lines[number + 1 :]]) + "\n").encode()

    return damage


def text(edit):
    """The whole text edited."""
    return lambda random, base: edit(random, base.content.decode())


def rows(edit):
    """The rows below the header edited, as lists of cells."""

    def damage(random: Random, base: Base) -> bytes | None:
        new = edit(random, base, [list(row) for row in base.table[1:]])
        return None if new is None else base.of_rows(new)

    return damage


def header(edit):
    """The names in the header edited."""

    def damage(random: Random, base: Base) -> bytes | None:
        new = edit(random, base, list(base.table[0]))
        return None if new is None else written([new, *base.table[1:]])

    return damage


def put(random: Random, value: str, what: str) -> str:
    place = random.randrange(len(value) + 1)
    return value[:place] + what + value[place:]


# letters of other scripts that look like these
TWINS = str.maketrans("aeopcyxiHKMBTACE", "аеорсухіНКМВТАСЕ")
