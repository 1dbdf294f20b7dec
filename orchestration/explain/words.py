"""Parts of a story as words, the same in the terminal and on the page."""

from collections.abc import Mapping

from orchestration.explain import formula, numbers
from orchestration.scorecard import display

KINDS = {"month_in": "came in", "month_out": "dropped out", "restatement": "restated"}
WINDOWS = {"own": "the window", "against": "the window it is compared with", "compared": "the second measure"}
SMALL_WORDS = ("and", "of", "the")
UNEXPLAINED = "This card is as an earlier version published it, which explained nothing: run its month again."


def sentence(text: str) -> str:
    """A text as a sentence: with a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def computed(of_line: dict) -> list[str]:
    """The formula of a line, then its windows with their sums, or why there is no window."""
    if not of_line["window"]:
        return [of_line["says"], sentence(of_line["missing_reason"])]
    said = [of_line["says"], f"{of_line['window']}: {numbers.ratio(of_line['numerator'], of_line['denominator'])}"]
    if of_line["compared_with"]:
        sums = numbers.ratio(of_line["against_numerator"], of_line["against_denominator"])
        said.append(f"{of_line['compared_with']}: {sums}")
    if of_line["compare_numerator"] is not None:
        sums = numbers.ratio(of_line["compare_numerator"], of_line["compare_denominator"])
        said.append(f"second measure: {sums}")
    return said


def interval(story: dict) -> str | None:
    """How sure the figure is, or why that is not known; nothing of a card that explains nothing."""
    row = story["interval"]
    if row is None:
        return None
    if row["method"] is None:
        return sentence(f"no interval: {row['missing_reason']}")
    low, high = (numbers.printed(row[end], story, more=1) for end in ("lower", "upper"))
    return f"{round(100 * row['confidence'])}% interval {low} to {high} ({row['method']})."


def movements(story: dict) -> list[tuple[str, ...]]:
    """Month, what it did and to which window if not the figure's own, what it was, is, and did to the figure."""
    return [
        (
            display.month_label(row["month"]),
            KINDS[row["kind"]] + ("" if row["part"] == "own" else f" ({WINDOWS[row['part']]})"),
            numbers.number(row["value_before"]),
            numbers.number(row["value"]),
            numbers.moved(row["contribution"], story),
        )
        for row in story["movements"]
    ]


def components(story: dict) -> list[tuple[str, ...]]:
    """Component, whether its rate or its mix, and what it did to the figure; nothing where none did anything."""
    if not any(row["contribution"] for row in story["components"]):
        return []
    return [
        (
            row["component"],
            "" if row["kind"] == "component" else f"its {row['kind']}",
            numbers.moved(row["contribution"], story),
        )
        for row in story["components"]
    ]


def differs(change: Mapping) -> bool:
    """Whether a line prints another figure than last month, or has another letter. `change` is its row of `changes`."""
    return change["printed_before"] != change["printed"] or letter_turned(change)


def letter_turned(change: Mapping) -> bool:
    """Whether a line has another letter than last month.

    Not where this card's target did not apply to the figure before: or the first card of a year would list every line.
    """
    judged_before = change["status_before"] is not None or change["value_before"] is None
    return judged_before and change["status_before"] != change["status"]


def name(spoken: str) -> str:
    """A name of the catalogue as a heading prints it: `England and Wales` for england_and_wales."""
    return " ".join(word if word in SMALL_WORDS else word.capitalize() for word in spoken.split("_"))


def peer(row: dict) -> str:
    """The place among the peers, as a sentence."""
    group = name(row["peer_group"])
    period = formula.window(row["from_month"], row["to_month"])
    if row["rank"] is None:
        return f"{group}, {period}: {row['missing_reason']}."
    place = f"{row['rank']}{display.ordinal_ending(row['rank'])} of {row['forces']}"
    shared = f", shared by {row['forces_at_rank']}" if row["forces_at_rank"] > 1 else ""
    without = f"; without a value: {', '.join(row['without_a_value'])}" if row["without_a_value"] else ""
    return f"{group}, {period}: {place}{shared}; {row['value']:.4g} against a median of {row['median']:.4g}{without}."


def lines(source: dict) -> str:
    """Where the rows of a month stand in their file: `4-5`, or how many of which lines."""
    if source["first_line"] is None:
        return ""
    first, last, count = (source[name] for name in ("first_line", "last_line", "lines"))
    if count == 1:
        return f"{first}"
    return f"{first}-{last}" if count == last - first + 1 else f"{count} of {first}-{last}"
