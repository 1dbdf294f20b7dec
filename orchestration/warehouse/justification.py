"""The reason that a person gives for an acceptance or a confirmation, as ledger and card can hold it."""

LONGEST = 200


class NoReason(ValueError):
    """The reason is missing or cannot be printed; the message describes a valid one."""


def checked(text: str) -> str:
    """The reason without spaces around it. Raises NoReason."""
    reason = text.strip()
    if not reason or len(reason) > LONGEST or not reason.isprintable():
        raise NoReason(
            f'Give the reason with REASON="...": one line of at most {LONGEST} characters. The ledger records it, '
            "and the card prints it where it explains a figure or comment."
        )
    return reason
