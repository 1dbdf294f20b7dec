"""Freshness by month: whether the newest delivery that each source owes is effective.

Dagster's freshness policies look at when an asset was materialized, and a run over July makes it fresh while September
is missing. What is owed follows from a source's cadence, and from the working day on which a card is due.
"""

import json
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

import dagster as dg
import duckdb

from orchestration import months, warehouse, years
from orchestration.errors import UserError
from orchestration.raw.sources.declarations import Extract, due
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.release import readiness
from orchestration.working_days import due_on


def spec(extract: Extract) -> dg.AssetCheckSpec:
    """The check of a raw asset: evaluated by each of its runs, and by the sensor where only time has passed."""
    return dg.AssetCheckSpec(
        "fresh",
        asset=["raw", extract.name],
        description="The delivery of the newest month that is due is effective. It is due on the working day of the "
        "month after on which the card is.",
    )


def evaluation(extract: Extract, effective: Collection[date], today: date) -> dict[str, Any]:
    """What the check of an extract finds on a day, given the months whose deliveries are effective."""
    owed = [(month, day) for month in years.calendar() if due(extract, month) and (day := due_on(month)) <= today]
    newest = months.key(max(effective)) if effective else "none"
    month, since = owed[-1] if owed else (None, None)
    passed = month is None or month in effective
    late = f"{extract.name} of {month:%Y-%m} was due on {since:%-d %B %Y} and is not effective" if month else ""
    return {
        "asset_key": dg.AssetKey(["raw", extract.name]),
        "check_name": "fresh",
        "passed": passed,
        "severity": dg.AssetCheckSeverity.WARN,
        "description": None if passed else f"{late}; the newest effective month: {newest}.",
        "metadata": {
            "newest month due": months.key(month) if month else "none",
            "due on": str(since or "not yet"),
            "newest effective month": newest,
        },
    }


def today() -> date:
    """The day on which freshness is evaluated."""
    return datetime.now(UTC).date()


@dg.sensor(
    minimum_interval_seconds=3600,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Evaluates the check `fresh` of every raw asset without a run, as a month becomes overdue by itself.",
)
def overdue_deliveries(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Report the checks whose answer has changed since the last look."""
    if not warehouse.exists():
        return dg.SkipReason("Nothing was delivered yet.")
    try:
        effective = readiness.read(patience=0).effective
    except (duckdb.Error, UserError) as error:
        return dg.SkipReason(f"What is effective cannot be seen now: {error}")
    before = json.loads(context.cursor or "{}")
    found = {
        extract.name: evaluation(extract, [month for name, month in effective if name == extract.name], today())
        for extract in EXTRACTS
    }
    after = {name: each["metadata"] for name, each in found.items()}
    changed = [dg.AssetCheckEvaluation(**each) for name, each in found.items() if after[name] != before.get(name)]
    if not changed:
        return dg.SkipReason("No source has become overdue, and none has caught up.")
    return dg.SensorResult(asset_events=changed, cursor=json.dumps(after))
