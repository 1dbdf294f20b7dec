import base64
import re
from xml.etree import ElementTree

import dagster as dg
import pytest

from tests.conftest import Built

IMAGE = re.compile(r"!\[([^\]]*)\]\(data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\)")


@pytest.fixture(scope="module")
def charted(sample: Built) -> int:
    """Lines with a figure for two months or more."""
    return sample.query(
        "select count(*) from (select line from history where report_month = '2009-08-01' and value is not null "
        "group by line having count(*) > 1)"
    ).item()


@pytest.fixture(scope="module")
def told(sample: Built) -> dict[str, dg.MetadataValue]:
    """What the release asset's page in Dagster was told by the run that made the sample."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(sample.warehouse / "dagster"))
        with dg.DagsterInstance.get() as instance:
            event = instance.get_latest_materialization_event(dg.AssetKey("release"))
    return event.asset_materialization.metadata


def drawn(text: str) -> list[tuple[str, ElementTree.Element]]:
    return [(says, ElementTree.fromstring(base64.b64decode(data))) for says, data in IMAGE.findall(text)]


def test_the_run_s_page_shows_the_newest_card_with_a_small_trend_a_line(told, sample, charted):
    card = told["card"].value
    rows = sample.query("select * from scorecard where report_month = '2009-08-01'").to_dicts()
    for row in rows:
        assert f"\n| {row['line']} | " in card
        assert (row["latest"] or "").replace("|", "\\|") in card
    pictures = drawn(card)
    assert len(pictures) == charted > 15
    for says, picture in pictures:
        assert re.search(r"^\S.*: .+ in [A-Z][a-z]{2}-\d{2}\.$", says)
        assert picture.tag == "{http://www.w3.org/2000/svg}svg"
        assert float(picture.get("width")) > 100


def test_the_run_s_page_shows_each_line_s_figure_month_by_month(told, charted):
    pictures = drawn(told["plots"].value)
    assert len(pictures) == charted
    for says, picture in pictures:
        assert re.search(r"^From .+ to .+; the highest was ", says)
        assert len(list(picture.iter("{http://www.w3.org/2000/svg}path"))) > 1
