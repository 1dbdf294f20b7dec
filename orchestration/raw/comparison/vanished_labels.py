"""Labels that a publisher no longer writes while others of their column come: it likely writes new ones instead."""

import json
from collections.abc import Iterable
from math import exp

import polars as pl

from orchestration import months
from orchestration.raw.checks.validation import Verdict
from orchestration.raw.comparison.paired_figures import BY_CHANCE
from orchestration.raw.findings import findings
from orchestration.raw.readers.header import LabelRows
from orchestration.raw.sources.names import meanings


def as_json(labels: Iterable[LabelRows]) -> str | None:
    """What became of the labels of a delivery, for the list of deliveries; None where there are none."""
    return json.dumps([label._asdict() for label in labels], ensure_ascii=False) if labels else None


def warnings(verdict: Verdict, before: str, file: str | None) -> pl.DataFrame:
    """A warning on each label of the last delivery, as `as_json` has them, that could stand in this one and does not.

    Of single records, a label of few may have none by chance.
    """
    extract, month = verdict.delivery.extract, verdict.delivery.month
    here = {(each.column, each.label) for each in verdict.labels}
    neighbours = {column for column, _ in here}
    there: dict[tuple[str, str], LabelRows] = {}
    for each in (LabelRows(**its) for its in json.loads(before)):
        there[each.column, each.label] = each
    found = []
    for (name, label), each in there.items():
        if (name, label) in here or name not in neighbours:
            continue
        means = [it for it in meanings(extract.column(name)) if it.name == label]
        holds = any((it.first or month) <= month <= (it.last or month) for it in means)
        if holds and not (extract.reading.records and exp(-each.rows) > BY_CHANCE):
            rule = (
                f"'{label}', which is counted as {each.word}, stood in {each.rows:,} rows of {file} and stands in none "
                f"here, while other labels do: if it is called otherwise from {months.key(month)} on, declare the new "
                "label"
            )
            found.append(findings.problem("vanished_label", rule, column=name, file=verdict.delivery.file))
    return findings.combined(found)
