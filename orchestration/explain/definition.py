"""The definition of a measure in words, the same in the terminal and on pages."""

from datetime import date

from orchestration.explain.words import sentence
from orchestration.scorecard import definitions

BETTER = {
    "higher_is_better": "A higher figure is better.",
    "lower_is_better": "A lower figure is better.",
    "in_range_is_better": "A figure within the range of the target is better.",
}
PARTS = {"numerator": "What is counted", "denominator": "What it is divided by"}
FACTS = {
    "source": "Source",
    "why_it_matters": "Why it matters",
    "caveats": "Caveats",
    "owner": "Owner",
    "checked_by": "Checked by",
}
QUALITY = ("assured", "complete", "timely")


def parts(definition: dict) -> list[tuple[str, str]]:
    """What a measure counts and what that is divided by, each with its heading."""
    return _filled(definition, PARTS)


def facts(definition: dict, direction: str | None, report_month: date) -> list[tuple[str, str]]:
    """What else is known of a measure, each fact with its heading; one that is left empty is left out."""
    return [
        *([("Which way is better", BETTER[direction])] if direction else []),
        *_filled(definition, FACTS),
        ("Quality of the source", quality(definition)),
        ("Review", review(definition, report_month)),
    ]


def _filled(definition: dict, headings: dict[str, str]) -> list[tuple[str, str]]:
    return [(heading, sentence(definition[column])) for column, heading in headings.items() if definition[column]]


def quality(definition: dict) -> str:
    """The marks of the source: `Assured: not assessed. Complete: yes. Timely: no.`."""
    return " ".join(f"{mark.capitalize()}: {definition[mark] or 'not assessed'}." for mark in QUALITY)


def review(definition: dict, report_month: date) -> str:
    """When the definition was reviewed, and when that is due again."""
    late = ", overdue" if definitions.overdue(definition, report_month) else ""
    return f"Reviewed in {definition['reviewed']:%B %Y}, due again by {definition['review_due']:%B %Y}{late}."
