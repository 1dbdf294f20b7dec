"""Parts of a story as words, the same in the terminal and on the page."""

from orchestration import display
from orchestration.explaining import formula

KINDS = {"month_in": "came in", "month_out": "dropped out", "restatement": "restated"}
WINDOWS = {"own": "the window", "against": "the window it is compared with", "compared": "the second measure"}
SMALL_WORDS = ("and", "of", "the")
UNEXPLAINED = "This card is as an earlier version published it, which explained nothing: run its month again."


def sentence(text: str) -> str:
    """A text as a sentence: with a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def movement(row: dict) -> str:
    """What a month did, and to which window where it is not the figure's own."""
    return KINDS[row["kind"]] + ("" if row["part"] == "own" else f" ({WINDOWS[row['part']]})")


def name(spoken: str) -> str:
    """A name of the catalogue as a heading prints it: `England and Wales` for england_and_wales."""
    return " ".join(word if word in SMALL_WORDS else word.capitalize() for word in spoken.split("_"))


def peer(row: dict) -> str:
    """The place among the peers, as a sentence."""
    group = name(row["peer_group"])
    period = formula.window(row["from_month"], row["to_month"])
    if row["place"] is None:
        return f"{group}, {period}: {row['missing_reason']}."
    place = f"{row['place']}{display.ordinal_ending(row['place'])} of {row['forces']}"
    shared = f", shared by {row['sharing_the_place']}" if row["sharing_the_place"] > 1 else ""
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
