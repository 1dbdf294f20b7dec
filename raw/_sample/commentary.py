"""Deliveries of the commentary: which sentence stands on which line in which month."""

from raw._sample.comments import CARD_2009_01, CARD_2009_08, NEUTRAL_2008_09, NEUTRAL_2009_10
from raw._sample.months import MONTHS, between, financial_year, label, last_quarter_end, shift

COLUMNS = ("line", "comment")
FIRST = "2008-04"
QUARTERS = (("quarter_1", "Apr - Jun"), ("quarter_2", "Jul - Sep"), ("quarter_3", "Oct - Dec"))
# The delivery from which each quarter of 2008/09 is known: the second came a month late.
QUARTERS_KNOWN_FROM = ("2008-06", "2008-10", "2008-12")
# The first report months at which a change over the window is known: before, the window compared with
# reaches back beyond the first month held.
SURVEY_CHANGE_FROM, ROLLING_YEAR_CHANGE_FROM = "2008-09", "2009-01"


def year_to_date(report_month: str) -> str:
    """The year to date as a comment names it: `Apr - Aug`, or `Apr` in April."""
    name = label(report_month)[:3]
    return "Apr" if name == "Apr" else f"Apr - {name}"


def quarters_known(report_month: str, unit: str) -> str:
    """The quarters of 2008/09 known so far, each with its placeholder."""
    known = [
        f"{{{name}}}{unit} [{months}]"
        for (name, months), start in zip(QUARTERS, QUARTERS_KNOWN_FROM, strict=True)
        if report_month >= start
    ]
    return " and ".join([", ".join(known[:-1]), known[-1]] if len(known) > 1 else known)


def neutral_2008_09(report_month: str) -> dict[str, str]:
    """The neutral sentences of a month of 2008/09."""
    found = CARD_2009_01 | NEUTRAL_2008_09
    if report_month >= QUARTERS_KNOWN_FROM[0]:
        found["1"] = f"Satisfaction in individual quarters of 2008/09: {quarters_known(report_month, '')}."
        found["2"] = f"Satisfaction gap in individual quarters: {quarters_known(report_month, ' pp')}."
    else:
        found["1"] = "See covering report regarding key activities to improve user satisfaction."
        found["2"] = "See separate report regarding key activities to narrow the satisfaction gap."
    survey = last_quarter_end(shift(report_month, -3))
    if report_month >= SURVEY_CHANGE_FROM:
        found["3"] = (
            f"Data for 12 months to {label(survey)} is {{change_on_previous_quarter}}% points on the year to "
            f"{label(shift(survey, -3))} [{{previous_quarter}}]"
        )
    else:
        found["3"] = "Data lags the report by at least one quarter."
    provisional = "Data from Jan-08 onwards" if report_month >= "2008-06" else "Data shown"
    found["5"] = f"{provisional} is provisional (late submissions may increase KSIs)."
    if report_month >= ROLLING_YEAR_CHANGE_FROM:
        found |= {line: CARD_2009_01[line] for line in ("4a", "6a")}
        found["5"] += " Road fatalities have {killed_change} ({killed_difference} fatalities) over the RY to <month>"
    if report_month < "2009-03":  # in March no month is left in which to reach the target
        found["4b"] = (
            "Performance in the rest of 2008/09 would need to be around {required_rate} for this target to be met. "
            + found["4b"]
        )
    return found


def sentences(report_month: str) -> dict[str, str]:
    """Line by line, the sentences of a month: the published ones where a card was published."""
    if report_month == "2009-01":
        found = CARD_2009_01
    elif report_month == "2009-08":
        found = CARD_2009_08
    elif financial_year(report_month) == 2008:
        found = neutral_2008_09(report_month)
    else:
        found = CARD_2009_08 | NEUTRAL_2009_10
    late = shift(report_month, -3)
    labels = {
        "<month>": label(report_month),
        "<before>": label(shift(report_month, -1)),
        "<ytd>": year_to_date(report_month),
        "<ytd-joined>": year_to_date(report_month).replace(" ", ""),
        "<quarter>": label(last_quarter_end(shift(report_month, -1))),
        "<year>": label(shift(late, -((int(late[5:]) - 3) % 12))),
        "<dropped>": label(shift(report_month, -12)).replace("-", "'"),
    }
    written = {}
    for line, sentence in found.items():
        for token, text in labels.items():
            sentence = sentence.replace(token, text)  # noqa: PLW2901
        written[line] = sentence
    return written


def deliveries() -> dict[str, list[tuple]]:
    """Every delivery of the commentary."""
    return {month: list(sentences(month).items()) for month in between(FIRST, MONTHS[-1])}
