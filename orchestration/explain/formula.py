"""How a figure is computed, in words made from the rows of the catalogue."""

from datetime import date

from orchestration.scorecard.display import month_label

SHARE = "{numerators}, divided by {denominators}"
KINDS = {
    "total": "{measure}",
    "monthly_average": "{measure}, divided by the months of the window",
    "percentage": "{measure}",
    "percentage_change": "{measure}: how far it is from the same window a year before, relative to that",
    "change_in_points": "{measure}: the difference from the same window a year before",
    "gap": "{measure}; less {other}",
    "ratio_of_shares": "{measure}; divided by {other}",
    "k_of_n": "{numerators}, out of {denominators}",
    "forecast": "{measure}, as the source forecasts it for the year",
}
WINDOWS = {
    "rolling_year": "the 12 months that end with the last complete month",
    "year_to_date": "April to the last complete month",
    "quarter": "the last complete quarter",
    "financial_year": "the financial year",
    "latest": "the last complete month",
}


def in_words(kind: str, basis: str, measure: list[dict], other: list[dict]) -> str:
    """The formula of a line. `measure` and `other` are the catalogue's rows of its measures: part, series, weight."""
    parts = {part: _listed([row for row in measure if row["part"] == part]) for part in ("numerator", "denominator")}
    words = KINDS[kind].format(
        measure=_measure(measure),
        other=_measure(other) if other else "",
        numerators=parts["numerator"],
        denominators=parts["denominator"],
    )
    return f"{words[0].upper()}{words[1:]}; over {WINDOWS[basis]}."


def window(first: date | None, last: date | None) -> str | None:
    """`Sep-08 to Aug-09`, or the one month; None where there is no window."""
    if first is None or last is None:
        return None
    return month_label(first) if first == last else f"{month_label(first)} to {month_label(last)}"


def _measure(rows: list[dict]) -> str:
    """What a measure adds up, and what that is divided by."""
    numerators = _listed([row for row in rows if row["part"] == "numerator"])
    denominators = _listed([row for row in rows if row["part"] == "denominator"])
    return SHARE.format(numerators=numerators, denominators=denominators) if denominators else numerators


def _listed(rows: list[dict]) -> str:
    return " + ".join(_weighed(row) for row in rows)


def _weighed(row: dict) -> str:
    name = _spoken(row["series"])
    return name if row["weight"] == 1 else f"{row['weight']} x {name}"


def _spoken(name: str) -> str:
    """A name of the catalogue as words."""
    return name.replace("_", " ")
