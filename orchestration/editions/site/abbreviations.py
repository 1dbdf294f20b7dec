"""Abbreviations of a text as HTML with what each stands for, as the glossary of the catalogue has it."""

import re
from functools import lru_cache

import jinja2
import markupsafe
from jinja2.runtime import Context


@jinja2.pass_context
def expanded(context: Context, text: str | None) -> markupsafe.Markup:
    """The text with `<abbr>` around each abbreviation of the glossary: a filter of the templates."""
    meanings = context["publication"].glossary
    # every second piece is an abbreviation
    pieces = _any_of(tuple(meanings)).split(text or "") if meanings else [text or ""]
    return markupsafe.Markup("").join(
        markupsafe.Markup('<abbr title="{}">{}</abbr>').format(meanings[piece], piece) if number % 2 else piece
        for number, piece in enumerate(pieces)
    )


@lru_cache
def _any_of(abbreviations: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words only, which may be several (SDs); of two that begin alike the longer one."""
    longest_first = sorted(abbreviations, key=len, reverse=True)
    return re.compile(rf"(?<![A-Za-z&])({'|'.join(map(re.escape, longest_first))})(?=s?(?![A-Za-z&]))")
