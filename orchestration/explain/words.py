"""Parts of a story as words, the same in the terminal and on the page."""

from collections.abc import Mapping
from datetime import date

from orchestration import years
from orchestration.explain import numbers
from orchestration.scorecard import display, status

MOVEMENTS = {"month_in": "added", "month_out": "dropped", "restatement": "restated"}
WINDOWS = {"own": "the window", "against": "the window it is compared with", "compared": "the second measure"}
OUTLOOK = {"run_rate": "Required run rate", "outturn": "Projected outturn", "trend": "Monthly control chart"}
YEAR_ENDS = {"yes": "on course", "depends": "at risk", "no": "would be missed"}
# What readers call the columns of the card that a later release may print differently.
CELLS = {
    "section": "section",
    "title": "indicator",
    "codes": "national references",
    "target_text": "target",
    "status": "letter",
    "status_reason": "reason for the letter",
    "latest": "latest figure",
    "period": "period",
    "comment": "comment",
    "summary": "summary in words",
    "direction_of_travel": "comparison with the year before",
}
SMALL_WORDS = ("and", "of", "the")
DIGITS_OF_A_DIGEST = 12
_OF_A_BRIDGE = ("printed_before", "status_before", "printed", "status")
_MISSING = ("not computed", "none", "not known", "none")
# the marks of NHS Making Data Count: variation, and whether chance alone decides on the target
VARIATION = {
    "common cause": ("∿", "common cause"),
    **{cause: ("●", cause) for cause in ("improvement", "concern", "change")},
}
ASSURANCE = {"pass": ("P", "target met"), "inconsistent": ("?", "target met by chance"), "fail": ("F", "target missed")}
NO_MARK = ("", "")
UNEXPLAINED = "An earlier version published this card, without explanations: run its month again."


def sentence(text: str) -> str:
    """A text as a sentence: with a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def explanation(row: Mapping | None) -> str | None:
    """The sentence of a row, or of the reason why it has none; None where there is no row."""
    return sentence(row["explanation"] or row["missing_reason"]) if row else None


def outlook(name: str, row: Mapping | None) -> str | None:
    """Run rate, outturn or control chart as a sentence; of an outturn also how often such ranges held."""
    text = explanation(row)
    if name != "outturn" or row is None or not (row["earlier_years"] and row.get("trials")):
        return text
    held = f"{row['trials_held']} of {row['trials']} trials"
    return f"{text} On earlier years such a range held the true year end in {held}."


def year_end(story: Mapping) -> str | None:
    """Whether the year's target would be met: by its required rate where that is decided, else by the range."""
    rate, projected = story.get("run_rate"), story.get("outturn")
    if rate and rate["already_met"]:
        return "met already"
    if rate and rate["never_possible"]:
        return "out of reach"
    return YEAR_ENDS.get(projected["meets_target"]) if projected and projected["earlier_years"] else None


def no_letter(row: Mapping) -> str | None:
    """Why a line with a comment has no letter; where there is no comment, the line in plain words says it."""
    return sentence(row["status_reason"]) if row["status"] is None and row["comment"] is not None else None


def why(row: Mapping) -> str:
    """Why a line of a card has its letter, or none, as a sentence."""
    return sentence((row["status_reason"] or "").removeprefix(f"{status.NOT_JUDGED}: "))


def width_of_amber(indicator: Mapping | None, due: str | None = None) -> str | None:
    """What of a phased target is due, and how far short of it a line is still amber; None where it has no letter."""
    if indicator is None or indicator["not_judged"] or not (indicator["target"] and indicator["amber_tolerance"]):
        return None
    amber = f"amber up to {display.printed(indicator['amber_tolerance'], 'percent')} short"
    return f"{due} due so far; {amber}" if due else amber


def control_marks(trend: Mapping | None) -> str | None:
    """What the control chart of a line shows, as marks with words: `∿ common cause, ? target met by chance`."""
    return ", ".join(" ".join(shown) for shown in _control(trend) if shown != NO_MARK) or None


def _control(trend: Mapping | None) -> tuple[tuple[str, str], tuple[str, str]]:
    """Variation and assurance of a line, each a mark and its words."""
    of_line = trend or {}
    variation, assurance = (of_line.get(name) or "" for name in ("variation", "assurance"))
    return VARIATION.get(variation, NO_MARK), ASSURANCE.get(assurance, NO_MARK)


def overview(stories: Mapping[str, Mapping]) -> list[str]:
    """The year ends of the lines of a card, and what their control charts show: a sentence each."""
    control = {line: _control(story.get("trend")) for line, story in stories.items()}
    found: dict[str, dict[str, str | None]] = {
        "Year-end target": {line: year_end(story) for line, story in stories.items()},
        "Variation": {line: word for line, ((_, word), _) in control.items()},
        "Assurance": {line: word for line, (_, (_, word)) in control.items()},
    }
    return [_by_word(heading, of_lines) for heading, of_lines in found.items() if any(of_lines.values())]


def _by_word(heading: str, of_lines: Mapping[str, str | None]) -> str:
    by_word: dict[str, list[str]] = {}
    for line, word in of_lines.items():
        if word:
            by_word.setdefault(word, []).append(line)
    listed = "; ".join(f"{word} ({', '.join(lines)})" for word, lines in by_word.items())
    return f"{heading}: {listed}."


def formula(of_line: dict) -> list[str]:
    """The formula of a line, then its windows with their sums, or why there is no window."""
    if not of_line["window"]:
        return [of_line["text"], sentence(of_line["missing_reason"])]
    per = of_line["rate_unit"]
    windows = [f"{of_line['window']}: {numbers.ratio(of_line)}{numbers.rate(of_line, per)}"]
    if of_line["compared_with"]:
        ratio = numbers.ratio(of_line, "against_") + numbers.rate(of_line, per, "against_")
        windows.append(f"{of_line['compared_with']}: {ratio}")
    if of_line["compare_numerator"] is not None:
        windows.append(f"Second measure: {numbers.ratio(of_line, 'compare_')}")
    return [of_line["text"], *windows]


def interval(story: dict) -> str | None:
    """The confidence interval of the figure, or why it has none; None for a card without explanations."""
    row = story["interval"]
    if row is None:
        return None
    if row["method"] is None:
        return sentence(f"no interval: {row['missing_reason']}")
    low, high = (numbers.printed(row[end], story, more_places=1) for end in ("lower", "upper"))
    return f"{round(100 * row['confidence'])}% interval {low} to {high} ({row['method']})."


def movements(story: dict) -> list[tuple[str, ...]]:
    """Month, movement and its window if not the figure's own, value before, value now, and effect on the figure."""
    return [
        (
            display.month_label(row["month"]),
            MOVEMENTS[row["kind"]] + ("" if row["part"] == "own" else f" ({WINDOWS[row['part']]})"),
            numbers.number(row["value_before"]),
            numbers.number(row["value"]),
            numbers.effect(row["contribution"], story),
        )
        for row in story["movements"]
    ]


def components(story: dict) -> list[tuple[str, ...]]:
    """Component, whether its rate or its mix, and its effect on the figure; empty where none has an effect."""
    if not any(row["contribution"] for row in story["components"]):
        return []
    return [
        (
            row["component"],
            "" if row["kind"] == "component" else f"its {row['kind']}",
            numbers.effect(row["contribution"], story),
        )
        for row in story["components"]
    ]


def bridge(story: dict) -> list[tuple[str, ...]]:
    """Card, figure and letter under the old rule, figure and letter under the new one."""
    return [
        (
            display.month_label(row["month"]),
            *(row[name] or missing for name, missing in zip(_OF_A_BRIDGE, _MISSING, strict=True)),
        )
        for row in story.get("bridge", ())
    ]


def restatement(row: dict) -> tuple[str, ...]:
    """Month, value before, value now, and the month of the delivery."""
    values = (numbers.ratio(row, suffix="_before"), numbers.ratio(row))
    return display.month_label(row["month"]), *values, display.month_label(row["delivery_month"])


def differs(change: Mapping, report_month: date) -> bool:
    """Whether a line prints another figure than last month, or has another letter. `change` is its row of `changes`."""
    return change["printed_before"] != change["printed"] or letter_changed(change, report_month)


def letter_changed(change: Mapping, report_month: date) -> bool:
    """Whether a line has another letter than last month, or gained or lost one.

    On the first card of a year not where its target did not apply to the figure before: it would list every line.
    """
    new_target = first_of_its_year(report_month) and change["status_before"] is None
    known_before = change["value_before"] is not None
    return change["status_before"] != change["status"] and not (new_target and known_before)


def first_of_its_year(report_month: date) -> bool:
    """Whether a card is the first of its financial year, with the lines and targets of that year."""
    return years.month_of_year(report_month) == 1


def cell(column: str) -> str:
    """A column of the card as readers call it."""
    return CELLS.get(column, column.replace("_", " "))


def name(in_catalogue: str) -> str:
    """A name of the catalogue as a heading prints it: `North and South` for north_and_south."""
    return " ".join(word if word in SMALL_WORDS else word.capitalize() for word in in_catalogue.split("_"))


def peer(row: dict) -> str:
    """The place among the peers, as a sentence."""
    group, window = name(row["peer_group"]), window_label(row["from_month"], row["to_month"])
    if row["rank"] is None:
        return f"{group}, {window}: {row['missing_reason']}."
    value, median = (numbers.of_peers(row[name], row["unit"]) for name in ("value", "median"))
    place = f"{row['rank']}{display.ordinal_ending(row['rank'])} of {row['peers_ranked']}"
    shared = f", shared by {row['peers_at_rank']}" if row["peers_at_rank"] > 1 else ""
    without = f"; without a value: {', '.join(row['without_a_value'])}" if row["without_a_value"] else ""
    return f"{group}, {window}: {place}{shared}; {value} against a median of {median}{without}."


def window_label(first: date | None, last: date | None) -> str | None:
    """`Sep-08 to Aug-09`; None where there is no window."""
    return None if first is None or last is None else display.window_label(first, last)


def sources(month: dict) -> list[tuple[str, str, str]]:
    """File, lines and digest of each delivered file that a month's value comes from."""
    return [
        (source["file"], _lines(source), source["sha256"][:DIGITS_OF_A_DIGEST])
        for source in month["sources"]
        if source["file"]
    ]


def _lines(source: dict) -> str:
    """Where the rows of a month stand in their file: `4-5`, or how many of which lines."""
    if source["first_line"] is None:
        return ""
    first, last, count = (source[name] for name in ("first_line", "last_line", "lines"))
    if count == 1:
        return f"{first}"
    return f"{first}-{last}" if count == last - first + 1 else f"{count} of {first}-{last}"
