"""Text that goes into CSV and XLSX files: what a spreadsheet would run as a formula stays text."""

import re
from typing import overload

# The signs that begin a formula in one spreadsheet or another, the full-width ones included; tab and line ends, which
# some programs skip before they look. Source: OWASP, CSV Injection.
BEGIN_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A signed number and nothing else, as a card prints it, is a number for every spreadsheet and runs nothing.
SIGNED_NUMBER = re.compile(r"[+-][$£€¥]?[0-9]+(,[0-9]{3})*(\.[0-9]+)?[%m]?")


@overload
def neutralised(text: str) -> str: ...
@overload
def neutralised(text: None) -> None: ...
def neutralised(text: str | None) -> str | None:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    if not text or SIGNED_NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text.lstrip(" ").startswith(BEGIN_FORMULAS) else text
