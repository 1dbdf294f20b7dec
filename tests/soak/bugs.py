"""Mistakes that somebody might make in the pipeline, each planted by one patch, with where the soak finds it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest

from orchestration import release, settings
from orchestration.defs import requests, sensors
from orchestration.release import made_from, notifying, publishing, readiness
from orchestration.release.made_from import MadeFrom
from orchestration.release.readiness import Readiness
from orchestration.scorecard import contracts, status
from orchestration.warehouse import files
from tests.soak.small import Compiled

Plant = Callable[[pytest.MonkeyPatch], None]


class Bug(NamedTuple):
    """The seed and months that meet it, and how it is planted: by a patch, and in the SQL of a model."""

    seed: int
    months: int
    plant: Plant
    sql: tuple[str, str] | None = None  # what is replaced by what

    def compiled(self, models: Compiled) -> Compiled:
        """The models with the mistake in them."""
        if self.sql is None:
            return models
        changed = [(relation, kept, sql.replace(*self.sql)) for relation, kept, sql in models.models]
        assert changed != models.models, f"no model has {self.sql[0]}"
        return models._replace(models=changed)


def _in(owner: object, name: str, instead: Any) -> Plant:
    return lambda patch: patch.setattr(owner, name, instead)


def _all(*plants: Plant) -> Plant:
    return lambda patch: [plant(patch) for plant in plants] and None


def _of_its_own_month(of_deliveries: dict[made_from.Key, str], report_months: Any) -> dict[date, MadeFrom]:
    """A card rests on earlier deliveries too."""
    found = {}
    for month in report_months:
        own = {key: state for key, state in of_deliveries.items() if key[1] == month}
        found |= _by_month(own, [month])
    return found


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


def _unsynced(folder: Any, sealed: Any = ()) -> None:
    for name in files.names(folder):
        (folder / name).chmod(files.READ_ONLY)


_hand_over, _by_month = notifying.hand_over, made_from.by_month
_to_publish, range_tags = Readiness.to_publish, sensors.range_tags
WITHOUT_AUDIT = _in(release, "audit", lambda report_months: 0)

BUGS = {
    "latest instead of as of": Bug(
        1,
        1,
        WITHOUT_AUDIT,
        ("vantages.as_of_month >= delivered_months.delivery_month", "vantages.as_of_month is not null"),
    ),
    "the first delivery of a month wins": Bug(
        3, 1, WITHOUT_AUDIT, ("max(delivered_months.delivery_month)", "min(delivered_months.delivery_month)")
    ),
    "a rolling year of eleven months": Bug(1, 1, WITHOUT_AUDIT, ("11 preceding", "10 preceding")),
    "the models are wrong and only the audit sees it": Bug(1, 1, lambda patch: None, ("11 preceding", "10 preceding")),
    "amber counts as green": Bug(
        1, 1, _in(status, "letter", lambda indicator, short: "G" if short <= indicator["amber_tolerance"] else "R")
    ),
    "what came counts as landed before it has": Bug(3, 1, _in(requests, "succeeded", lambda *_: True)),
    "of all that came the newest month is landed and published": Bug(
        36, 2, _in(sensors, "range_tags", lambda first, last: range_tags(last, last))
    ),
    "a failed run is never requested again": Bug(3, 1, _in(requests, "INTERVALS", (timedelta(days=4000),))),
    "a failed run is requested again at once, for ever": Bug(3, 1, _in(requests, "reason_not_to", lambda *_: None)),
    "an incomplete month is published unasked": Bug(1, 1, _in(Readiness, "missing", lambda *_: [])),
    "the schedule waits for a complete month": Bug(
        1,
        1,
        _in(readiness, "check", lambda *_: (_ for _ in ()).throw(readiness.Incomplete("Nothing is published."))),
    ),
    "what comes for a published card is not published": Bug(3, 1, _in(Readiness, "out_of_date", lambda *_: set())),
    "a correction changes its own card only": Bug(
        36, 2, _all(_in(made_from, "by_month", _of_its_own_month), _in(Readiness, "to_publish", _only_its_own_card))
    ),
    "changes of a figure are not listed": Bug(
        36,
        2,
        _in(contracts, "PRINTED", [name for name in contracts.PRINTED if name not in ("status", "latest")]),
    ),
    "a release is not synced": Bug(13, 2, _in(files, "seal", _unsynced)),
    "the ledger is written first": Bug(
        13,
        2,
        _all(_in(publishing, "enter", publishing.point_to), _in(publishing, "point_to", publishing.enter)),
    ),
    "what a killed run left is not repaired": Bug(13, 2, _in(release, "recover", list)),
    "a failure is handed over to nobody": Bug(3, 1, _in(notifying, "hand_over", lambda *_: None)),
    "what was not handed over is gone": Bug(77, 4, _in(notifying, "hand_over", _forgetful)),
    "notices are handed over twice": Bug(1, 1, _in(notifying, "hand_over", _twice)),
}
