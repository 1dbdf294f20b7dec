"""Mistakes planted one at a time in the models' SQL, which the sweep must find.

That windows of other lengths are not compared, and that a year to date has no value of a whole year, is held by dbt's
unit tests: the catalogue check refuses figures that would show it.
"""

import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.sweep import checked, comparison, voices
from tests.sweep.case import Case


class Mutation(NamedTuple):
    """An edit of a model's compiled SQL, at every place where the text stands."""

    model: str
    text: str
    instead: str


AREAS_THAT_CAME = Mutation("monthly_measures", "complete_areas = areas_expected", "complete_areas <= areas_expected")
MODELS = (
    Mutation("peers_as_of", "max(delivered_periods.delivery_month)", "min(delivered_periods.delivery_month)"),
    Mutation("peer_periods", "max(known.to_month) over", "min(known.to_month) over"),
    Mutation("peer_ranks", "order by value desc", "order by value"),
    Mutation("effective_deliveries", "as_of_month >= delivered_months", "as_of_month > delivered_months"),
    Mutation("effective_deliveries", "max(delivered_months.delivery_month)", "min(delivered_months.delivery_month)"),
    Mutation("effective_deliveries", "max(latest_deliveries.month)", "min(latest_deliveries.month)"),
    Mutation("effective_deliveries", "latest_deliveries.month_number < 48", "latest_deliveries.month_number < 20"),
    Mutation("series_as_of", "paired.delivery_month = delivered", "paired.delivery_month >= delivered"),
    Mutation("monthly_measures", "parts.weight * known.value end", "known.value end"),
    AREAS_THAT_CAME,
    Mutation("monthly_measures", "summed_by_area.parts = parts_expected", "summed_by_area.parts <= parts_expected"),
    Mutation("monthly_measures", "areas_that_came = areas_expected", "areas_that_came <= areas_expected"),
    Mutation("measure_months", "report_months.month_number >= calendar", "report_months.month_number > calendar"),
    Mutation("latest_months", "complete or unknown_reason is not null", "complete"),
    Mutation("rolling_year", "between 11 preceding", "between 12 preceding"),
    Mutation("rolling_year", "interval 11 month", "interval 12 month"),
    Mutation("year_to_date", "measure, area, financial_year_start", "measure, area"),
    Mutation("year_to_date", "sum(numerator) over period", "max(numerator) over period"),
    Mutation("windows", "greatest(months_covered, 1) - 1", "greatest(months_covered, 1)"),
    Mutation("windows", "between every_basis.data_from and every_basis.month", "= every_basis.month"),
    Mutation("figure_windows", "latest_month < financial_year_start then null", "false then null"),
    Mutation("figure_windows", "latest_month - interval 3 month", "latest_month - interval 2 month"),
    Mutation("figure_windows", "- to_years(years_back) as data_to", "as data_to"),
    Mutation("figure_windows", "latest_month - interval 1 year", "latest_month - interval 13 month"),
    Mutation("figure_inputs", "between windows.data_from and wanted.data_to", "<= wanted.data_to"),
    Mutation("figure_values", ", 0) - 1", ", 0)"),
    Mutation("figure_values", "target / 12", "target"),
    Mutation("figure_values", "target * months_expected / 12", "target"),
    Mutation("figure_inputs", "financial_year_start - interval 1 month", "financial_year_start - interval 2 month"),
    Mutation("figure_reasons", "data_to > report_month", "data_to >= report_month"),
    Mutation("history", "figures.data_to >= own.month", "figures.data_to > own.month"),
    Mutation("movements", "coalesce(divisor, 0) - coalesce(divisor_before, 0)", "0"),
)


@cache
def known(seed: int) -> tuple[Case, comparison.Expectations]:
    """The case of a seed, and its figures by definition."""
    with tempfile.TemporaryDirectory() as there:
        made = checked.generate(seed, Path(there))
    return made, comparison.expected(made)


def found_in_models(compiled: voices.Compiled, mutation: Mutation, seeds: Iterable[int]) -> int | None:
    """The first seed that finds the mutation; None where none does."""
    models = planted(compiled, mutation)
    for seed in seeds:
        made, by_definition = known(seed)
        models.run(made)
        if comparison.of_models(by_definition, models):
            return seed
    return None


def planted(compiled: voices.Compiled, mutation: Mutation) -> voices.Models:
    """The models with a mutation."""
    (model,) = (model for model in compiled.models if model.name.endswith(f".{mutation.model}"))
    if mutation.text not in model.sql:
        raise LookupError(f"{mutation.model} has no '{mutation.text}' any more: edit tests/sweep/mutations.py")
    wrong = model._replace(sql=model.sql.replace(mutation.text, mutation.instead))
    return voices.Models(compiled._replace(models=[wrong if each == model else each for each in compiled.models]))
