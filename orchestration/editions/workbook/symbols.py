"""What stands in a cell that has no value, as the Government Analysis Function has it, and what it means."""

NOT_AVAILABLE, CONFIDENTIAL, NOT_APPLICABLE = "[x]", "[c]", "[z]"
MEANINGS = {
    NOT_AVAILABLE: "not available: a month that it needs is not known, or there is nothing to compare with",
    CONFIDENTIAL: "confidential: suppressed, because a small number could point to a person",
    NOT_APPLICABLE: "not applicable: there is nothing that could stand here",
}


def unknown(reason: str | None) -> str:
    """The symbol of what has no value for this reason."""
    return CONFIDENTIAL if reason and "suppressed" in reason else NOT_AVAILABLE
