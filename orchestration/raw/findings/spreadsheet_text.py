"""Text that goes into CSV and XLSX files: what a spreadsheet would run as a formula stays text."""

from typing import overload

# The signs that begin a formula in one spreadsheet or another, the full-width ones included; tab and line ends, which
# some programs skip before they look. Source: OWASP, CSV Injection.
BEGIN_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@overload
def neutralised(text: str) -> str: ...
@overload
def neutralised(text: None) -> None: ...
def neutralised(text: str | None) -> str | None:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text and text.lstrip(" ").startswith(BEGIN_FORMULAS) else text
