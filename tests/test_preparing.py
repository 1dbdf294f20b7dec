"""What is begun while dbt works: the audit's figures from a process beside, writers that are ready, all of it ended."""

import multiprocessing
from datetime import date

import pytest

from orchestration import audit, files, release, warehouse
from orchestration.editions import charts, site

AUGUST = [date(2009, 8, 1)]


@pytest.fixture
def published(sample, monkeypatch):
    """The sample's warehouse, in which everything of August is made."""
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(sample.warehouse))
    return sample


def begin():
    with warehouse.reading() as connection:
        release.prepare(connection, AUGUST)


@pytest.mark.usefixtures("published")
def test_the_process_beside_reckons_what_the_audit_would_reckon_itself():
    begin()
    with release.prepared() as prepared:
        assert release.audit(AUGUST, prepared.reckoned) == release.audit(AUGUST) > 50
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("published")
def test_what_draws_and_what_makes_pages_is_read_in_before_a_page_is_written():
    charts._compiled.cache_clear()
    site._templates.cache.clear()
    with release.prepared():
        assert charts._compiled.cache_info().currsize == len(list(charts.KINDS.glob("*.vl.json")))
        assert len(site._templates.cache) == len(site._templates.list_templates()) >= 3


def test_what_a_run_began_and_did_not_need_ends_with_it(published):
    with pytest.raises(ZeroDivisionError), release.preparations():
        begin()
        raise ZeroDivisionError
    assert not multiprocessing.active_children()
    assert not files.left_over(published.warehouse)
    with release.prepared() as prepared:
        assert prepared.reckoned is None


@pytest.mark.usefixtures("published")
def test_figures_that_were_reckoned_otherwise_are_not_published():
    with pytest.raises(release.AuditFailed, match="not what the deliveries say"):
        release.audit(AUGUST, dict)


@pytest.mark.usefixtures("published")
def test_what_the_process_beside_cannot_audit_is_said_as_if_it_had_been_here():
    def reckoned():
        raise audit.CannotAudit("the audit knows no such word")

    with pytest.raises(release.AuditFailed, match="cannot be audited, so they are not published: the audit knows no"):
        release.audit(AUGUST, reckoned)
