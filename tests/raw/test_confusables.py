import pytest

from orchestration.raw.findings import confusables, findings
from orchestration.raw.sources import catalogue
from tests.deliveries import lines, verdict

FILE = "weapon_enabled_crime/2009-08.csv"


def with_borough(written, borough="Camden"):
    return verdict([text.replace(borough, written) for text in lines("weapon_enabled_crime", "2009-08")])


def first_sentence(said):
    return findings.sentences(said.problems)[0]


WORDS = {
    "Саmden": "its letter 1 is U+0421 CYRILLIC CAPITAL LETTER ES, not C",
    "Cаmden": "its letter 2 is U+0430 CYRILLIC SMALL LETTER A, not a",
    "Camdεn": "its letter 5 is U+03B5 GREEK SMALL LETTER EPSILON",
    "Camden\u200b": "its character 7 is U+200B ZERO WIDTH SPACE, which cannot be seen",
    "\u202eCamden": "its character 1 is U+202E RIGHT-TO-LEFT OVERRIDE, which cannot be seen",
    "Ｃamden": "its letter 1 is U+FF23 FULLWIDTH LATIN CAPITAL LETTER C, not C",
    "Cam\u00adden": "its character 4 is U+00AD SOFT HYPHEN, which cannot be seen",
    "Camden\u00a0": "its character 7 is U+00A0 NO-BREAK SPACE, not a blank",
}


@pytest.mark.parametrize("written, told", WORDS.items())
def test_a_word_in_letters_that_are_not_what_they_seem_is_refused_by_place_code_point_and_name(written, told):
    said = with_borough(written)
    assert set(said.problems["code"]) >= {"confusable"}
    assert "unknown_word" not in set(said.problems["code"])
    shown = confusables.shown(written)
    expected = f"{FILE} line 37, column borough: '{shown}' is not a known borough: {told}"
    assert first_sentence(said).startswith(expected)


def test_the_word_that_was_meant_is_named():
    assert first_sentence(with_borough("Саmden")) == (
        f"{FILE} line 37, column borough: 'Саmden' is not a known borough: "
        "its letter 1 is U+0421 CYRILLIC CAPITAL LETTER ES, not C: did you mean 'Camden'?"
    )
    assert first_sentence(with_borough("Kıngston upon Thames", "Kingston upon Thames")).endswith(
        "its letter 2 is U+0131 LATIN SMALL LETTER DOTLESS I, not i: did you mean 'Kingston upon Thames'?"
    )


def test_a_word_of_honest_letters_that_nobody_knows_is_unknown_and_no_look_alike():
    said = with_borough("Camdén")
    assert "confusable" not in set(said.problems["code"])
    assert first_sentence(said).endswith("'Camdén' is not a known borough: did you mean 'Camden'?")


def comment(text):
    line = catalogue.lines("2009/10")[0]
    return verdict(["line,comment", f'{line},"{text}"'], name="commentary")


@pytest.mark.parametrize(
    "text", ["Café – “fine”, £{value} …", "Cŵn Tŷ Gŵyr’s report", "Łódź Iași Đà Østersø Škoda", "• 5°"]
)
def test_honest_text_passes(text):
    problems = comment(text.replace("5", "{five}")).problems
    assert problems["code"].to_list() == []


STRANGE = {
    "It fеll.": "'fеll.' is not what it seems: its letter 2 is U+0435 CYRILLIC SMALL LETTER IE, not e; type it again",
    "Cafe\u0301 closed.": "apart from its letter: write é as one character; type it again",
    "Up by ½.": "its digit 1 is U+00BD VULGAR FRACTION ONE HALF; type it again",
    "Up by １６.": "its digit 1 is U+FF11 FULLWIDTH DIGIT ONE, not 1; type it again",
    "Up\u2028by.": "its character 3 is U+2028 LINE SEPARATOR, which cannot be seen; type it again",
    "It \u2066fell\u2069.": "is U+2066 LEFT-TO-RIGHT ISOLATE, which cannot be seen; type it again",
}


@pytest.mark.parametrize("text, told", STRANGE.items())
def test_a_comment_with_a_character_that_is_not_what_it_seems_is_refused(text, told):
    said = comment(text)
    assert "confusable" in set(said.problems["code"])
    assert any(told in sentence for sentence in findings.sentences(said.problems))


def test_no_sentence_holds_a_character_that_cannot_be_seen():
    for text in ("It \u202efell.", "It\u200b fell.", "It\ufeff fell."):
        assert all(sentence.isprintable() for sentence in findings.sentences(comment(text).problems))


def test_a_name_in_the_header_in_other_letters_is_told_apart():
    content = lines("weapon_enabled_crime", "2009-08")
    content[0] = content[0].replace("offences", "оffences")
    assert first_sentence(verdict(content)).startswith(
        f"{FILE} line 1: column offences is missing "
        "(it is written 'оffences': its letter 1 is U+043E CYRILLIC SMALL LETTER O, not o)"
    )


def test_a_number_in_digits_of_another_script_is_told_apart():
    content = lines("weapon_enabled_crime", "2009-08")
    content[6] = content[6].replace(",15", ",١٥")
    assert first_sentence(verdict(content)) == (
        f"{FILE} line 7, column offences: '١٥' is not a whole number of 0 or more: "
        "its digit 1 is U+0661 ARABIC-INDIC DIGIT ONE, not 1"
    )
