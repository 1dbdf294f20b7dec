"""Abbreviations in texts of a page: explained where they stand as words, and nothing else is touched."""

from types import SimpleNamespace

import pytest

from orchestration.editions.site.abbreviations import expanded

GLOSSARY = {"SD": "sanction detection", "PI": "performance indicator", "SPI": "statutory indicator", "E&W": "England"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("SD rate", '<abbr title="sanction detection">SD</abbr> rate'),
        ("216 SDs", '216 <abbr title="sanction detection">SD</abbr>s'),
        ("SPI 2.2", '<abbr title="statutory indicator">SPI</abbr> 2.2'),
        ("in E&W", 'in <abbr title="England">E&amp;W</abbr>'),
        ("SDK, PSD and SDss", "SDK, PSD and SDss"),
        ("<b>SD</b>", '&lt;b&gt;<abbr title="sanction detection">SD</abbr>&lt;/b&gt;'),
        (None, ""),
    ],
)
def test_an_abbreviation_is_explained_where_it_is_a_word(text, html):
    assert expanded({"publication": SimpleNamespace(glossary=GLOSSARY)}, text) == html


def test_without_a_glossary_a_text_stays_as_it_is():
    assert expanded({"publication": SimpleNamespace(glossary={})}, "SD & more") == "SD &amp; more"
