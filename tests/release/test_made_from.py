"""What each card was made from, as its release keeps it."""

import duckdb

from orchestration import release, settings
from orchestration.release import made_from
from orchestration.release.readiness import Readiness
from tests.release.releases import AUGUST, JULY, change, hold, page

LATE = """
    insert into raw.deliveries by name
    select 'youth_violence' as extract, date '2009-07-01' as delivery_month, 'loaded' as status
"""


def out_of_date():
    with duckdb.connect() as connection:
        for name, path in (("working", settings.database()), ("published", settings.current() / settings.SCORECARD)):
            connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as {name} (read_only)")
        effective = made_from.effective(made_from.listed(connection, "working.raw"))
        return Readiness(effective, {}, made_from.of_cards(connection, "published"), frozenset()).out_of_date()


def test_what_lands_with_another_cards_run_leaves_a_card_out_of_date_until_it_is_made_again(july):
    change(LATE)
    assert out_of_date() == {JULY}
    hold(JULY, AUGUST)
    release.publish([AUGUST])
    assert out_of_date() == {JULY}
    files = page("2009-07").stat().st_ino
    release.publish([JULY])
    assert out_of_date() == set()
    assert page("2009-07").stat().st_ino != files  # they list the deliveries


def test_a_card_of_an_earlier_version_was_made_from_what_its_release_lists(july):
    change("update raw.deliveries set status = 'loaded'")
    release.publish([JULY])
    path = settings.current() / settings.SCORECARD
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("alter table editions drop column made_from")
    assert out_of_date() == set()
    change(LATE)
    hold(JULY, AUGUST)
    release.publish([AUGUST])
    assert out_of_date() == {JULY}
