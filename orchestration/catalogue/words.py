"""The words of the catalogue that the code gives a meaning to. A word of another meaning is a branch somewhere."""

from orchestration.contract import BASES
from orchestration.display import SIGNS, UNITS
from orchestration.optional_rules import RULES
from orchestration.raw.extracts import EXTRACTS

# The kinds an indicator may be of. What each computes is in the model figure_values.
KINDS = (
    "total",
    "monthly_average",
    "percentage",
    "percentage_change",
    "change_in_points",
    "gap",
    "k_of_n",
    "ratio_of_shares",
    "forecast",
)
# What a comment may quote besides.
STATISTICS = (
    *KINDS,
    "change",
    "change_in_monthly_average",
    "margin_of_error",
    "supplied_margin",
    "highest_month",
    "lowest_month",
    "required_rate",
    "rank",
    "peer_value",
    "target",
    "target_monthly_average",
)
OF_PEERS = ("rank", "peer_value")
OF_TWO_MEASURES = ("gap", "ratio_of_shares", "margin_of_error")
OF_NO_MEASURE = ("target", "target_monthly_average")
# The kinds whose year end is no sum or rate over the months of the year, and the windows that a year end completes.
WITHOUT_A_YEAR_END = {
    "gap": "a gap depends on two rates, so that no one figure of the months left decides it",
    "ratio_of_shares": "a ratio of shares depends on two shares, so that no one figure of the months left decides it",
    "k_of_n": "k of n is a state at one time, not a sum over the months of the year",
    "forecast": "the figure is itself a forecast of the year end, supplied by its source",
}
ENDING_WITH_THE_YEAR = ("rolling_year", "year_to_date")
# The figures that every line with a measure, and with a target, has without a row.
OF_EVERY_LINE = ("latest", "target", "year_before")

_SIGNS = tuple(name for name in SIGNS if name)
WORDS = {
    ("areas", "kind"): ("force", "borough"),
    ("series", "level"): ("force", "borough"),
    ("series", "unit"): ("count", "pounds"),
    ("series", "carry_forward"): ("true", "false"),
    ("series", "extract"): tuple(extract.name for extract in EXTRACTS),
    ("measures", "part"): ("numerator", "denominator"),
    ("indicators", "kind"): KINDS,
    ("indicators", "basis"): tuple(BASES),
    ("indicators", "direction"): ("higher_is_better", "lower_is_better"),
    ("indicators", "unit"): tuple(UNITS),
    ("indicators", "sign"): _SIGNS,
    ("judging_rules", "rule"): tuple(RULES),
    ("figures", "statistic"): STATISTICS,
    ("figures", "basis"): tuple(BASES),
    ("figures", "ends"): (
        "latest",
        "quarter_before",
        "year_before",
        "last_march",
        *(f"quarter_{number}" for number in range(1, 5)),
    ),
    ("figures", "against"): ("year_before", "quarter_before", "last_march"),
    ("figures", "unit"): tuple(UNITS),
    ("figures", "sign"): _SIGNS,
}
