"""Every number explains itself: the tables of intervals, control charts, run rates, outturns, reasons and changes."""

import pandera.polars as pa

from orchestration.scorecard.explanations import changes, intervals, judgements, outturns, run_rates, trend

# The tables made here and what they may hold; one entry a line.
SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "intervals": intervals.SCHEMA,
    "trends": trend.TRENDS,
    "trend_marks": trend.TREND_MARKS,
    "run_rates": run_rates.SCHEMA,
    "outturns": outturns.SCHEMA,
    "judgements": judgements.JUDGEMENTS,
    "judgement_steps": judgements.JUDGEMENT_STEPS,
    "changes": changes.SCHEMA,
}
