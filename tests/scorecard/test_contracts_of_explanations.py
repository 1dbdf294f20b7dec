"""What the tables that explain a figure may hold: rows of the sample pass, and one damaged against a rule does not."""

import polars as pl
import pytest
from pandera.errors import SchemaErrors

from orchestration.scorecard import contracts
from tests.conftest import Built

SCHEMAS = {name: it for name, it in contracts.SCORECARD.items() if name not in ("scorecard", "figures")}
# By table and rule of it: what makes a row break it, in a row of the sample that has what is damaged.
DAMAGES = {
    "intervals": {
        "an interval or a reason": {"missing_reason": "none"},
        "an interval contains its value": {"lower": 1e12, "upper": 2e12},
    },
    "trend_marks": {"both marks or a reason": {"missing_reason": "none"}},
    "run_rates": {
        "a run rate or a reason why there is none": {"missing_reason": "none"},
        "no more months reached it than are known": {"times_reached": 1000},
    },
    "outturns": {
        "an outturn or a reason why there is none": {"missing_reason": "none"},
        "the centre lies in the range": {"central": 1e12},
        "no more trials held than there were": {"trials_held": 10_000},
    },
    "judgements": {
        "a letter or a reason why there is none": {"missing_reason": "none"},
        "a letter has a rule that gave it": {"rule": "not judged"},
    },
    "changes": {"a sentence or a reason": {"missing_reason": "none"}},
}


def rows(sample: Built, table: str) -> pl.DataFrame:
    return sample.query(f"select * from {table}").cast(contracts.types(table))


def refused(table: str, data: pl.DataFrame) -> set[str]:
    with pytest.raises(SchemaErrors) as raised:
        SCHEMAS[table].validate(data, lazy=True)
    return set(raised.value.failure_cases["check"])


@pytest.mark.parametrize("table", SCHEMAS)
def test_the_sample_s_rows_pass_and_one_that_stands_twice_does_not(sample: Built, table: str):
    data = rows(sample, table)
    assert data.height > 200
    SCHEMAS[table].validate(data, lazy=True)
    assert any("uniqueness" in rule for rule in refused(table, pl.concat([data, data.head(1)])))


@pytest.mark.parametrize(("table", "rule"), [(table, rule) for table, rules in DAMAGES.items() for rule in rules])
def test_a_row_that_breaks_a_rule_is_refused_by_it(sample: Built, table: str, rule: str):
    data = rows(sample, table)
    whole = data.filter(pl.col("missing_reason").is_null()).head(1)
    assert whole.height == 1
    changes = {name: pl.lit(value, dtype=data.schema[name]) for name, value in DAMAGES[table][rule].items()}
    assert rule in refused(table, whole.with_columns(**changes))


def test_every_rule_over_a_row_is_tried():
    assert {(table, check.name) for table, schema in SCHEMAS.items() for check in schema.checks} == {
        (table, rule) for table, rules in DAMAGES.items() for rule in rules
    }
