"""The words for what an indicator or a figure computes, and what follows from each. Data, no rules."""

# The kinds an indicator may be of. What each computes is in dbt_project/macros/kinds.sql.
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
