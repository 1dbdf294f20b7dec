"""The story of a line, or what changed on a card, as one reads it in a terminal."""

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from orchestration import organisation
from orchestration.explain import definition, numbers, words
from orchestration.scorecard import display
from orchestration.scorecard.page import STYLES

NUMERIC = ("before", "now", "effect", "value", "a year before")  # columns aligned to the right
BRIDGE = ("card", "old rule", "old letter", "new rule", "new letter")


def line(story: dict) -> Group:
    """The story of a line, section by section; a section with nothing in it is left out."""
    return Group(*_sections(story))


def card(story: dict, title: str) -> Group:
    """What a card prints differently from the one before."""
    parts: list[RenderableType] = [Text(f"{title}: what changed since last month", style="bold"), Text()]
    for row in story["changed"]:
        changed = words.letter_changed(row, story["report_month"])
        letters = (row["status_before"], row["status"]) if changed else (row["status"],)
        head = Text(f"{row['line']}  ", style="bold")
        for number, letter in enumerate(letters):
            head.append(" → " if number else "")
            head.append(f" {letter or '-'} ", style=STYLES.get(letter, "dim"))
        parts += [
            head.append(f"  {row['title']}", style="not bold"),
            _indented(row["explanation"] or row["missing_reason"]),
        ]
    if story["unchanged"]:
        parts += [Text(), Text(f"As last month: {', '.join(story['unchanged'])}.", style="dim")]
    return Group(*parts, *_section("Republished with changes", map(_republished, story["republished"])))


def _sections(story: dict) -> Iterator[RenderableType]:
    yield from _head(story)
    if story["formula"] is None:
        yield _indented(story["summary"])
        return
    outlook = {title: words.outlook(name, story[name]) for name, title in words.OUTLOOK.items()}
    for title, parts in (
        ("How it is computed", map(_indented, words.formula(story["formula"]))),
        ("Definition", _definition(story)),
        ("Why this letter", _reasons(story)),
        ("The cards of the year under the old and the new rule", _table(BRIDGE, words.bridge(story))),
        ("Confidence interval", _paragraph(words.interval(story))),
        ("What changed since last month", _change(story)),
        ("Contributions by component", _table(("component", "", "effect"), words.components(story))),
        (f"Largest contributions by {organisation.declared().area.one}, against the year before", _areas(story)),
        *((title, _paragraph(text)) for title, text in outlook.items()),
        ("Comparison with peers", (_indented(words.peer(row)) for row in story["peers"])),
        ("Months restated by this delivery", map(_restated, story["restatements"])),
        ("Republished with changes", map(_republished, story["republished"])),
        ("Months and source files", _months(story)),
    ):
        yield from _section(title, parts)


def _section(title: str, parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    if parts := list(parts):
        yield from (Text(), Text(title, style="bold cyan"), *parts)


def _head(story: dict) -> Iterator[RenderableType]:
    of_card, latest = story["card"], story["latest"]
    yield Text(f"{of_card['line']}  {of_card['title']}", style="bold")
    if latest["latest"]:
        facts = Text("  ")
        letter = f" {latest['status']} " if latest["status"] else " no letter "
        facts.append(letter, STYLES.get(latest["status"], "dim"))
        facts.append(f"  {latest['latest']}", "bold")
        facts.append(f"  {latest['period'] or ''}".rstrip())
        facts.append(f"   target: {latest['target_text'] or 'none'}")
        if outlook := words.year_end(story):
            facts.append(f"   year end: {outlook}")
        facts.append("   provisional" if latest["provisional"] else "", "italic")
        yield facts
    if control := words.control_marks(story.get("trend")):
        yield _indented(f"control chart: {control}")
    yield _indented(
        f"{display.month_label(of_card['report_month'])} card of {of_card['financial_year']}, "
        f"{of_card['section']}; first printed in {latest['release']}"
    )
    for mark in ("accepted", "replacement_waiting", "rule_change", "confirmed"):
        if latest[mark]:
            yield _indented(f"{mark.replace('_', ' ')}: {latest[mark]}")
    if story["comment"]:
        yield _indented(f"“{story['comment']}”")


def _reasons(story: dict) -> Iterator[RenderableType]:
    for row in story["judgement_steps"]:
        mark = "→" if row["outcome"] == "decides" else " "
        rule = "" if row["explanation"].startswith(row["rule"]) else f"{row['rule']}: "
        yield _indented(f"{mark} {row['step']}. {rule}{row['explanation']}")
    yield _indented(words.explanation(story["judgement"]) or words.UNEXPLAINED)


def _definition(story: dict) -> Iterator[RenderableType]:
    if story["definition"]:
        month = story["card"]["report_month"]
        for heading, fact in definition.facts(story["definition"], story["direction"], month):
            yield _indented(f"{heading}: {fact}")


def _change(story: dict) -> Iterator[RenderableType]:
    yield from _paragraph(words.explanation(story["change"]))
    rows = words.movements(story)
    if rows:
        whole = sum(row["contribution"] for row in story["movements"])
        rows.append(("", "total", "", "", numbers.effect(whole, story)))
    yield from _table(("month", "", "before", "now", "effect"), rows)


def _areas(story: dict) -> Iterator[RenderableType]:
    rows = [
        (
            row["area"],
            numbers.ratio(row, suffix="_a_year_before"),
            numbers.ratio(row),
            numbers.effect(row["contribution"], story),
        )
        for row in story["areas"]
    ]
    return _table((organisation.declared().area.one, "a year before", "now", "effect"), rows)


def _restated(row: dict) -> Padding:
    month, before, now, delivery = words.restatement(row)
    return _indented(f"{month}: {before} → {now} (delivery of {delivery})")


def _republished(row: dict) -> Padding:
    line_of = f"{row['line']} " if "line" in row else ""
    return _indented(
        f"{row['release']} {line_of}{words.cell(row['card_column'])}: {row['text_before']} → {row['text']}"
    )


def _months(story: dict) -> Iterator[RenderableType]:
    for part, title in words.WINDOWS.items():
        rows = [
            (
                display.month_label(row["month"]) + (" p" if row["provisional"] else ""),
                numbers.ratio(row),
                *map("\n".join, zip(*words.sources(row), strict=True)),
            )
            for row in story["months"]
            if row["part"] == part
        ]
        yield from _table((title, "value", "file", "lines", "digest"), rows)


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[Table]:
    """The rows as a table; nothing where there are none."""
    if rows:
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, header_style="dim", pad_edge=False)
        table.add_column("", width=1)
        for column in columns:
            table.add_column(column, justify="right" if column in NUMERIC else "left")
        for row in rows:
            table.add_row("", *row)
        yield table


def _paragraph(text: str | None) -> list[Padding]:
    return [_indented(text)] if text else []


def _indented(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, 2), expand=False)
