"""Mistakes that somebody might make in the pipeline, each planted by one patch, for the soak to find."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from orchestration import release, settings
from orchestration.defs import requests, sensors
from orchestration.release import notifying, readiness
from orchestration.release.readiness import Readiness
from orchestration.scorecard import contracts, status
from tests.soak.small import Compiled

Plant = Callable[[pytest.MonkeyPatch], None]


class Bug(NamedTuple):
    """How it is planted: in a module, or in the SQL of a model (what is replaced by what)."""

    plant: Plant
    sql: tuple[str, str] | None = None

    def compiled(self, models: Compiled) -> Compiled:
        """The models with the mistake in them."""
        if self.sql is None:
            return models
        changed = [(relation, kept, sql.replace(*self.sql)) for relation, kept, sql in models.models]
        assert changed != models.models, f"no model has {self.sql[0]}"
        return models._replace(models=changed)


def _in(owner: object, name: str, instead: Any) -> Bug:
    return Bug(lambda patch: patch.setattr(owner, name, instead))


def _without_audit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(release, "audit", lambda report_months: 0)


def _only_its_own_card(found: Readiness) -> tuple | None:
    to_publish = _to_publish(found)
    return to_publish and (to_publish[0], to_publish[0])


def _forgetful(lines: list[str], not_handed_over: str = "") -> str | None:
    """What the command does not take is gone."""
    problem = _hand_over(lines, not_handed_over)
    settings.unsent().unlink(missing_ok=True)
    return problem


def _twice(lines: list[str], not_handed_over: str = "") -> str | None:
    """A release hands over every notice of its month, known or not."""
    return _hand_over([*lines, *lines], not_handed_over)


_hand_over = notifying.hand_over
_to_publish, range_tags = Readiness.to_publish, sensors.range_tags

BUGS = {
    "latest instead of as of": Bug(
        _without_audit, ("vantages.as_of_month >= delivered_months.delivery_month", "vantages.as_of_month is not null")
    ),
    "the first delivery of a month wins": Bug(
        _without_audit, ("max(delivered_months.delivery_month)", "min(delivered_months.delivery_month)")
    ),
    "a rolling year of eleven months": Bug(_without_audit, ("11 preceding", "10 preceding")),
    "the models are wrong and only the audit sees it": Bug(lambda patch: None, ("11 preceding", "10 preceding")),
    "amber counts as green": _in(
        status, "letter", lambda indicator, short: "G" if short <= indicator["amber_tolerance"] else "R"
    ),
    "what came counts as landed before it has": _in(requests, "succeeded", lambda *_: True),
    "a failed run is never requested again": _in(requests, "INTERVALS", (timedelta(days=4000),)),
    "a failed run is requested again at once, for ever": _in(requests, "reason_not_to", lambda *_: None),
    "an incomplete month is published unasked": _in(Readiness, "missing", lambda *_: []),
    "a correction is not published": _in(Readiness, "changed", lambda *_: set()),
    "a correction changes its own card only": _in(Readiness, "to_publish", _only_its_own_card),
    "of all that came the newest month is landed": _in(
        sensors, "range_tags", lambda first, last: range_tags(last, last)
    ),
    "the schedule waits for a complete month": _in(
        readiness, "check", lambda *_: (_ for _ in ()).throw(readiness.Incomplete("Nothing is published."))
    ),
    "what a killed run left is not repaired": _in(release, "recover", list),
    "a failure is handed over to nobody": _in(notifying, "hand_over", lambda *_: None),
    "what was not handed over is gone": _in(notifying, "hand_over", _forgetful),
    "notices are handed over twice": _in(notifying, "hand_over", _twice),
    "a year to date reaches back into the year before": Bug(_without_audit, ("area, financial_year_start", "area")),
    "a tolerance is not applied": _in(status, "letter", lambda _, short: "G" if short <= 0 else "R"),
    "changes of a letter are not listed": _in(
        contracts, "PRINTED", [name for name in contracts.PRINTED if name not in ("status", "latest")]
    ),
}
