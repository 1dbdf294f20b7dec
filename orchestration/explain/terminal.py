"""The story of a line, or what changed on a card, as one reads it in a terminal."""

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from orchestration.explain import numbers, words
from orchestration.scorecard import display
from orchestration.scorecard.page import STYLES

DIGITS_SHOWN = 12  # of a file's digest
SENTENCES = (
    ("What the year end asks", "run_rate"),
    ("Where the year would end", "outturn"),
    ("The months by themselves", "trend"),
)


def line(story: dict) -> Group:
    """The story of a line, section by section; a section with nothing in it is left out."""
    return Group(*_sections(story))


def card(story: dict, title: str) -> Group:
    """What a card says differently from the one before."""
    parts: list[RenderableType] = [Text(f"{title}: what changed since last month", style="bold"), Text()]
    for row in story["changed"]:
        letters = (row["status_before"], row["status"]) if words.letter_turned(row) else (row["status"],)
        head = Text(f"{row['line']}  ", style="bold")
        for number, letter in enumerate(letters):
            head.append(" → " if number else "")
            head.append(f" {letter or '-'} ", style=STYLES.get(letter, "dim"))
        parts += [head.append(f"  {row['title']}", style="not bold"), _indented(row["says"] or row["missing_reason"])]
    if story["unchanged"]:
        parts += [Text(), Text(f"As last month: {', '.join(story['unchanged'])}.", style="dim")]
    if story["republished"]:
        parts += [Text(), Text("Printed again", style="bold cyan"), *map(_again, story["republished"])]
    return Group(*parts)


def _sections(story: dict) -> Iterator[RenderableType]:
    yield from _head(story)
    if story["formula"] is None:
        yield _indented(story["summary"])
        return
    yield from _section("How it is computed", map(_indented, words.computed(story["formula"])))
    yield from _section("Why this letter", _reasons(story))
    yield from _section("How sure it is", [_indented(says)] if (says := words.interval(story)) else [])
    yield from _section("What changed it", _change(story))
    yield from _section("What moved it, by component", _components(story))
    yield from _section("Boroughs that moved it most, on the year before", _boroughs(story))
    for title, name in SENTENCES:
        row = story[name]
        yield from _section(title, [_indented(words.sentence(row["says"] or row["missing_reason"]))] if row else [])
    yield from _section("Among its peers", (_indented(words.peer(row)) for row in story["peers"]))
    yield from _section("Months that this delivery restated", map(_restated, story["restatements"]))
    yield from _section("Printed again", map(_again, story["republished"]))
    yield from _section("Months and where they come from", _months(story))


def _section(title: str, parts: Iterator[RenderableType] | list[RenderableType]) -> Iterator[RenderableType]:
    if parts := list(parts):
        yield from (Text(), Text(title, style="bold cyan"), *parts)


def _head(story: dict) -> Iterator[RenderableType]:
    of_card, latest = story["card"], story["latest"]
    head = Text(f"{of_card['line']}  {of_card['title']}", style="bold")
    yield head
    if latest["latest"]:
        facts = Text("  ")
        facts.append(
            f" {latest['status']} " if latest["status"] else " no letter ", STYLES.get(latest["status"], "dim")
        )
        facts.append(f"  {latest['latest']}", "bold")
        facts.append(f"  {latest['period'] or ''}".rstrip())
        facts.append(f"   target: {latest['target_text'] or 'none'}")
        facts.append("   provisional" if latest["provisional"] else "", "italic")
        yield facts
    yield _indented(
        f"{display.month_label(of_card['report_month'])} card of {of_card['financial_year']}, "
        f"{of_card['section']}; printed first in {latest['release']}"
    )
    for mark in ("accepted", "replacement_waiting", "confirmed"):
        if latest[mark]:
            yield _indented(f"{mark.replace('_', ' ')}: {latest[mark]}")
    if story["comment"]:
        yield _indented(f"“{story['comment']}”")


def _reasons(story: dict) -> Iterator[RenderableType]:
    for row in story["reasons"]:
        mark = "→" if row["outcome"] == "decides" else " "
        yield _indented(f"{mark} {row['step']}. {row['rule']}: {row['says']}")
    if story["judgement"]:
        yield _indented(words.sentence(story["judgement"]["says"] or story["judgement"]["missing_reason"]))
    else:
        yield _indented(words.UNEXPLAINED)


def _change(story: dict) -> Iterator[RenderableType]:
    if story["change"]:
        yield _indented(words.sentence(story["change"]["says"] or story["change"]["missing_reason"]))
    if rows := words.movements(story):
        table = _table("", "month", "", "was", "is", "did")
        for row in rows:
            table.add_row("", *row)
        whole = sum(row["contribution"] for row in story["movements"])
        table.add_row("", "", "together", "", "", numbers.moved(whole, story))
        yield table


def _components(story: dict) -> Iterator[RenderableType]:
    if rows := words.components(story):
        table = _table("", "component", "", "did")
        for row in rows:
            table.add_row("", *row)
        yield table


def _boroughs(story: dict) -> Iterator[RenderableType]:
    if story["boroughs"]:
        table = _table("", "borough", "a year before", "now", "did")
        for row in story["boroughs"]:
            table.add_row(
                "",
                row["area"],
                numbers.ratio(row["numerator_a_year_before"], row["denominator_a_year_before"]),
                numbers.ratio(row["numerator"], row["denominator"]),
                numbers.moved(row["contribution"], story),
            )
        yield table


def _restated(row: dict) -> Padding:
    was, now = (numbers.ratio(row[f"numerator{at}"], row[f"denominator{at}"]) for at in ("_before", ""))
    return _indented(
        f"{display.month_label(row['month'])}: {was} → {now} (delivery of {display.month_label(row['delivery_month'])})"
    )


def _again(row: dict) -> Padding:
    line_of = f"{row['line']} " if "line" in row else ""
    return _indented(f"{row['release']} {line_of}{row['card_column']}: {row['text_before']} → {row['text']}")


def _months(story: dict) -> Iterator[RenderableType]:
    for part, title in words.WINDOWS.items():
        rows = [row for row in story["months"] if row["part"] == part]
        if rows:
            table = _table("", title, "value", "file", "lines", "digest")
            for row in rows:
                held = [source for source in row["sources"] if source["file"]]
                table.add_row(
                    "",
                    display.month_label(row["month"]) + (" p" if row["provisional"] else ""),
                    numbers.ratio(row["numerator"], row["denominator"]),
                    *(
                        "\n".join(says(source) for source in held)
                        for says in (lambda it: it["file"], words.lines, lambda it: it["sha256"][:DIGITS_SHOWN])
                    ),
                )
            yield table


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, header_style="dim", pad_edge=False)
    for column in columns:
        table.add_column(
            column,
            justify="right" if column in ("was", "is", "now", "did", "value", "a year before") else "left",
            width=1 if not column and not table.columns else None,
        )
    return table


def _indented(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, 2), expand=False)
