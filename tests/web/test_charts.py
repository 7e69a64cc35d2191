from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_portal.web.charts import Bar, strip_chart, waveform

SENTENCE = "Nine of 1,284 recordings are proposed, all on the evening of 14 March."


def weeks(n, *, proposed_in=(), first=date(2026, 1, 1)):
    return [
        Bar(starts=first + timedelta(weeks=at), demanded=40 + at % 7, proposed=9 if at in proposed_in else 0)
        for at in range(n)
    ]


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 — our own markup


def named(root, name):
    return [element for element in root.iter() if element.get("class") == name]


def percent(element, attribute):
    return float(element.get(attribute).removesuffix("%"))


@pytest.mark.parametrize(
    "svg",
    [
        strip_chart(weeks(26, proposed_in={10}), sentence=SENTENCE, marker="14 March"),
        waveform([0.1, 0.9], seconds=9, sentence=SENTENCE, silenced=[(3, 5)]),
    ],
    ids=["strip chart", "waveform"],
)
def test_a_picture_is_an_image_that_says_its_point_and_has_nothing_the_content_policy_blocks(svg):
    root = parsed(svg)

    assert (root.get("role"), root.get("aria-label")) == ("img", SENTENCE)
    assert not [element for element in root.iter() if "style" in element.attrib or element.tag in {"style", "script"}]


@pytest.mark.parametrize("draw", [strip_chart, waveform])
def test_words_from_outside_cannot_become_markup(draw):
    words = '"><script>alert(1)</script>'
    extra = {"marker": words} if draw is strip_chart else {"seconds": 9}
    shown = weeks(3, proposed_in={1}) if draw is strip_chart else [0.5]

    root = parsed(draw(shown, sentence=words, **extra))

    assert root.get("aria-label") == words
    assert not list(root.iter("script"))


def test_each_bar_stands_in_its_own_place_and_inside_the_picture():
    root = parsed(strip_chart(weeks(26), sentence=SENTENCE))

    bars = named(root, "chart-demanded")
    lefts = [percent(bar, "x") for bar in bars]
    assert len(bars) == 26
    assert lefts == sorted(set(lefts))
    assert all(percent(bar, "x") + percent(bar, "width") <= 100 for bar in bars)


def test_a_taller_bar_is_more_recordings():
    bars = [Bar(starts=date(2026, 1, 1), demanded=n, proposed=0) for n in (10, 20, 40)]

    heights = [int(bar.get("height")) for bar in named(parsed(strip_chart(bars, sentence=SENTENCE)), "chart-demanded")]

    assert heights == [19, 38, 76]


def test_one_recording_among_thousands_can_still_be_seen():
    bars = [
        Bar(starts=date(2026, 1, 1), demanded=9000, proposed=0),
        Bar(starts=date(2026, 1, 8), demanded=1, proposed=1),
    ]

    root = parsed(strip_chart(bars, sentence=SENTENCE))

    assert int(named(root, "chart-proposed")[0].get("height")) >= 8
    assert int(named(root, "chart-demanded")[1].get("height")) >= 2


def test_the_marker_points_at_what_is_proposed():
    root = parsed(strip_chart(weeks(10, proposed_in={4, 5}), sentence=SENTENCE, marker="29 January to 11 February"))

    assert percent(named(root, "chart-marker")[0], "x1") == 50


@pytest.mark.parametrize(("week", "anchor"), [(0, "start"), (5, "middle"), (9, "end")])
def test_the_marker_grows_away_from_the_nearer_edge(week, anchor):
    root = parsed(strip_chart(weeks(10, proposed_in={week}), sentence=SENTENCE, marker="one week"))

    assert next(text for text in root.iter("text") if text.text == "one week").get("text-anchor") == anchor


def test_where_nothing_is_proposed_nothing_is_marked():
    root = parsed(strip_chart(weeks(10), sentence=SENTENCE, marker="14 March"))

    assert not named(root, "chart-marker")
    assert not named(root, "chart-proposed")


def test_months_are_named_under_their_first_week():
    root = parsed(strip_chart(weeks(26), sentence=SENTENCE))

    assert [text.text for text in root.iter("text")] == ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]


@given(n=st.integers(0, 300), first=st.dates(date(2025, 1, 1), date(2026, 12, 31)))
def test_month_names_never_run_into_each_other_on_a_phone_however_long_the_demand(n, first):
    root = parsed(strip_chart(weeks(n, first=first), sentence=SENTENCE))

    # 260 px is what a card leaves on a phone of 320 px; a letter of 13 px is about 7 px wide.
    starts = [(percent(text, "x") / 100 * 260, len(text.text) * 7) for text in root.iter("text")]
    edges = [at for at, _ in starts[1:]] + [260]
    assert len(starts) >= min(n, 1)
    assert all(at + width <= edge for (at, width), edge in zip(starts, edges, strict=False))


@given(st.lists(st.floats(-2, 2), max_size=500))
def test_a_waveform_has_a_hundred_bars_inside_its_box_whatever_the_sound(peaks):
    root = parsed(waveform(peaks, seconds=1, sentence=SENTENCE))

    lines = named(root, "wave-bars")[0].get("d").split()
    ends = [float(line.split("V")[1]) for line in lines if "V" in line]
    assert len(ends) == 100
    assert all(20 < end <= 40 for end in ends)


def test_the_loudest_moment_survives_the_drawing():
    peaks = [0.0] * 1000
    peaks[505] = 1.0

    lines = named(parsed(waveform(peaks, seconds=10, sentence=SENTENCE)), "wave-bars")[0].get("d")

    assert "M202 3.0V37.0" in lines


def test_a_silenced_stretch_covers_its_share_of_the_width():
    root = parsed(waveform([0.5], seconds=10, sentence=SENTENCE, silenced=[(3, 5)]))

    wash = named(root, "wave-silenced")[0]
    assert (float(wash.get("x")), float(wash.get("width"))) == (120, 80)


def test_a_silenced_stretch_past_the_end_stops_at_the_end():
    root = parsed(waveform([0.5], seconds=10, sentence=SENTENCE, silenced=[(8, 99)]))

    wash = named(root, "wave-silenced")[0]
    assert float(wash.get("x")) + float(wash.get("width")) == 400
