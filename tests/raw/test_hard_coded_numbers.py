"""Which numbers of a comment are figures that somebody typed, by their form; and which equal a figure of their line."""

import time

import pytest

from orchestration.raw.checks.hard_coded_numbers import first_figure
from orchestration.scorecard import comments

HONEST = {
    "units": "SO15, SO(15), CO19, TP21 and MI5 supported this; SCD6's work, a TP21-led operation.",
    "sections": "Section 60 and s.60, s60, ss. 44 and 60, Section 60AA, section 5(3); sections 44, 45 and 60.",
    "articles": "Article 8, Articles 8 and 10, Rule 43, Recommendation 61, UN Resolution 1325, Form 696.",
    "summits": "Policing of the G20 and the G8.",
    "numbers one calls": "999 calls rose; calls to 999 and 101, the 101 number, 999/101 demand.",
    "telephone numbers": "Crimestoppers on 0800 555 111 or 020 7230 1212.",
    "quarters": "Q2 was quiet, and Q1-Q3; the 3rd quarter, quarter 2, Quarter 4.",
    "all hours": "Open 24/7, after 9/11 and 7/7, within 24 hours, a 24-hour service.",
    "days": "From 1 April, on 1st April, 1-3 April 2009, 12th and 13th of May, 3 Jul.",
    "days without their month": "Friday 3rd, on the 12th, since the 12th, the 12th of this month.",
    "days the other way": "April 1st, April 12, 2009; on April 12 the unit moved.",
    "days in digits": "On 01/04/2009, 1.4.09 and 2009-04-01.",
    "times": "Between 10am and 9.30pm, 9-5pm, 10.30 p.m., at 14:30 and 2200hrs, 12 noon.",
    "lines of the card": "As for 4a (see 4a and 4d cocaine), 4a/4b, see also 10. See 7.",
    "operations": "Operation Blunt 2 and Op Trident began; Op Blunt 2 continues.",
    "roads": "On the A406, the M25 and the A1(M), in 20mph zones.",
    "postcodes": "In SW1, E10 and SW1A 2AA.",
    "games": "The 2012 Games, London 2012.",
    "steps": "Phase 2, phase 2b, tier 1 and Level 2/3 crime, Level 1 & 2; a tier 1 suspect, band 4, zones 1-6.",
    "papers": "CM 7888, CM20, PSA 25, SPI 6.1, APACS PI 2.3, ISO 9001, ref 2009/123.",
    "paragraphs": "Paragraphs 13 - 21, paragraph 3.2, paras 3 to 5, p.3, pp. 3-7, pages 3, 4 and 7.",
    "appendices": "Appendix 2, Table 3, Figure 2, Schedule 7, Annex 4.",
    "weeks": "In week 34, Week 34, weeks 30-34, over the last 4 weeks, from month 6 and in Month 6.",
    "ages": "Under-18s, those aged 10-17, 18-24 year olds, victims under 20 years of age, U18s.",
    "rates": "Knife crimes per 1,000 population, per 100 households and per 100,000 people.",
    "years": "In 2009, 2008/09, 2008/9, 2008/2009, 08/09-10/11, 1994-98, the 1990s, Aug '08, Aug-09, Sept 2009.",
    "addresses": "No. 10, Number 10, Terminal 5, Junction 12, Channel 4.",
    "technology": "3G, F-16, H1N1, Covid-19, Windows 7, version 2.0 and v2.",
}


@pytest.mark.parametrize("comment", HONEST.values(), ids=HONEST)
def test_a_number_in_a_name_a_date_or_a_reference_is_no_figure(comment):
    assert first_figure(comment) is None


TYPED = {
    "Robbery is down 16.5% over the year.": "16.5%",
    "1,204 offences": "1,204",
    "Robbery rose by 12.": "12",
    "An outturn of £40m is expected.": "£40m",
    "£2009 was spent.": "£2009",
    "£ 2009 was spent": "£ 2009",
    "$5m": "$5m",
    "Achieved in 12/15 boroughs.": "12",
    "Seven of 8 systems.": "8",
    "5 boroughs": "5",
    "Up {change} (453).": "453",
    "14th of all forces.": "14th",
    "MPS is 14th/42 in E&W": "14th",
    "MPS is the 4th highest": "4th",
    "from 12th to 14th": "12th",
    "Around 19 per cent.": "19 per cent",
    "1 in 4 victims": "1",
    "A ratio of 0.6 : 1": "0.6",
    "40m": "40m",
    "by12": "by12",
    "took 12 days": "12",
    "999 calls rose to 999": "999",
    "Down by 101 offences.": "101",
    "101 offences": "101",
    "Section 60% of them": "60%",
    "SO15 made 12 arrests in Q2": "12",
    "In Q2 453 offences": "453",
    "Phase 2 453 offences": "453",
    "Level 453": "453",
    "MSV 453": "453",
    "Target 210, actual 216": "210",
    "In April 12 offences were recorded.": "12",
    "In week 34, 12 robberies": "12",
    "This week 34 offences": "34",
    "In the year 12 people died.": "12",
    "On Friday 12 people were arrested.": "12",
    "In London 12 robberies": "12",
    "Operation Blunt 453 weapons": "453",
    "The force's 60 offences": "60",
    "We see 12 offences": "12",
    "Page 3 shows 443.": "443",
}


@pytest.mark.parametrize("comment, figure", TYPED.items())
def test_a_quantity_is_a_figure_whatever_stands_around_it(comment, figure):
    assert first_figure(comment) == figure


@pytest.mark.parametrize(
    "piece", ["1,", "A1 ", "12 and ", "Operation A ", "section 1, ", "0123 ", "9", "a", "A", "see 1, "]
)
def test_a_comment_of_any_length_is_read_in_time_that_grows_no_faster_than_it(piece):
    took = []
    for length in (5_000, 20_000):
        began = time.perf_counter()
        first_figure(piece * (length // len(piece)))
        took.append(time.perf_counter() - began)
    assert took[1] < 12 * took[0] + 0.1


FIGURES = {"latest": "32%", "target": "-4.3%", "burglary_difference": "1,573", "rank": "3rd/42", "value": "£40m"}


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Section 32 applies.", [("32", "latest")]),
        (
            "See page 1573; paragraph 4.3 and Section 40.",
            [("1573", "burglary_difference"), ("4.3", "target"), ("40", "value")],
        ),
        ("Section 60, page 3 and 42 of SO32.", []),
        ("On 32 days? No: from 3 April, {latest} for 12 months.", [("32", "latest")]),
        ("SO32 and the M32 on 4.3.2009.", []),
    ],
)
def test_a_number_that_equals_a_figure_of_its_line_is_named_with_that_figure(sentence, found):
    assert comments.hard_coded_numbers(sentence, FIGURES) == found
