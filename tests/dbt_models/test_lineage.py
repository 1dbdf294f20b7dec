from orchestration.dbt import project
from tests import lineage


def test_the_page_of_the_lineage_is_current():
    project.prepare()

    assert lineage.PAGE.read_text(encoding="utf-8") == lineage.page(), "run make lineage"
