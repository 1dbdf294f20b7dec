"""The page of corrections and revisions: what was printed again, by kind, and what was restated."""

import duckdb

from orchestration.editions.reading import Reading
from orchestration.editions.site import revisions_page

RELEASE = """
    create table release as select '2009-09-r1' as release, timestamp '2009-10-09 09:00' as published_at;
    create table republished as
    from (values
        ('2009-08-r2', date '2009-07-01', '4a', 'status', 'G', 'A', 'correction'),
        ('2009-08-r2', date '2009-07-01', '4a', 'status_reason', 'met', 'missed', 'correction'),
        ('2009-09-r1', date '2009-08-01', '4b', 'latest', '425', '426', 'revision')
    ) as rows(release, report_month, line, card_column, text_before, text, kind);
    create table changes as
    from (values
        (date '2009-09-01', '4b', '425', '430', 'R', 'G'), (date '2009-09-01', '4c', '£1m', '£1m', 'A', 'A')
    ) as rows(report_month, line, printed_before, printed_restated, status_before, status_restated);
"""


def test_corrections_and_revisions_are_listed_and_counted_apart_and_wording_is_left_out():
    with duckdb.connect() as connection:
        connection.execute(RELEASE)
        page = revisions_page.content(Reading(connection))
    assert {title: cells for title, _, cells in page["kinds"]} == {
        "Corrections": [("2009-08-r2", "Jul-09", "4a", "letter", "green", "amber")],
        "Revisions": [("2009-09-r1", "Aug-09", "4b", "latest figure", "425", "426")],
    }
    assert page["restated"] == [("Aug-09", "4b", "425 (red)", "430 (green)", "Sep-09")]


def test_a_release_that_printed_nothing_again_says_so():
    with duckdb.connect() as connection:
        connection.execute(f"{RELEASE} delete from republished; delete from changes")
        page = revisions_page.content(Reading(connection))
    assert [(title, cells) for title, _, cells in page["kinds"]] == [("Corrections", []), ("Revisions", [])]
