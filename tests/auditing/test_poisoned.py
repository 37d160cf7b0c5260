"""Copies are found however they were changed, and nothing else is: counts of drawn data sets."""

import pytest

from tests.auditing.pictures import CLEAN, KINDS, draw_many
from tests.auditing.poisoned import (
    LEAST_FOUND,
    MOST_FALSE,
    SETS,
    Case,
    count,
    draw_clean,
    draw_poisoned,
    judge,
    poison,
)
from tests.auditing.ways import WAYS

HARD = ("both", "15 degrees, cropped 15 %")


@pytest.mark.parametrize("name", [("re-encoded", "quality 30"), ("turned", "30 degrees"), HARD], ids=str)
def test_copy_is_found_and_nothing_else(name, random):
    pictures = draw_many("clouds", random, 9)
    assert judge(poison(name, pictures, WAYS[name])) == (True, 0)


@pytest.mark.parametrize("kind", [*CLEAN])
def test_pictures_that_are_only_alike_pass(kind, random):
    assert judge(Case((kind, ""), CLEAN[kind](random, 12), None))[1] == 0


@pytest.mark.parametrize("kind", [*KINDS])
def test_mirrored_copy_of_every_kind_is_found(kind, random):
    pictures = draw_many(kind, random, 6)
    assert judge(poison(("flipped", ""), pictures, WAYS[("flipped", "left to right")])) == (True, 0)


@pytest.mark.slow
def test_poisoned_sets_are_found_and_clean_ones_pass():
    poisoned, clean = count(draw_poisoned(SETS, 0), SETS), count(draw_clean(SETS, 0), SETS)
    assert poisoned["is_found"].sum() >= LEAST_FOUND
    assert (clean["others"] > 0).sum() <= MOST_FALSE
