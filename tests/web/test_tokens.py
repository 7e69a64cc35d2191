"""The colours of the style sheet, computed by the formula of WCAG 2.2."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[2] / "requests_portal/web/static/app.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", SHEET.split("/* ── 2 ")[0]))

TEXT_PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "card", "sunk")],
    *[("link", ground) for ground in ("paper", "card", "tint", "bad-tint", "warn-tint", "ok-tint")],
    *[(tone, f"{tone}-tint") for tone in ("bad", "warn", "ok", "info")],
    *[(tone, "card") for tone in ("bad", "warn", "ok")],
    *[(ink, "proposal") for ink in ("ink", "ink-3", "ok")],
    ("ink", "tint"),
    ("bad", "paper"),
    ("bar-ink", "brand-2"),
    ("demo-ink", "demo"),
    ("card", "brand"),
    ("card", "brand-2"),
    ("card", "ok"),
]

SHAPE_PAIRS = [
    *[("line-2", ground) for ground in ("paper", "card")],
    *[(edge, "card") for edge in ("bad", "warn-edge", "brand", "ok")],
    ("brand", "sunk"),
    ("brand", "paper"),
    ("bar-edge", "brand-2"),
    ("focus", "ink"),
    ("focus", "brand-2"),
    ("ink", "paper"),
]


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    darker, lighter = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])))
    return (lighter + 0.05) / (darker + 0.05)


def rules_of(sheet):
    """Yield selector and declarations of each innermost block."""
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return re.findall(r"([^{}]+)\{([^{}]*)\}", bare)


def test_black_on_white_is_twenty_one_to_one(monkeypatch):
    monkeypatch.setitem(TOKENS, "black", "#000000")
    monkeypatch.setitem(TOKENS, "white", "#ffffff")

    assert contrast("black", "white") == pytest.approx(21)


@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read_on_its_ground(ink, ground):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), SHAPE_PAIRS)
def test_edges_and_stripes_can_be_seen_on_their_ground(edge, ground):
    assert contrast(edge, ground) >= 3


def test_every_name_that_is_used_is_a_token():
    used = set(re.findall(r"var\(--([\w-]+)\)", SHEET))
    defined = set(re.findall(r"--([\w-]+):", SHEET))

    assert used == defined


def test_colours_outside_the_tokens_are_only_white_black_and_the_row_under_the_pointer():
    after_tokens = SHEET.split("/* ── 2 ")[1]

    assert set(re.findall(r"#[0-9a-f]{3,8}\b", after_tokens)) == {"#ffffff", "#000000", "#fbfaf7"}


def test_the_colour_of_decorative_lines_is_never_the_border_of_a_button_or_an_input():
    bordered = [
        selector
        for selector, declarations in rules_of(SHEET)
        if re.search(r"border(-color)?:[^;]*var\(--line\)", declarations)
    ]

    assert not [selector for selector in bordered if re.search(r"button|input|select|textarea|summary", selector)]


@pytest.mark.parametrize(
    "condition", ["forced-colors: active", "prefers-reduced-motion: no-preference", "print", "max-width: 44rem"]
)
def test_the_sheet_answers_to(condition):
    assert re.search(rf"@media \(?{re.escape(condition)}\)? \{{", SHEET)


def test_motion_stands_only_where_it_was_not_declined():
    moving = SHEET.split("@media (prefers-reduced-motion: no-preference)")
    before, after = moving[0], moving[1].split("@media print")[1]

    assert not re.search(r"transition|animation|scroll-behavior", before + after)
