"""The mart: the tables and views of a release, and the table of the warehouse that each comes from."""

from dataclasses import dataclass

import jinja2
import yaml

from orchestration import organisation, settings
from orchestration.scorecard import contracts

# the tables about the release itself and those before it, made when it is published
OF_THE_RELEASE = tuple(table for table in contracts.RELEASE if table != "release")


@dataclass(frozen=True)
class Published:
    """A table of the release: the warehouse's table it comes from, and the order of its rows."""

    relation: str
    order_by: str
    without: str | None = None  # columns that are the pipeline's own business

    @property
    def by_report_month(self) -> bool:
        """Whether it is kept by report month: what is before them in the pipeline is one list for all."""
        return not self.relation.startswith(("raw.", "reference."))


TABLES = {
    **{table: Published(f"scorecard.{table}", ", ".join(it.unique)) for table, it in contracts.SCORECARD.items()},
    "scorecard": Published("scorecard.scorecard", "report_month, position"),
    "rolling_year": Published("aggregates.rolling_year", "report_month, measure, area, month"),
    "year_to_date": Published("aggregates.year_to_date", "report_month, measure, area, month"),
    "monthly_measures": Published(
        "measures.monthly_measures", "report_month, measure, area, month", "unknown_reason, unknown_reason_before"
    ),
    "history": Published("aggregates.history", "report_month, line, month"),
    "movements": Published("aggregates.movements", "report_month, line, kind, part, month"),
    "component_movements": Published("aggregates.component_movements", "report_month, line, component, kind"),
    "peers": Published("aggregates.peers", "report_month, line, name, rank, peer"),
    "measure_sources": Published("measures.measure_sources", "report_month, measure, month, extract"),
    "indicators": Published("aggregates.indicators_as_of", "report_month, position"),
    "measures": Published("reference.measures", "measure, part, series"),
    "series": Published("reference.series", "series"),
    "areas": Published("reference.areas", "area"),
    "breaks": Published("reference.breaks", "measure, from_month"),
    "judging_rules": Published("reference.judging_rules", "financial_year, line, rule"),
    "definitions": Published("reference.definitions", "measure, from_month"),
    "glossary": Published("reference.glossary", "abbreviation"),
    "cards": Published("reference.cards", "financial_year"),
    "deliveries": Published("raw.deliveries", "extract, delivery_month", "code, compared_with, names, file_state"),
}


@dataclass(frozen=True)
class View:
    """A query over the tables of a release, its grain first, and what each of its columns holds."""

    description: str
    columns: dict[str, str]
    query: str


def _views() -> dict[str, View]:
    """The SQL files that dbt documents as analyses, each over the tables of the release beside it."""
    folder = settings.DBT_PROJECT / "analyses"
    macros = "".join(
        (settings.DBT_PROJECT / "macros" / f"{name}.sql").read_text(encoding="utf-8")
        for name in ("kinds", "contributions")
    )
    declared = yaml.safe_load((folder / "views_of_a_release.yml").read_text(encoding="utf-8"))
    return {
        view["name"]: View(
            view["description"],
            {column["name"]: column["description"] for column in view["columns"]},
            jinja2.Template(macros + (folder / f"{view['name']}.sql").read_text(encoding="utf-8"))
            .render(ref=lambda table: table, source=lambda _, table: table, amount=lambda: contracts.AMOUNT)
            .strip(),
        )
        for view in declared["analyses"]
        if organisation.declared().region or all(column["name"] != "region" for column in view["columns"])
    }


# by name, and in this order: a view may read those before it
VIEWS = _views()
