"""The next thing is made while the last is worked on, and what goes wrong in making it is told."""

import threading

import pytest

from orchestration.raw.landing.prefetch import prefetched


def test_the_things_come_in_their_order():
    assert list(prefetched(iter(range(5)))) == [0, 1, 2, 3, 4]
    assert list(prefetched(iter(()))) == []


def test_the_next_thing_is_made_while_the_last_is_worked_on_and_no_more():
    made = [threading.Event() for _ in range(4)]

    def things():
        for number, event in enumerate(made):
            event.set()
            yield number

    coming = prefetched(things())
    assert next(coming) == 0
    assert made[1].wait(10)
    assert not made[2].wait(0.1)
    coming.close()
    assert not made[2].is_set()


def test_what_making_a_thing_raises_comes_after_the_things_before_it():
    def things():
        yield 1
        raise ValueError("the second is broken")

    coming = prefetched(things())
    assert next(coming) == 1
    with pytest.raises(ValueError, match="the second is broken"):
        next(coming)
