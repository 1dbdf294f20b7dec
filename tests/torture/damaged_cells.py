"""Damage to cells: numbers, months, places and words as people and spreadsheets write them."""

from datetime import date
from random import Random

from orchestration import months
from tests.torture.ways import MONTHS, NUMBERS, TWINS, WORDS, Base, cell, put


def _thousands(sign: str):
    def edit(_: Random, value: str) -> str | None:
        return f"{int(float(value)) + 12_000:,}".replace(",", sign) if value else None

    return edit


DATES = ("%Y-%m-%d", "%Y/%m", "%d/%m/%Y", "%m/%d/%Y", "%b-%y", "%B %Y", "%Y%m", "%y-%m", "%m-%Y", "%d.%m.%Y")
DATES += ("%d-%b-%y", "%Y-%m-%dT00:00:00", "%Y-%b", "%YM%m")


def _date(random: Random, value: str) -> str:
    return months.parse(value).strftime(random.choice(DATES))


def _times(factor: float):
    def edit(random: Random, value: str) -> str:
        return f"{float(value) * factor:.6f}".rstrip("0").rstrip(".")

    return cell(NUMBERS, edit, every=True)


def _borough(edit):
    def damage(random: Random, base: Base) -> bytes | None:
        places = [place for place, column in enumerate(base.extract.columns) if column.place]
        if not places:
            return None
        word = random.choice(base.extract.columns[places[0]].words)
        new = edit(random, word)
        if not new or new == word:
            return None
        return base.of_rows([[new if value == word else value for value in row] for row in base.table[1:]])

    return damage


def _around(word: str) -> str | None:
    found = next((middle for middle in (" and ", " upon ", " ") if middle in word), None)
    return found and found.join(reversed(word.split(found, 1)))


DAMAGES = {
    "digits of other scripts": cell(
        (*NUMBERS, *MONTHS),
        lambda random, value: value.translate(
            {48 + digit: chr(random.choice((0x660, 0x6F0, 0x966, 0xFF10, 0x1D7CE)) + digit) for digit in range(10)}
        ),
    ),
    "thousands in quotation marks": cell(NUMBERS, _thousands(",")),
    "thousands with another sign": cell(
        NUMBERS, lambda random, value: _thousands(random.choice("' \u00a0\u202f’"))(random, value)
    ),
    "decimals of a count": cell(("count",), lambda random, value: value + random.choice((".0", ".5", ",0", "."))),
    "exponents": cell(NUMBERS, lambda random, value: random.choice((f"{float(value):.3e}", "1e3", "2E+2"))),
    "O for 0": cell((*NUMBERS, *MONTHS), lambda _, value: value.replace("0", "O", 1) if "0" in value else None),
    "l for 1": cell(
        (*NUMBERS, *MONTHS), lambda random, value: value.replace("1", random.choice("lI|"), 1) if "1" in value else None
    ),
    "a sign": cell(NUMBERS, lambda random, value: random.choice("+−-–") + value if float(value) else None),
    "a currency or percent sign": cell(
        NUMBERS, lambda random, value: random.choice(("£{}", "{}%", "{} GBP")).format(value)
    ),
    "leading zeros": cell(NUMBERS, lambda random, value: "0" * random.randint(1, 3) + value),
    "blanks": cell(
        (*WORDS, *NUMBERS, *MONTHS),
        lambda random, value: random.choice((" {}", "{} ", "\u00a0{}", "{}\u200b", "\u3000{}")).format(value),
    ),
    "an empty cell": cell((*WORDS, *NUMBERS, *MONTHS), lambda *_: ""),
    "no number": cell(
        NUMBERS, lambda random, _: random.choice(("n/a", "NULL", "-", "nan", "inf", "None", "*", "<5", "..", "TRUE"))
    ),
    "another base": cell(NUMBERS, lambda _, value: hex(int(float(value)))),
    "dates": cell(MONTHS, _date),
    "dates all over": cell(
        MONTHS, lambda random, value: months.parse(value).strftime(DATES[len(value) % 3]), every=True
    ),
    "a spreadsheet's day": cell(MONTHS, lambda _, value: str((months.parse(value) - date(1899, 12, 30)).days)),
    "a place nobody knows": _borough(lambda _, word: word + "shire"),
    "a place of other letters": _borough(lambda _, word: word.translate(TWINS)),
    "a place in capitals": _borough(lambda random, word: random.choice((word.upper(), word.lower(), word.swapcase()))),
    "a place the other way round": _borough(lambda _, word: _around(word)),
    "a place with other blanks": _borough(
        lambda random, word: word.replace(" ", random.choice(("  ", "\u00a0", "_", ""))) if " " in word else word + " "
    ),
    "a place misspelt": _borough(lambda random, word: word.replace(random.choice(word), "", 1)),
    "a word in look-alike letters": cell(WORDS, lambda _, value: value.translate(TWINS)),
    "a word with an accent apart": cell(WORDS, lambda random, value: value[:2] + "\u0301" + value[2:]),
    "a word with something unseen": cell(
        WORDS, lambda random, value: put(random, value, random.choice("\u200b\u200e\u202e\ufeff\u00ad\u2066"))
    ),
    "thousandfold": _times(1000),
    "hundredfold": _times(100),
    "in thousands": _times(0.001),
    "formulas of text": cell((*NUMBERS, *MONTHS), lambda _, value: f'="{value}"'),
    "errors of a spreadsheet": cell(
        (*WORDS, *NUMBERS), lambda random, _: random.choice(("#REF!", "#N/A", "#DIV/0!", "#######", "#VALUE!"))
    ),
}
