"""Figures that somebody typed into a comment: there may be none, every figure is a {placeholder}."""

import polars as pl

PLACEHOLDER = r"\{[a-z][a-z0-9_]*\}"

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Sept"
_MONTH += r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_YEAR = r"(?:19|20)\d\d"
# only years that follow each other make a financial year: 12/15 is a figure
_FINANCIAL_YEAR = r"(?:20)?(?:" + "|".join(f"{year:02}/{(year + 1) % 100:02}" for year in range(100)) + ")"
# amounts, decimals and percentages are figures whatever stands around them: £2009, 20.09, 12%
_FIGURE = r"(£\s?\d[\d.,]*[a-z]*|\d+(?:[.,]\d+)+(?:\s?%)?|\d+\s?(?:%|per ?cent))"
_LABELS = "|".join(
    [
        rf"\b{_MONTH}(?:\s{_FINANCIAL_YEAR}|[-'’]\d\d|\s?[-'’]?\s?{_YEAR})\b",
        rf"\b{_FINANCIAL_YEAR}(?:\s?[-–]\s?{_FINANCIAL_YEAR})?\b",
        r"\b\d{1,3}[ -](?:months?|years?|yrs?)\b",
        r"\b[Pp]aragraphs?\s\d+(?:\s?[-–]\s?\d+)?\b",
        r"\bAppendix\s\d+\b",
        r"\bCM\d+\b",
        rf"\b{_YEAR}(?:[-–]\d\d)?\b",
    ]
)


def hard_coded_number(text: pl.Expr) -> pl.Expr:
    """The first figure in a comment that is no placeholder, month, year, span or reference; null if none."""
    words = text.str.replace_all(PLACEHOLDER, " ")
    return pl.coalesce(words.str.extract(_FIGURE, 1), words.str.replace_all(_LABELS, " ").str.extract(r"(\w*\d\w*)", 1))


def stray_brace(text: pl.Expr) -> pl.Expr:
    """Whether a brace is left that belongs to no placeholder."""
    return text.str.replace_all(PLACEHOLDER, " ").str.contains(r"[{}]")
