"""Each delivery taken away in turn: what rested on it has no value and says why, or ends earlier; nothing is wrong.

The models' own SQL runs on a copy of the sample's warehouse, the cards are scored and checked against the mart's
contracts, and the audit recomputes each card from the deliveries.
"""

import random
from datetime import date

import polars as pl
from pandera.errors import SchemaErrors

from orchestration import audit
from tests.conftest import Built
from tests.rebuilt import Rebuilt, rebuilt
from tests.torture.rooms import Outcome

CARDS = (date(2009, 1, 1), date(2009, 4, 1), date(2009, 8, 1))  # April: a year has just begun
SEED = 2009


def run(times: int, sample: Built) -> Outcome:
    """Take so many deliveries away, each alone (all of them where there are fewer), and look at the cards."""
    with rebuilt(sample) as copy:
        base = copy.scored(CARDS)["figures"]
        query = "select extract, delivery_month from raw.deliveries where status = 'loaded' order by all"
        deliveries = copy.connection.execute(query).fetchall()
        random.Random(SEED).shuffle(deliveries)
        broken, moved = [], 0
        for extract, month in deliveries[:times]:
            found, wrong = _without(copy, base, extract, month)
            moved += found
            broken += [f"without {extract} {month:%Y-%m}: {says}" for says in wrong]
    tried = min(times, len(deliveries))
    return Outcome("each delivery taken away in turn", tried, broken, f"{moved:,} figures without a value")


def _without(copy: Rebuilt, base: pl.DataFrame, extract: str, month: date) -> tuple[int, list[str]]:
    """How many figures lost their value, and what is wrong with the cards."""
    try:
        with copy.without(f"extract = '{extract}' and delivery_month = '{month}'"):
            figures = copy.scored(CARDS)["figures"]
            recomputed = copy.recomputed(CARDS)
    except (TypeError, ArithmeticError, SchemaErrors) as error:
        return 0, [f"{type(error).__name__}: {error}"]
    wrong = audit.differences(recomputed, figures.to_dicts())
    both = base.join(figures, on=["report_month", "line", "name"], suffix="_now")
    lost = 0
    for row in both.iter_rows(named=True):
        if row["value_now"] is None:
            lost += row["value"] is not None
            if not row["missing_reason_now"]:
                wrong.append(f"{row['line']} {row['name']} has no value and does not say why")
        elif row["value_now"] != row["value"] and row["report_month"] < month:
            wrong.append(f"{row['line']} {row['name']} of {row['report_month']:%Y-%m} changed, which came before")
    return lost, wrong
