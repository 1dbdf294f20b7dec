"""Hard-coded numbers in comments: there may be none, every figure is a {placeholder}.

Form decides. Amounts, percentages, decimals and numbers that stand as quantities are figures; what is part of a date,
a name or a reference is none. Whether such a number equals a figure of its line shows when the card is made.
"""

import re
from functools import cache

import polars as pl

PLACEHOLDER = r"\{[a-z][a-z0-9_]*\}"

# Around a number that is no figure: £2009, 20.09, 1,204 and 12% are amounts whatever they stand in.
_BEGIN = r"(?<![\w£$€])(?<![£$€]\s)(?<!\d[.,/])"
_END = r"(?![\w%])(?![.,/]\d)(?!\s?%|\sper\s?cent)"

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Sept"
_MONTH += r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_YEAR = r"(?:19|20)\d\d"
# only years that follow each other make a financial year: 12/15 is a figure
_FINANCIAL_YEAR = r"(?:20)?(?:" + "|".join(f"{year:02}/{(year + 1) % 100:02}" for year in range(100)) + ")"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)\b"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DAYS = rf"{_DAY}(?:st|nd|rd|th)?(?:(?:,\s|\s?(?:-|–|&)\s?|\s(?:to|and|or)\s){_DAY}(?:st|nd|rd|th)?){{0,4}}"
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
_CLOCK = r"\d{1,2}(?:[.:][0-5]\d)?"
_TIME = r"(?:day|night|week|month|year|hour|hr|minute|min)"

_DATES = [
    rf"{_BEGIN}{_DAYS}(?:\sof)?\s?{_MONTH}\b(?:,?\s{_YEAR}{_END}|[-'’]\d\d{_END})?",
    rf"\b{_MONTH}\s{_ORDINAL}(?:,?\s{_YEAR}{_END})?",
    rf"\b{_MONTH}\s{_DAY},?\s{_YEAR}{_END}",
    rf"\b[Oo]n\s{_MONTH}\s{_DAY}{_END}",
    rf"\b{_MONTH}\.?(?:\s{_FINANCIAL_YEAR}|\s?['’]\d\d|-\d\d|\s?[-'’]?\s?{_YEAR}){_END}",
    rf"{_BEGIN}{_DAY}(?P<by>[/.-])(?:0?[1-9]|1[0-2])(?P=by)(?:{_YEAR}|\d\d){_END}",
    rf"{_BEGIN}{_YEAR}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?{_END}",
    rf"\b{_WEEKDAY},?\s(?:the\s)?{_ORDINAL}",
    # the 12th of a month, not the 12th of all peers
    rf"\b(?:[Tt]he|[Oo]n|[Uu]ntil|[Tt]ill|[Bb]y|[Bb]efore|[Aa]fter|[Ss]ince|[Dd]ue)\s{_ORDINAL}"
    r"(?:\sof\s(?:the|this|last|next|each)\smonth\b|(?![\s-](?:of|in|out|among|place|position|best|worst|most|least"
    r"|highest|lowest|largest|smallest|better|worse)\b)(?!/))",
    rf"{_BEGIN}{_FINANCIAL_YEAR}(?:\s?[-–]\s?{_FINANCIAL_YEAR})?{_END}",
    rf"{_BEGIN}{_YEAR}(?:[-–](?:\d\d?|{_YEAR})|/(?:\d|{_YEAR})){_END}",
    rf"{_BEGIN}(?:{_YEAR[:-4]}\d0s|['’]?\d0s|['’]\d\d)\b",
    rf"{_BEGIN}{_CLOCK}(?:\s?(?:-|–|to)\s?{_CLOCK})?\s?(?:(?:am|pm|AM|PM|noon|midnight|o['’]clock)\b|[ap]\.m\.)",
    rf"{_BEGIN}(?:[01]\d|2[0-3]):[0-5]\d(?:\s?(?:-|–|to)\s?(?:[01]\d|2[0-3]):[0-5]\d)?{_END}",
    rf"{_BEGIN}(?:[01]\d|2[0-3])[.:]?[0-5]\d\s?(?:hrs?|hours)\b",
    # spans and ages
    rf"{_BEGIN}\d{{1,3}}(?:\s?[-–]\s?\d{{1,3}})?[ -]?(?:months?|mths?|years?|yrs?)\b",
    rf"{_BEGIN}\d{{1,3}}-{_TIME}(?:s|ly)?\b",
    rf"{_BEGIN}(?:24|48|72)\s?(?:hours?|hrs?)\b",
    rf"\b(?:[Ll]ast|[Pp]ast|[Nn]ext|[Pp]revious|[Ff]irst|[Ww]ithin|[Ee]very)\s\d{{1,3}}\s(?:{_TIME}|quarter)s\b",
    rf"\b[Aa]ge[sd]?\s(?:(?:under|over)\s)?\d{{1,2}}(?:\s?[-–]\s?\d{{1,2}}|\s(?:to|and)\s\d{{1,2}})?{_END}",
    r"\b(?:[Uu]nder|[Oo]ver)[- ]\d\ds\b",
    rf"{_BEGIN}\d\d\s?[-–]\s?\d\ds\b",
]

_ITEM = r"\d{1,4}(?:\.\d{1,3})*[A-Za-z]{0,2}(?:\([a-z0-9]{1,4}\))*"
_RANGE = rf"{_ITEM}(?:\s?[-–/]\s?{_ITEM})?{_END}"
_LIST = rf"{_ITEM}(?:(?:,\s{_ITEM}){{0,9}}(?:\s?[-–/&]\s?|,?\s(?:to|and|or)\s){_ITEM})?{_END}"
# What is found by a number, written with a small or a capital letter: in documents, and of few, in an order.
_CITED = (
    "section|sect|article|paragraph|para|page|chapter|clause|schedule|annexe?|appendix|table|chart|item|line|note"
    "|footnote|recommendation|action|objective|theme|strand|principle|rule|regulation|resolution|circular|indicator"
    "|question|version|junction|terminal|channel|route|code|form|ref|no\\."
)
_RANKED = "option|part|step|phase|stage|tier|level|band|grade|category|class|type|priority|tranche|wave|round|zone"
# these are also what a quantity follows: in the year 12 people were hurt
_WITH_A_CAPITAL = (
    "Figure|Fig|Month|Quarter|Qtr|Year|Day|Team|Squad|Unit|Group|Area|Ward|Sector|District|Court|Room|Gate|Platform"
    "|Radio|Windows|Formula|Euro|Issue|Volume|Bus|Flight|Tower|Block"
)
_CODES = "CM|Cm|Cmnd|Cmd|HC|HL|SI|ISO|BS|PSA|SPI|PI|NI|KPI|LPI|BVPI|CPA|HOC"


def _in_either_case(words: str) -> str:
    return "|".join(f"[{word[0]}{word[0].upper()}]{word[1:]}" for word in words.split("|"))


_NOT_OF_ONE = "".join(
    rf"(?<!\b{_in_either_case(word)}\s)" for word in ("the", "this", "that", "last", "per", "a", "each", "one")
)
_DOCUMENT = rf"\b(?:{_in_either_case(_CITED)}|{_WITH_A_CAPITAL})"
_RANK = r"\d{1,2}[A-Za-z]?"
_REFERENCES = [
    rf"{_DOCUMENT}\.?\s?{_RANGE}",
    rf"{_DOCUMENT}s\.?\s?{_LIST}",
    rf"\b[Aa]ppendices\s{_LIST}",
    rf"\b(?:{_in_either_case(_RANKED)})"
    rf"(?:\s?{_RANK}(?:\s?[-–/&]\s?{_RANK})?|s\s{_RANK}(?:\s?[-–&]\s?|\s(?:to|and|or)\s){_RANK}){_END}",
    rf"{_NOT_OF_ONE}\b(?:[Ww]eek|[Ww]k|[Pp]eriod)\s\d{{1,2}}{_END}",
    rf"\b(?:[Ww]eek|[Ww]k|[Pp]eriod|[Mm]onth|[Qq]uarter|[Yy]ear|[Dd]ay)s\s{_RANK}"
    rf"(?:\s?[-–&]\s?|\s(?:to|and)\s){_RANK}{_END}",
    rf"{_NOT_OF_ONE}\bquarter\s[1-4]{_END}",
    rf"\b(?:at|by|to|from|since|until)\s(?:month|year|day)\s\d{{1,2}}{_END}",
    rf"(?<![\w'’])(?:[Ss]{{1,2}}|[Pp]{{1,2}}|[Vv])(?:\.\s?|(?=\d)){_LIST}",
    rf"(?<![\w'’])[Ss]\s{_ITEM}{_END}",
    rf"\b(?:No|Number)\s10{_END}",
    rf"\b[Ss]ee(?:\salso)?\s{_ITEM}(?:(?:,|,?\sand|,?\sor)\s{_ITEM}){{0,4}}(?=[)\];.,:]|$)(?!\.\d)",
    rf"\b(?:{_CODES})\s\d{{1,5}}(?:[.:/]\d{{1,4}})*{_END}",
    # SO15, SO(15), Q2, G20, Mk2, A406, SW1A 2AA, CS-12, TP21-led; 4a, 3G
    rf"(?<![\w£$€])(?:[A-Z]{{1,6}}|[A-Z][a-z]{{1,3}})\d{{1,4}}(?:[/-]\d{{1,3}}|[A-Za-z]{{1,2}}\d?)?(?:\s\d[A-Z]{{2}})?"
    rf"{_END}",
    rf"(?<![\w£$€])(?:[A-Z]{{2}}\(\d{{1,2}}\)|(?:[A-Z]{{1,5}}|Covid)-\d{{1,4}}{_END})",
    rf"{_BEGIN}\d{{1,2}}(?:[a-j](?:/\d{{1,2}}[a-j])*|[A-JLN-Z]){_END}",
    rf"\bOp(?:eration|\.)?\s(?:[A-Z][\w'’-]{{0,30}}\s){{1,3}}\d{_END}",
    rf"{_BEGIN}\d{{1,2}}(?:st|nd|rd|th)\s(?:[Cc]entury|[Hh]alf|[Qq]uarter|[Ff]loor|[Aa]nniversary|[Pp]art(?:y|ies)|[Pp]hase"
    r"|[Ww]ave|[Rr]ound|[Ee]dition|[Ss]tage|[Tt]ranche|[Ww]eek|[Mm]onth|[Yy]ear|[Mm]eeting|[Rr]eport)\b",
    rf"{_BEGIN}(?:24[/-]7(?:/365)?|9/11|[72]1?/7|4x4|\d0\s?mph){_END}",
    rf"{_BEGIN}0\d+(?:\s\d{{3,4}}){{0,3}}{_END}",
    rf"\b[Pp]er\s10{{0,2}}(?:,?000){{0,2}}{_END}",
    rf"{_BEGIN}{_YEAR}{_END}",
]
# numbers that one calls, unless what stands before makes a quantity of them
_CALLED = r"(?:999|101|111|112)(?:/(?:999|101|111|112))?"
_QUANTITY = r"\b(?:by|up|down|than|(?:rose|fell|risen|fallen|increased?|decreased?|reduced|dropped|grew)\sto)\s"
_CALLED_AS_A_FIGURE = rf"(?i:{_QUANTITY}){_CALLED}{_END}"
_COUNTED = r"\s(?:offences|crimes|victims|people|officers|arrests|detections|cases|casualties|incidents|recruits)\b"
_IS_CALLED = rf"{_BEGIN}{_CALLED}{_END}(?!{_COUNTED})"

_FIGURE = re.compile(r"[£$€]\s?\d(?:[\d.,]*\d)?[a-z]*|\d+(?:[.,]\d+)+(?:\s?%)?|\d+\s?(?:%|per ?cent)|(?<!\w)\w*\d\w*")
_ALONE = re.compile(rf"{_BEGIN}\d+(?:,\d{{3}})*(?:\.\d+)?{_END}")


@cache
def _pattern(*alternatives: str) -> re.Pattern[str]:
    """Made where it is needed: some 20 ms, which what reads no comment should not wait for."""
    return re.compile("|".join(alternatives))


def first_figure(comment: str) -> str | None:
    """The first number of a comment that is a figure by its form; None if none is."""
    text = _without_dates(comment)
    if not _FIGURE.search(text):
        return None
    text = _pattern(*_REFERENCES).sub(" ", text)
    if not _pattern(_CALLED_AS_A_FIGURE).search(text):
        text = _pattern(_IS_CALLED).sub(" ", text)
    found = _FIGURE.search(text)
    return found[0] if found else None


def numbers_alone(comment: str) -> list[str]:
    """The numbers of a comment that are part of no date, span or word: those a figure of the line could be."""
    return _ALONE.findall(_without_dates(comment))


def _without_dates(comment: str) -> str:
    text = re.sub(PLACEHOLDER, " ", comment)
    return _pattern(*_DATES).sub(" ", text) if _FIGURE.search(text) else text


def hard_coded_number(text: pl.Expr) -> pl.Expr:
    """The first figure in a comment that is no placeholder, date, name or reference; null if none."""
    return text.map_elements(first_figure, return_dtype=pl.String)


def stray_brace(text: pl.Expr) -> pl.Expr:
    """Whether a brace is left that belongs to no placeholder."""
    return text.str.replace_all(PLACEHOLDER, " ").str.contains(r"[{}]")
