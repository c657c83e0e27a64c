"""Cron expressions of AWS: six fields of numbers, lists, ranges and steps, with `?` for the days that others decide.

Source: "Cron expressions reference", Amazon EventBridge User Guide,
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from collections.abc import Iterator
from typing import NamedTuple

EVERY, NO_DAY = "*", "?"
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


class _Field(NamedTuple):
    """A field: what it counts, from `least` to `most`, and the names of these numbers, if they have any."""

    title: str
    least: int
    most: int
    names: tuple[str, ...] = ()


FIELDS = (
    _Field(title="minutes", least=0, most=59),
    _Field(title="hours", least=0, most=23),
    _Field(title="days of the month", least=1, most=31),
    _Field(title="months", least=1, most=12, names=_MONTHS),
    _Field(title="days of the week", least=1, most=7, names=_DAYS),
    _Field(title="years", least=1970, most=2199),
)
DAYS = (2, 4)
"""The two fields of days: one of them decides, and the other is `?`."""


def read_cron(text: str) -> tuple[frozenset[int], ...]:
    """Return the numbers that each field of `cron(…)` names; days that the other field decides are all days.

    Raises:
        ValueError: says what is wrong, to go on after the expression: `names 24 in the hours: 0 to 23`.
    """
    inner = text.removeprefix("cron(").removesuffix(")")
    fields = inner.split(" ")
    if text != f"cron({inner})" or len(fields) != len(FIELDS):
        raise ValueError(f"is not cron(…) with {len(FIELDS)} fields and single spaces")
    if sum(fields[place] == NO_DAY for place in DAYS) != 1:
        raise ValueError(f"needs {NO_DAY} in one of the two fields of days, and days in the other")
    decided = (EVERY if place in DAYS and words == NO_DAY else words for place, words in enumerate(fields))
    return tuple(_numbers(words, field) for words, field in zip(decided, FIELDS, strict=True))


def _numbers(words: str, field: _Field) -> frozenset[int]:
    return frozenset(number for part in words.split(",") for number in _part(part, field))


def _part(part: str, field: _Field) -> Iterator[int]:
    span, slash, step = part.partition("/")
    first, dash, last = span.partition("-")
    if span == EVERY:
        start, end = field.least, field.most
    else:
        start = _number(first, field)
        end = _number(last, field) if dash else (field.most if slash else start)
    if slash and not (step.isdecimal() and int(step)):
        raise ValueError(f"has a step of {step or 'nothing'} in the {field.title}")
    if start > end:
        raise ValueError(f"ends a range of {field.title} before it begins: {span}")
    yield from range(start, end + 1, int(step or 1))


def _number(word: str, field: _Field) -> int:
    if word.upper() in field.names:
        return field.names.index(word.upper()) + field.least
    if not (word.isascii() and word.isdecimal()) or not field.least <= int(word) <= field.most:
        raise ValueError(f"names {word or 'nothing'} in the {field.title}: {field.least} to {field.most}")
    return int(word)
