"""Which months may be published without a person asking."""

from orchestration import months
from orchestration.raw.sources.declarations import due
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.release.made_from import by_month
from orchestration.release.readiness import Readiness
from tests.deliveries import month

ALL = [month(text) for text in ("2009-06", "2009-07", "2009-08", "2009-09")]


def delivered(*of_months, state="a loaded", without=()):
    """Every delivery that is due for these months, but those left out."""
    owed = {(each.name, date): state for each in EXTRACTS for date in map(month, of_months) if due(each, date)}
    return {key: value for key, value in owed.items() if (key[0], months.key(key[1])) not in without}


def readiness(effective, published=("2009-06", "2009-07"), released=None, not_effective=None):
    """Each published card was made from what the release before listed, unless `released` says from what."""
    cards = list(map(month, published))
    of_cards = by_month(delivered("2009-06", "2009-07") if released is None else released, cards)
    return Readiness(effective, not_effective or {}, of_cards, frozenset(ALL))


def range_of(found):
    return found.to_publish() and tuple(map(months.key, found.to_publish()))


def test_a_month_is_published_once_everything_due_is_effective():
    missing = ("recorded_crime", "2009-08")
    waits = readiness(delivered("2009-06", "2009-07", "2009-08", without=[missing]))
    assert range_of(waits) is None
    assert waits.waiting() == {month("2009-08"): ["recorded_crime: not delivered"]}
    assert range_of(readiness(delivered("2009-06", "2009-07", "2009-08"))) == ("2009-08", "2009-08")


def test_what_is_quarantined_is_missing_with_its_reason():
    key = ("recorded_crime", month("2009-08"))
    effective = delivered("2009-06", "2009-07", "2009-08", without=[("recorded_crime", "2009-08")])
    found = readiness(effective, not_effective={key: "its sum fell by half"})
    assert found.missing(month("2009-08")) == ["recorded_crime: its sum fell by half"]


def test_a_month_without_an_effective_delivery_is_not_waited_for():
    found = readiness(delivered("2009-06", "2009-07"))
    assert (range_of(found), found.waiting(), found.has_deliveries(month("2009-08"))) == (None, {}, False)


def test_a_correction_publishes_its_month_and_the_cards_after_it_but_no_month_that_is_incomplete():
    corrected = delivered("2009-06", "2009-07") | {("recorded_crime", month("2009-06")): "b loaded"}
    begun = delivered("2009-08", without=[("recorded_crime", "2009-08")])
    assert range_of(readiness(corrected | begun)) == ("2009-06", "2009-07")


def test_a_published_month_that_was_incomplete_is_carried_along_and_waits_for_the_rest_of_its_own():
    without = [("recorded_crime", "2009-07"), ("youth_violence", "2009-07")]
    released = delivered("2009-06", "2009-07", without=without)
    one_more = delivered("2009-06", "2009-07", without=without[:1])
    assert range_of(readiness(one_more, released=released)) is None
    corrected = one_more | {("recorded_crime", month("2009-06")): "b loaded"}
    assert range_of(readiness(corrected, released=released)) == ("2009-06", "2009-07")


def test_the_next_card_is_published_with_what_came_since_for_an_incomplete_one_before_it():
    without = [("recorded_crime", "2009-07"), ("youth_violence", "2009-07")]
    released = delivered("2009-06", "2009-07", without=without)
    next_card = delivered("2009-06", "2009-08")
    one_more = delivered("2009-07", without=without[:1])
    assert range_of(readiness(next_card | one_more, released=released)) == ("2009-07", "2009-08")
    one_less = delivered("2009-07", without=[*without, ("criminal_networks", "2009-07")])
    assert range_of(readiness(next_card | one_less, released=released)) == ("2009-08", "2009-08")


def test_a_complete_month_without_a_card_is_published_though_a_release_lists_its_deliveries():
    everything = delivered("2009-06", "2009-07", "2009-08")
    assert range_of(readiness(everything, released=everything)) == ("2009-08", "2009-08")


def test_an_accepted_delivery_counts_as_changed():
    accepted = delivered("2009-06") | delivered("2009-07", state="a accepted")
    assert range_of(readiness(accepted)) == ("2009-07", "2009-07")
