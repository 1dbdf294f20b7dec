"""Bridges: what a changed rule changes on a card, with the old and the new rule side by side. Pure rules.

The rule of a line is its row of the table `indicators`, by report month. Two cards of a year that follow each other and
have another rule on a line are bridged, unless every cell prints alike under both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from orchestration import months
from orchestration.scorecard import display, status
from orchestration.scorecard.optional_rules import Evidence

MONTHS = 12  # how many published cards before are compared
# the columns of a rule: those that make another figure, and those that judge or print the same one otherwise
DEFINITION = {
    "measure": "measure",
    "compare_measure": "second measure",
    "kind": "kind",
    "basis": "window",
    "made_of": "series",
}
JUDGING = {
    "direction": "direction",
    "target": "target",
    "target_to": "upper end of the target",
    "phasing": "phasing of the target",
    "target_text": "target cell",
    "strict": "target that has to be passed",
    "amber_tolerance": "tolerance",
    "judged_from": "first month that is judged",
    "age_limit": "months after which a figure is too old",
    "not_judged": "reason for no letter",
    "unit": "unit",
    "sign": "sign",
    "decimals": "decimals",
    "judging_rules": "judging rules",
}
RULE = DEFINITION | JUDGING
RECORDED_LATER = ("made_of", "age_limit")  # always there, but not in a release of an earlier version
CODE = "code"  # stands for a table where the code that makes the cards changed
NAMES = RULE | {"version": "code"}
FILES = {"made_of": "measures.csv, series.csv", "judging_rules": "judging_rules.csv"}
# from worst to best; a letter that is gone is no better than green and no worse than amber
ORDER: list[str | None] = ["R", "A", None, "G"]

Row = Mapping[str, Any]
Key = tuple[date, str]  # report month and line
Side = tuple[float | None, str | None, str | None]  # value, print and letter under one of the rules


class Change(NamedTuple):
    """A cell of a rule that changed: its table, column, and what it held and holds, as text."""

    table_name: str
    column_name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Compared:
    """A card's figure and letter under the old and the new rule; None where one is not known, or not given."""

    month: date
    value_before: float | None
    printed_before: str | None
    status_before: str | None
    value: float | None
    printed: str | None
    status: str | None

    @property
    def differs(self) -> bool:
        """Whether it prints differently under the new rule."""
        return (self.printed_before, self.status_before) != (self.printed, self.status)


@dataclass(frozen=True)
class Bridge:
    """What changed in the rule of a line since the card before, who decided it and why, and what that changes."""

    report_month: date
    financial_year: str
    line: str
    changes: tuple[Change, ...]
    compared: tuple[Compared, ...]
    decided_by: str | None
    reason: str | None
    dated: bool  # whether the catalogue has a row that begins with the change

    @property
    def only_better(self) -> bool:
        """Whether it turns at least one letter for the better, and none for the worse."""
        steps = [ORDER.index(it.status) - ORDER.index(it.status_before) for it in self.compared if _judged_twice(it)]
        return bool(steps) and min(steps) > 0

    @property
    def what(self) -> str:
        """What changed: `tolerance 10% instead of 5%`."""
        return "; ".join(
            f"{NAMES[it.column_name]} {it.after or 'none'} instead of {it.before or 'none'}" for it in self.changes
        )

    @property
    def explanation(self) -> str:
        """The bridge in sentences."""
        by = ": ".join(filter(None, (self.decided_by, self.reason)))
        parts = [f"Changed from {display.month_label(self.report_month)} on: {self.what}{f' ({by})' if by else ''}."]
        before = [it for it in self.compared if it.month < self.report_month]
        turned = [it for it in before if it.status != it.status_before]
        if turned:
            letters = display.listed(
                [
                    f"{display.month_label(it.month)} {_letter(it.status)}, not {_letter(it.status_before)}"
                    for it in turned
                ]
            )
            parts.append(f"Under the new rule the cards before would have printed {letters}.")
        elif before:
            parts.append("Every letter of the cards before would be the same.")
        for here in self.compared[len(before) :]:
            if here.printed_before is None:
                parts.append("What this card would print under the old rule is not computed.")
            elif here.differs:
                old, new = (
                    f"{printed} ({_letter(letter)})"
                    for printed, letter in ((here.printed_before, here.status_before), (here.printed, here.status))
                )
                parts.append(f"Under the old rule this card would print {old}, not {new}.")
        if self.only_better:
            parts.append("The change only turns letters for the better.")
        return " ".join(parts)


@dataclass(frozen=True)
class Cards:
    """Cards that are published or about to be, by report month and line, and what their lines are judged by."""

    rows: Mapping[Key, Row]  # of the table scorecard
    rules: Mapping[Key, Row]  # of the table indicators
    latest: Mapping[Key, Row]  # the latest figures
    evidence: Mapping[Key, Evidence]
    history: Mapping[Key, Mapping[date, float]]  # by last month of the window, as known at the report month


def changes(before: Row, after: Row) -> list[Change]:
    """The cells of a rule that changed. What an earlier version did not record is not compared."""
    found = []
    for column in RULE:
        was, now = before.get(column), after.get(column)
        if was != now and (column in before) and not (column in RECORDED_LATER and was is None):
            table = FILES.get(column, "indicators.csv")
            found.append(Change(table, column, _text(column, was, before), _text(column, now, after)))
    return found


def changed_lines(rules: Mapping[Key, Row], report_months: list[date]) -> set[str]:
    """The lines whose rule differs from that of the card before, on a card of these report months."""
    before: dict[tuple[str, str], Row] = {}
    found = set()
    for (month, line), rule in sorted(rules.items()):
        key = rule["financial_year"], line
        if month in report_months and key in before and changes(before[key], rule):
            found.add(line)
        before[key] = rule
    return found


def bridges(cards: Cards, report_months: list[date]) -> Iterator[Bridge]:
    """The bridges of these report months' cards, by report month and line."""
    by_line: dict[tuple[str, str], list[date]] = {}
    for (month, line), row in sorted(cards.rows.items()):
        by_line.setdefault((row["financial_year"], line), []).append(month)
    for (year, line), of_line in by_line.items():
        for place, month in enumerate(of_line):
            if place and month in report_months:
                earlier = of_line[max(0, place - MONTHS) : place]
                if made := _bridge(cards, year, line, earlier, month):
                    yield made


def of_code(cards: Cards, month: date, same_inputs: set[str], before: str, after: str) -> Iterator[Bridge]:
    """The bridges of a card that other code made than the card before, where that code prints or judges differently.

    Known from the published figures, which it judges again, and, of lines with the `same_inputs`, from the figure of
    the card before as it is computed now.
    """
    of_lines: dict[tuple[str, str], list[date]] = {}
    for (published, line), row in sorted(cards.rows.items()):
        year = cards.rows.get((month, line), {}).get("financial_year")
        if published < month and year == row["financial_year"] and (published, line) in cards.rules:
            of_lines.setdefault((year, line), []).append(published)
    change = Change(CODE, "version", before, after)
    for (year, line), earlier in of_lines.items():
        found = [_earlier(cards, line, it, cards.rules[it, line], None) for it in earlier[-MONTHS:]]
        last, known = earlier[-1], cards.history.get((month, line), {})
        if line in same_inputs and cards.latest[last, line]["data_to"] in known:
            found[-1] = _earlier(cards, line, last, cards.rules[last, line], known)
        if any(it.differs for it in found):
            found.append(_here(cards, line, month, cards.rules[month, line], defines=True))
            yield Bridge(month, year, line, (change,), tuple(found), None, None, dated=False)


def _bridge(cards: Cards, year: str, line: str, earlier: list[date], month: date) -> Bridge | None:
    """The bridge from the last of the earlier cards to this one; None where both rules print the same."""
    before, after = cards.rules.get((earlier[-1], line)), cards.rules.get((month, line))
    if before is None or after is None or not (changed := changes(before, after)):
        return None
    defines = any(change.column_name in DEFINITION for change in changed)
    known = cards.history.get((month, line), {}) if defines else None
    compared = [_earlier(cards, line, it, after, known) for it in earlier]
    compared.append(_here(cards, line, month, before, defines))
    same_target = all(before.get(name) == after.get(name) for name in ("target", "target_to", "target_text"))
    if same_target and not any(it.differs for it in compared if it.printed_before is not None):
        return None
    dated = after.get("from_month") is not None and after.get("from_month") != before.get("from_month")
    dated = dated and all(change.table_name == "indicators.csv" for change in changed)
    who, why = (after.get(name) if dated else None for name in ("decided_by", "reason"))
    return Bridge(month, year, line, tuple(changed), tuple(compared), who, why, dated)


def _earlier(cards: Cards, line: str, month: date, rule: Row, known: Mapping[date, float] | None) -> Compared:
    """An earlier card as published and under the new rule, whose figures are `known` where they are others."""
    figure = cards.latest.get((month, line))
    value = figure["value"] if figure else None
    if known is not None:
        value = known.get(figure["data_to"] if figure else month)
    return Compared(month, *_published(cards, line, month), *_under(rule, cards, (month, line), value))


def _here(cards: Cards, line: str, month: date, rule: Row, defines: bool) -> Compared:
    """This card as the old rule would make it, and as it is."""
    figure = cards.latest.get((month, line))
    value = figure["value"] if figure else None
    old: Side = (None, None, None) if defines else _under(rule, cards, (month, line), value)
    return Compared(month, *old, *_published(cards, line, month))


def _published(cards: Cards, line: str, month: date) -> Side:
    """Value, print and letter of a card as it is."""
    figure = cards.latest.get((month, line))
    printed = figure["printed"] if figure else display.NOT_AVAILABLE
    return figure["value"] if figure else None, printed, cards.rows[month, line]["status"]


def _under(rule: Row, cards: Cards, key: Key, value: float | None) -> Side:
    """Value, print and letter of a card under a rule."""
    if rule["measure"] is None:
        return None, display.NOT_AVAILABLE, None
    known = cards.latest.get(key)
    figure = {**(known or {"data_to": key[0], "missing_reason": "not known", "out_of": None}), "value": value}
    if value is None:
        figure["missing_reason"] = figure["missing_reason"] or "not known"
    on = tuple((rule.get("judging_rules") or "").split(", ")) if rule.get("judging_rules") else ()
    evidence = replace(cards.evidence.get(key, status.NO_EVIDENCE), rules=on)
    letter = status.judge({**rule, "report_month": key[0]}, figure, evidence).letter
    return value, display.printed(value, rule["unit"], rule["sign"], rule["decimals"], figure["out_of"]), letter


def _judged_twice(it: Compared) -> bool:
    return it.printed_before is not None and it.status != it.status_before


def _letter(letter: str | None) -> str:
    return status.COLOURS[letter] if letter else "no letter"


def _text(column: str, cell: Any, row: Row) -> str | None:
    if cell is None:
        return None
    if column in ("target", "target_to") and row.get("unit"):
        return display.printed(cell, row["unit"])
    if column == "amber_tolerance":
        return display.printed(cell, "percent")
    return months.key(cell) if isinstance(cell, date) else str(cell).replace("_", " ")
