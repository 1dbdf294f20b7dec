"""What a reader must know of a figure before using it, in one word each."""

SAY = {
    "provisional": "a provisional month entered the figure, which may still change",
    "accepted": "the figure or comment rests on a delivery with rows left out or in doubt, for which a person vouched",
    "replacement waiting": "the figure rests on a delivery for which a replacement waits that is not valid",
    "incomplete": "something the figure needs is not known, so that it has no value; why stands on the right",
}


def of_line(line: dict) -> list[str]:
    """The marks of a line of the scorecard, in the order of the key."""
    borne = {
        "provisional": line["provisional"],
        "accepted": line["accepted"],
        "replacement waiting": line["replacement_waiting"],
        "incomplete": incomplete(line),
    }
    return [mark for mark in SAY if borne[mark]]


def incomplete(line: dict) -> bool:
    """Whether the line has a measure, and no figure."""
    return line["measure"] is not None and line["value"] is None
