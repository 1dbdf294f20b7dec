"""Damage to rows, columns and header: twice, lost, moved, of another month, or the last delivery's."""

import csv
from random import Random

from orchestration import months
from tests.torture.ways import NUMBERS, TWINS, Base, cell, header, line, rows, text, written


def _total(random: Random, base: Base, its: list) -> list | None:
    places = base.places(*NUMBERS)
    if not places:
        return None
    row = ["" if random.random() < 0.5 else value for value in its[-1]]
    row[0] = random.choice(("Total", "", "All", "TOTAL", row[0]))
    for place in places:
        row[place] = f"{sum(float(each[place]) for each in its):.0f}"
    its.insert(random.choice((len(its), len(its) // 2)), row)
    return its


def _conflicting(random: Random, base: Base, its: list) -> list | None:
    places = base.places("comment", *NUMBERS)
    row = list(random.choice(its))
    place = random.choice(places)
    row[place] = row[place] + ("1" if base.extract.columns[place].kind in NUMBERS else " More.")
    its.insert(random.randrange(len(its) + 1), row)
    return its


def _later(by: int, *, every: bool):
    def edit(random: Random, base: Base, its: list) -> list | None:
        places = base.places("month")
        for row in its if every else [random.choice(its)]:
            for place in places:
                row[place] = months.key(months.shift(months.parse(row[place]), by))
        return its if places else None

    return edit


def _lost(random: Random, base: Base, its: list) -> list:
    gone = set(random.sample(range(len(its)), min(len(its), random.randint(1, 5))))
    return [row for number, row in enumerate(its) if number not in gone]


def _word_lost(random: Random, base: Base, its: list) -> list | None:
    places = base.places("word", "line")
    if not places:
        return None
    place = random.choice(places)
    word = random.choice(its)[place]
    return [row for row in its if row[place] != word] or None


def _months_end(random: Random, base: Base, its: list) -> list | None:
    first = [row for row in its if row[0] == its[0][0]]
    return first if len(first) < len(its) and "month" in base.table[0][0] else None


def _before(how):
    return lambda random, base: how(base) if base.before else None


def _old_figures(base: Base) -> bytes | None:
    """The last delivery's rows under this one's months."""
    places, old = base.places("month"), base.before.table[1:]
    if not places or len(old) != len(base.table) - 1:
        return None
    return base.of_rows(
        [
            [new[place] if place in places else value for place, value in enumerate(row)]
            for row, new in zip(old, base.table[1:], strict=True)
        ]
    )


def _restated(edit):
    """This delivery with the rows of the last one once more, their figures edited."""

    def damage(base: Base) -> bytes | None:
        places = base.places(*NUMBERS)
        old = [list(row) for row in base.before.table[1:]]
        for row in old:
            for place in places:
                row[place] = edit(row[place])
        return base.of_rows([*base.table[1:], *old]) if places else None

    return _before(damage)


def _column(edit):
    """The values of one column of figures moved against their rows."""

    def damage(random: Random, base: Base, its: list) -> list | None:
        places = base.places(*NUMBERS)
        if not places:
            return None
        place = random.choice(places)
        for row, value in zip(its, edit(random, [row[place] for row in its]), strict=True):
            row[place] = value
        return its

    return rows(damage)


def _swapped_names(random: Random, base: Base, names: list) -> list | None:
    alike = random.choice((NUMBERS, ("month", "word", "comment", "line", *NUMBERS)))
    places = base.places(*alike)
    if len(places) < 2:
        return None
    one, two = random.sample(places, 2)
    names[one], names[two] = names[two], names[one]
    return names


def _without_a_column(random: Random, base: Base) -> bytes:
    gone = random.randrange(len(base.table[0]))
    return written([row[:gone] + row[gone + 1 :] for row in base.table])


def _halves(random: Random, base: Base, its: list) -> list:
    return [*its, *its[: len(its) // 2 or 1]]


def _swapped_words(random: Random, base: Base, its: list) -> list | None:
    places = base.places("word", "line")
    if not places:
        return None
    place = random.choice(places)
    words = sorted({row[place] for row in its})
    if len(words) < 2:
        return None
    one, two = random.sample(words, 2)
    swapped = {one: two, two: one}
    for row in its:
        row[place] = swapped.get(row[place], row[place])
    return its


def _written_otherwise(random: Random, _: Base, names: list) -> list:
    how = random.choice((str.title, str.upper, str.capitalize, lambda name: f" {name} "))
    return [how(name).replace("_", random.choice((" ", "-", "_", "."))) for name in names]


EMPTY = ("", " ", ",", ",,,", "\u00a0", '"",""')
FOOTNOTES = (
    "\nSource: Performance desk",
    "\n-- \nPerformance desk\nTel. 020 7946 0000\n",
    '\n"Provisional, and subject\nto change",,\n\n(c) 2009\n',
)
DAMAGES = {
    "a total": rows(_total),
    "a row twice": rows(lambda random, _, its: [*its, list(random.choice(its))]),
    "a row twice, differing": rows(_conflicting),
    "half of the rows twice": rows(_halves),
    "all rows twice": rows(lambda _, base, its: its + its),
    "another month": rows(_later(-1, every=True)),
    "a later month": rows(_later(1, every=True)),
    "a row of another month": rows(
        lambda random, base, its: _later(random.choice((-1, 1)), every=False)(random, base, its)
    ),
    "a row of another century": rows(
        lambda random, base, its: _later(random.choice((-1200, 1200)), every=False)(random, base, its)
    ),
    "cut at the end of a month": rows(_months_end),
    "rows lost": rows(_lost),
    "a word lost": rows(_word_lost),
    "header twice": text(lambda _, all: (all.split("\n", 1)[0] + "\n" + all).encode()),
    "no header": text(lambda _, all: all.split("\n", 1)[1].encode()),
    "a title above the header": text(lambda _, all: ("Monthly extract\n" + all).encode()),
    "a column missing": _without_a_column,
    "a column renamed": header(
        lambda _, base, names: [name + "_2" if place == 0 else name for place, name in enumerate(names)]
    ),
    "a column nobody knows": lambda _, base: written(
        [[*row, "remark" if place == 0 else "checked"] for place, row in enumerate(base.table)]
    ),
    "a column in look-alike letters": header(lambda _, base, names: [name.translate(TWINS) for name in names]),
    "names of columns swapped": header(_swapped_names),
    "two deliveries in one": _before(lambda base: base.before.content + base.content),
    "the last delivery again": _before(lambda base: base.before.content),
    "the last delivery's figures": _before(_old_figures),
    "the last months as noughts": _restated(lambda _: "0"),
    "the last months doubled": _restated(lambda value: f"{2 * float(value):.6f}".rstrip("0").rstrip(".")),
    "a column sorted by itself": _column(lambda _, values: sorted(values, key=float)),
    "a column moved down": _column(lambda _, values: [*values[-1:], *values[:-1]]),
    "a column of noughts": _column(lambda _, values: ["0"] * len(values)),
    "two words exchanged": rows(_swapped_words),
}
HARMLESS = {
    "a byte order mark": lambda _, base: b"\xef\xbb\xbf" + base.content,
    "Windows line ends": text(lambda _, all: all.replace("\n", "\r\n").encode()),
    "rows in another order": rows(lambda random, _, its: random.sample(its, len(its))),
    "columns in another order": lambda random, base: written(
        [*zip(*random.sample([*zip(*base.table, strict=True)], len(base.table[0])), strict=True)]
    ),
    "everything in quotation marks": lambda _, base: written(base.table, quoting=csv.QUOTE_ALL),
    "names of columns in another way": header(_written_otherwise),
    "trailing commas": text(lambda _, all: all.replace("\n", ",\n").encode()),
    "a trailing comma": line(lambda _, row: row + ","),
    "a column of nothing": lambda random, base: written(
        [[*row, random.choice(("remark", "")) if place == 0 else ""] for place, row in enumerate(base.table)]
    ),
    "an empty line": line(lambda random, row: row + "\n" + random.choice(EMPTY)),
    "empty lines above and below": text(
        lambda random, all: "\n".join(["", random.choice(EMPTY), all + random.choice(EMPTY), ""]).encode()
    ),
    "a footnote": text(lambda random, all: (all + random.choice(EMPTY) + random.choice(FOOTNOTES)).encode()),
    "commas declared": text(lambda _, all: ("sep=,\n" + all).encode()),
    "a line break in a comment": cell(
        ("comment",), lambda random, value: value.replace(" ", random.choice(("\n", "\r\n", " \n")), 1)
    ),
}
