"""What is worth a person's time in a report month: one sentence an event. Pure rules over the rows of a release."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from types import MappingProxyType

import pandera.polars as pa
import polars as pl

from orchestration import months
from orchestration.raw.landing.raw_tables import EFFECTIVE
from orchestration.raw.sources.declarations import HOW_OFTEN, Extract, due, must_reach
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.scorecard import display
from orchestration.scorecard.columns import column
from orchestration.scorecard.status import COLOURS

# in the order in which they are told
KINDS = (
    "letter",
    "restated",
    "printed_again",
    "hard_coded_number",
    "overdue",
    "gone",
    "not_used",
    "quarantined",
    "rejected",
    "waiting",
)
NOT_EFFECTIVE = ("quarantined", "partly loaded", "rejected")
NOT_THERE = ("no delivery", "incomplete")
NAMED = 3  # more deliveries than these are counted, not named
# The cells of a card that make a notice where they are printed again, and how each is told.
CELLS = {"latest": "{was}", "period": "period {was}", "target_text": "target {was}", "status": "{was}"}
WORDS = "comment"  # its words are not repeated

SCHEMA = pa.DataFrameSchema(
    {
        "report_month": column(pl.Date, "The month on the title of the card; all is as known then.", nullable=False),
        "kind": column(
            pl.String,
            "letter: it changed since last month's card; restated: last month's figure would print differently; "
            "printed_again: a card prints differently from the release before; hard_coded_number: a comment has a "
            "number of its own that equals a figure of its line; overdue: a delivery is expected and not there; gone: "
            "it was loaded, and raw/ holds it no more; not_used: raw/ holds another since then, which no run took in; "
            "quarantined: a delivery, or rows of it, wait for a person; rejected: it cannot be read as rows; waiting: "
            "one waits that is to replace another, which stays effective.",
            pa.Check.isin(KINDS),
            nullable=False,
        ),
        "line": column(pl.String, "The line of the card it is about; null where it is about a delivery."),
        "extract": column(pl.String, "The extract it is about; null where it is about a line."),
        "delivery_month": column(pl.Date, "The month of that delivery; of several that are overdue the first."),
        "release": column(pl.String, "Of what is printed again, the release that prints it differently."),
        "says": column(pl.String, "What happened, in one line.", nullable=False),
    },
    checks=[
        pa.Check(
            lambda data: data.lazyframe.select(pl.col("line").is_null() != pl.col("extract").is_null()),
            name="it is about a line or about an extract",
        ),
    ],
    unique=["report_month", "kind", "line", "extract", "delivery_month", "release"],
    strict=True,
    ordered=True,
    description="One row per report month and event worth a person's time: a letter that changed, a figure that was "
    "restated or printed again, a delivery that is overdue, gone, changed or waits.",
)


def notices(
    report_months: Iterable[date],
    *,
    card: pl.DataFrame,
    changes: pl.DataFrame,
    republished: pl.DataFrame,
    deliveries: pl.DataFrame,
    known: pl.DataFrame,
    typed: Mapping[tuple[date, str], list[tuple[str, str]]] = MappingProxyType({}),
) -> pl.DataFrame:
    """The table `notices` of these report months.

    `card` holds their rows of the scorecard and those of the months before each; `changes`, `republished` and
    `deliveries` are the tables of those names; `known` says by report month which months of which extract are known;
    `typed`, by report month and line, the numbers of a comment's own that equal a figure, each with that figure's name.
    """
    of_card = {(row["report_month"], row["line"]): row for row in card.iter_rows(named=True)}
    known_months = set(known.select("report_month", "extract", "month").iter_rows())
    delivered = {(row["extract"], row["delivery_month"]): row for row in deliveries.iter_rows(named=True)}
    rows = []
    for report_month in sorted(report_months):
        this = {"report_month": report_month}
        found = [
            *_letters(report_month, of_card),
            *_restated(changes.filter(report_month=report_month), of_card),
            *_printed_again(republished.filter(report_month=report_month), of_card),
            *_hard_coded_numbers(report_month, typed, of_card),
            *_overdue(report_month, delivered, known_months),
            *_of_deliveries(deliveries.filter(pl.col("delivery_month") <= report_month)),
        ]
        places = {row["line"]: row["position"] for row in _of_month(report_month, of_card)}
        found.sort(key=lambda row: (KINDS.index(row["kind"]), row.get("release", ""), places.get(row.get("line"), 0)))
        rows += [this | row | {"says": _in_one_line(row["says"])} for row in found]
    return pl.DataFrame(rows, schema={name: it.dtype.type for name, it in SCHEMA.columns.items()})


def lines(rows: Iterable[dict]) -> list[str]:
    """The rows as text, a line each: `Aug-09  4c  The value of the assets recovered: amber, green last month: ...`."""
    return [
        f"{display.month_label(row['report_month'])}  {row['line'] or row['extract']}  {row['says']}" for row in rows
    ]


def _letters(report_month: date, of_card: dict[tuple, dict]) -> Iterator[dict]:
    """A line that has another letter than on last month's card, has lost its letter, or has got one."""
    for now in _of_month(report_month, of_card):
        before = _last_month(now, of_card)
        if before and before["status"] != now["status"]:
            yield {
                "kind": "letter",
                "line": now["line"],
                "says": f"{now['title']}: {_letter(now['status'])}, {_letter(before['status'])} last month: "
                f"{now['status_reason']}",
            }


def _restated(changes: pl.DataFrame, of_card: dict[tuple, dict]) -> Iterator[dict]:
    """A figure of last month's card that would now print differently, over the very same window."""
    for row in changes.iter_rows(named=True):
        now = of_card.get((row["report_month"], row["line"]))
        known = row["value_before"] is not None and row["value_restated"] is not None
        if now and _last_month(now, of_card) and known and row["printed_before"] != row["printed_restated"]:
            window = f"{display.month_label(row['data_from_before'])} to {display.month_label(row['data_to_before'])}"
            letters = (row["status_before"], row["status_restated"])
            turned = f", and be {_letter(letters[1])}, not {_letter(letters[0])}" if letters[0] != letters[1] else ""
            yield {
                "kind": "restated",
                "line": row["line"],
                "says": f"{now['title']}: restated since last month's card: {row['printed_before']} for {window} would "
                f"now print as {row['printed_restated']}{turned}",
            }


def _printed_again(republished: pl.DataFrame, of_card: dict[tuple, dict]) -> Iterator[dict]:
    """A line of a card that a later release prints differently; new words that say the same are none."""
    cells = republished.filter(pl.col("printed").is_in([*CELLS, WORDS])).sort("release", "line", maintain_order=True)
    for (release, line), of_line in groupby(cells.iter_rows(named=True), key=lambda row: (row["release"], row["line"])):
        by_cell = {row["printed"]: row for row in of_line}
        told = [
            f"{told.format(was=_cell(cell, by_cell[cell]['is_now']))}, was {_cell(cell, by_cell[cell]['was'])}"
            for cell, told in CELLS.items()
            if cell in by_cell
        ]
        told += ["another comment"] if WORDS in by_cell else []
        row = of_card.get((republished["report_month"][0], line))
        title = f"{row['title']}: " if row else ""
        yield {
            "kind": "printed_again",
            "line": line,
            "release": release,
            "says": f"{title}printed again in {release}: {'; '.join(told)}",
        }


def _hard_coded_numbers(report_month: date, typed: Mapping, of_card: dict[tuple, dict]) -> Iterator[dict]:
    """A comment with a number of its own that equals a figure of its line: if it means that one, it would go stale."""
    for row in _of_month(report_month, of_card):
        if numbers := typed.get((report_month, row["line"])):
            equal = "; ".join(f"'{number}' equals the figure {name} and is typed" for number, name in numbers)
            yield {
                "kind": "hard_coded_number",
                "line": row["line"],
                "says": f"{row['title']}: in the comment {equal}: if that figure is meant, put its name in braces",
            }


def _overdue(report_month: date, delivered: dict[tuple, dict], known_months: set[tuple]) -> Iterator[dict]:
    """An extract whose deliveries are expected by now and not there, nor made up for by a later one."""
    for extract in EXTRACTS:
        came = [
            month
            for (name, month), row in delivered.items()
            if name == extract.name and month <= report_month and row["status"] in EFFECTIVE
        ]
        last = max(came, default=None)
        missing = [
            month
            for month in months.between(extract.first, report_month)
            if due(extract, month)
            and (row := delivered.get((extract.name, month), {"status": NOT_THERE[0]}))["status"] in NOT_THERE
            and not _is_gone(row)
            and not (last and last > month and _made_up_for(extract, month, report_month, known_months))
        ]
        if missing:
            before = f"the last that counts is of {display.month_label(last)}" if last else "none ever came"
            yield {
                "kind": "overdue",
                "extract": extract.name,
                "delivery_month": missing[0],
                "says": f"overdue: no delivery for {_named(missing)}, though one is due {HOW_OFTEN[extract.cadence]}; "
                f"{before}",
            }


def _made_up_for(extract: Extract, month: date, report_month: date, known_months: set[tuple]) -> bool:
    """Whether later deliveries brought what that of the month owed. A comment of last month is owed no more."""
    return not extract.dated or (report_month, extract.name, must_reach(extract, month)) in known_months


def _is_gone(row: dict) -> bool:
    """Whether a delivery that once counted is there no more, which the list of deliveries gives as the reason."""
    return row["status"] == "no delivery" and bool(row.get("reason"))


def _of_deliveries(deliveries: pl.DataFrame) -> Iterator[dict]:
    """A delivery that is gone, was changed, or waits: until a person does something, nothing of it counts."""
    for row in deliveries.sort("extract", "delivery_month").iter_rows(named=True):
        month = display.month_label(row["delivery_month"])
        told = []
        if _is_gone(row):
            told.append(("gone", row["reason"]))
        if row.get("not_used"):
            told.append(("not_used", row["not_used"]))
        if row["status"] in NOT_EFFECTIVE:
            what_to_do = _what_to_do(row["status"], row["file"])
            kind = "rejected" if row["status"] == "rejected" else "quarantined"
            told.append((kind, f"{row['status']}: the delivery for {month}: {row['reason']}; {what_to_do}"))
        if waits := row.get("waiting_status"):
            stays = "the delivery published before stays effective"
            what_to_do = _what_to_do(waits, row["waiting_file"])
            says = f"a replacement for {month} waits: {waits}: {row['waiting_reason']}; {stays}; {what_to_do}"
            told.append(("waiting", says))
        for kind, says in told:
            yield {"kind": kind, "extract": row["extract"], "delivery_month": row["delivery_month"], "says": says}


def _what_to_do(status: str, file: str | None) -> str:
    if status in ("quarantined", "partly loaded"):
        return f'have a corrected file sent, or vouch for it: make accept FILE={file} REASON="..."'
    return "run again once it is complete" if status == "incomplete" else "have a corrected file sent"


def _of_month(report_month: date, of_card: dict[tuple, dict]) -> list[dict]:
    return [row for (month, _), row in of_card.items() if month == report_month]


def _last_month(row: dict, of_card: dict[tuple, dict]) -> dict | None:
    """The same line on last month's card; another financial year may mean another thing by its name."""
    before = of_card.get((months.shift(row["report_month"], -1), row["line"]))
    return before if before and before["financial_year"] == row["financial_year"] else None


def _letter(letter: str | None) -> str:
    return COLOURS[letter] if letter else "without a letter"


def _cell(cell: str, text: str | None) -> str:
    return _letter(text) if cell == "status" else text or "nothing"


def _named(of_months: list[date]) -> str:
    """The months by name, a long row of them as a span."""
    named = [display.month_label(month) for month in of_months]
    if len(named) > NAMED:
        return f"{named[0]} to {named[-1]} ({len(named)} deliveries)"
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def _in_one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
