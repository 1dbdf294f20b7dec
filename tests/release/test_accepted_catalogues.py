"""What the catalogue's check accepts comes out right: models and audit agree, and the release is published."""

import pytest

from tests.catalogue.test_catalogue import Seeds
from tests.catalogue.test_meaning import RATE, SYSTEMS, added, figure, indicator, part
from tests.conftest import Built

NETWORKS = "criminal_networks_disrupted"
RECENT = {"from_month": "2008-04-01", "to_month": "2009-03-01"}
ROWS = [
    part("residents", "numerator", "population"),
    part("value_of_a_case", "numerator", "restraint_value"),
    part("value_of_a_case", "denominator", "restraint_cases"),
    indicator("percentage_change", "robbery_detection_rate", "percent", line="9a", target="0.05", decimals="1"),
    indicator("percentage", "knife_crime_rate", "percent", line="9b", position="100", decimals="4"),
    indicator("total", "residents", line="9c", position="101"),
    indicator(
        "percentage_change",
        "knife_crime_rate",
        "percent",
        line="9d",
        position="102",
        basis="year_to_date",
        decimals="1",
    ),
    indicator("percentage", "value_of_a_case", "pounds_millions", line="9e", position="103", decimals="3"),
    indicator("monthly_average", "assets_recovered", line="9f", position="104", decimals="2"),
    indicator("total", NETWORKS, line="9g", position="105", basis="year_to_date", target="425"),
    figure("1a", "percentage", "police_and_council_deal_with_asb", "percent", less="target", decimals="1"),
    figure("4a", "percentage_change", "serious_acquisitive_crime", "percent", less="target", decimals="1"),
    figure("6c", "k_of_n", SYSTEMS, "of", basis="latest", less="target"),
    figure("4b", "total", NETWORKS, **RECENT),
    figure("4b", "total", NETWORKS, name="second", ends="last_march", less="latest"),
    figure("4b", "total", NETWORKS, name="chain", less="second"),
    figure("4b", "total", NETWORKS, name="on_before", less="year_before"),
    figure("4b", "total", NETWORKS, name="long_ago", from_month="2005-04-01", to_month="2006-03-01"),
    figure("4b", "total", NETWORKS, name="less_long_ago", less="long_ago"),
    figure("3c", "highest_month", RATE, "percent", decimals="1"),
]
PRINTED = {
    ("9a", "latest"): "-2.9%",
    ("9b", "latest"): "0.1593%",
    ("9c", "latest"): "7,568,892",
    ("9d", "latest"): "-3.2%",
    ("9e", "latest"): "£0.104m",
    ("9f", "latest"): "3,651,376.84",
    ("9g", "latest"): "159",
    ("1a", "tried"): "-2.1%",
    ("4a", "tried"): "-3.1%",
    ("6c", "tried"): "0",
    ("4b", "tried"): "374",
    ("4b", "second"): "-12",
    ("4b", "chain"): "398",
    ("4b", "on_before"): "4",
    ("4b", "less_long_ago"): "not available",
    ("3c", "tried"): "37.4%",
}


@pytest.fixture
def published(variant) -> Built:
    return variant(lambda built: added(Seeds(built.catalogue), *ROWS), "2009-08", "2009-08")


@pytest.mark.slow
def test_differences_chains_stocks_periods_and_averages_are_published(published):
    figures = published.figures("2009-08")
    assert {key: figures[key]["printed"] for key in PRINTED} == PRINTED
    missing = "less long_ago, which has no value: Mar-06 is before the first month held"
    assert figures["4b", "less_long_ago"]["missing_reason"] == missing
    assert figures["9b", "latest"]["denominator"] < 10_000_000  # the mean population
    by_rate_and_mix = "select kind, count(*) from component_movements where line = '9a' group by kind order by kind"
    assert published.query(by_rate_and_mix).rows() == [("mix", 2), ("rate", 2)]
