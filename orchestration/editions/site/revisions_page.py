"""The content of the page of corrections and revisions, as plain values for its template."""

from orchestration import months
from orchestration.editions.reading import Reading
from orchestration.explain import words
from orchestration.scorecard import display, status

# The cells of cards that a later release printed differently, but for the sentences that repeat them.
REPUBLISHED = """
    select release, report_month, line, card_column, text_before, text, kind
    from republished
    where card_column not in ('summary', 'status_reason')
    order by all desc
"""
# The figures of a card that the deliveries of the next one changed, before they were printed again.
RESTATED = """
    select report_month, line, printed_before, printed_restated, status_before, status_restated
    from changes
    where printed_before <> printed_restated
    order by report_month desc, line
"""
KINDS = {
    "correction": ("Corrections", "The catalogue, the code or a comment was wrong, and the deliveries are the same."),
    "revision": ("Revisions", "Later deliveries moved the figures of a card that was published already."),
    None: ("Others", "An earlier version did not record why they changed."),
}


def content(reading: Reading) -> dict:
    """The cells that were printed again by kind, each with how many there are, and the figures that were restated."""
    rows = reading.rows(REPUBLISHED)
    of_kinds = {kind: [_cells(row) for row in rows if row["kind"] == kind] for kind in KINDS}
    restated = [_restated(row) for row in reading.rows(RESTATED)]
    return {
        "kinds": [(*KINDS[kind], its) for kind, its in of_kinds.items() if its or kind],
        "restated": restated,
    }


def _cells(row: dict) -> tuple[str, ...]:
    cell = row["card_column"]
    texts = (status.COLOURS.get(text, text) if cell == "status" else text for text in (row["text_before"], row["text"]))
    return (
        row["release"],
        display.month_label(row["report_month"]),
        row["line"],
        words.cell(cell),
        *(text or "none" for text in texts),
    )


def _restated(row: dict) -> tuple[str, ...]:
    before = display.month_label(months.shift(row["report_month"], -1))
    letters = (status.COLOURS.get(row[name], "no letter") for name in ("status_before", "status_restated"))
    old, new = (
        f"{row[name]} ({letter})" for name, letter in zip(("printed_before", "printed_restated"), letters, strict=True)
    )
    return before, row["line"], old, new, display.month_label(row["report_month"])
