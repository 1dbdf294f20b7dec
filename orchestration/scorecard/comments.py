"""Sentences with the numbers filled in. The analyst writes the words; every number comes from a figure."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal

from orchestration.raw.checks.hard_coded_numbers import numbers_alone

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def placeholders(sentence: str) -> list[str]:
    """The figures a sentence names, in order."""
    return PLACEHOLDER.findall(sentence)


def problems(sentence: str, figures: Collection[str], line: str) -> list[str]:
    """What keeps the sentence from being filled: half a pair of braces, or a figure that the line does not have."""
    if any(brace in PLACEHOLDER.sub("", sentence) for brace in "{}"):
        return [f"'{sentence}' has a brace without its other half"]
    return [
        f"{{{name}}} is not a figure of line {line}; it has {', '.join(sorted(figures)) or 'none'}"
        for name in placeholders(sentence)
        if name not in figures
    ]


def fill(sentence: str, printed: Mapping[str, str]) -> str:
    """The sentence with each `{name}` replaced by that figure as printed. Raises KeyError with the unknown name."""
    return PLACEHOLDER.sub(lambda match: printed[match[1]], sentence)


def hard_coded_numbers(sentence: str, printed: Mapping[str, str]) -> list[tuple[str, str]]:
    """The numbers of a sentence that equal a figure of its line as printed, each with the name of that figure.

    By its form none of them is a figure (`Section 60`); that it is the same number shows only beside the figures.
    A figure that prints as two numbers (`3rd/42`) equals none.
    """
    found: dict[Decimal, str] = {}
    for name, text in printed.items():
        numbers = _NUMBER.findall(text)
        if len(numbers) == 1 and "/" not in text:
            found.setdefault(_number(numbers[0]), name)
    alone = dict.fromkeys(numbers_alone(sentence))
    return [(number, found[_number(number)]) for number in alone if _number(number) in found]


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
