"""How a production is split: in order, nothing lost, nothing twice, and no volume over its limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_portal.model.volume import GIB, LARGEST, MOST_BYTES, MOST_RECORDINGS, PAGES, Limits, Volume, split

SMALL = Limits(most_bytes=100, most_recordings=3)


def spans(volumes):
    return [(each.start, each.end) for each in volumes]


def test_what_fits_is_one_volume():
    assert split([30, 30, 40], limits=SMALL) == (Volume(number=1, start=0, end=3),)


def test_nothing_at_all_is_one_empty_volume():
    assert split([]) == (Volume(number=1, start=0, end=0),)


def test_a_byte_too_many_and_a_recording_too_many_begin_a_volume():
    assert spans(split([60, 40, 1], limits=SMALL)) == [(0, 2), (2, 3)]
    assert spans(split([1, 1, 1, 1], limits=SMALL)) == [(0, 3), (3, 4)]


def test_what_volume_1_holds_besides_counts_there_alone():
    assert spans(split([60, 40, 60], first=40, limits=SMALL)) == [(0, 1), (1, 3)]


def test_a_recording_larger_than_a_volume_has_one_of_its_own():
    assert spans(split([10, 500, 10], limits=SMALL)) == [(0, 1), (1, 2), (2, 3)]
    assert spans(split([500], limits=SMALL)) == [(0, 1)]


def test_the_limits_are_a_gibibyte_with_its_pages_and_a_thousand_recordings():
    assert (MOST_BYTES + PAGES, MOST_RECORDINGS) == (GIB, 1000)
    assert len(split([1] * 1000)) == 1
    assert len(split([1] * 1001)) == 2
    assert LARGEST + PAGES == 2**31 - 1


@given(sizes=st.lists(st.integers(0, 120), max_size=40), first=st.integers(0, 150))
def test_every_item_is_in_exactly_one_volume_and_a_volume_is_over_its_limit_only_with_one_item(sizes, first):
    volumes = split(sizes, first=first, limits=SMALL)

    assert [each.number for each in volumes] == list(range(1, len(volumes) + 1))
    assert [at for each in volumes for at in range(each.start, each.end)] == list(range(len(sizes)))
    for each in volumes:
        held = sum(sizes[each.start : each.end]) + (first if each.number == 1 else 0)
        assert held <= 100 or each.end - each.start <= 1
        assert each.end - each.start <= 3


@pytest.mark.parametrize("sizes", [[50] * 7, [101, 1, 99, 1]])
def test_the_split_is_the_same_each_time(sizes):
    assert split(sizes, limits=SMALL) == split(sizes, limits=SMALL)
