"""The reason a person gives for what he vouches for, as it can be entered into the ledger and printed on a card."""

LONGEST = 200


class NoReason(ValueError):
    """There is no reason, or none that can be printed; the message says what one is."""


def checked(text: str) -> str:
    """The reason without spaces around it. Raises NoReason."""
    reason = text.strip()
    if not reason or len(reason) > LONGEST or not reason.isprintable():
        raise NoReason(
            f'Say why with REASON="...": one line of at most {LONGEST} characters. It goes into the ledger, and onto '
            "the card where it explains what stands there."
        )
    return reason
