# ruff: noqa: RUF001 — the signs are what they look like
"""Where a line may break: at spaces, between the characters of scripts without spaces, and at last anywhere."""

import re
import unicodedata
from collections.abc import Iterator

from requests_portal.bundle.scripts import hangs_on_letter

# Ideographs, kana, their punctuation and full-width forms; Korean has spaces.
_IDEOGRAPHIC = "\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffee\U00020000-\U0003ffff"
# JIS X 4051 and GB/T 15834: what may not start a line, and what may not end one.
_NO_START = (
    "、。，．・：；？！）］｝〕〉》」』】〙〗〟’”｠»›〜…‥ー々〻゛゜ヽヾゝゞ"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ,.:;?!)\\]}%％℃"
)
_NO_END = "（［｛〔〈《「『【〘〖〝‘“｟«‹(\\[{$￥＄#＃"
_BETWEEN = re.compile(
    f"(?<=[{_IDEOGRAPHIC}])(?<![{_NO_END}])(?![{_NO_START}])|(?<![{_NO_END}])(?=[{_IDEOGRAPHIC}])(?![{_NO_START}])"
)
_WITHOUT_SPACES = re.compile(f"[{_IDEOGRAPHIC}\u0e00-\u0eff]")
# Thai and Lao vowels that stand before the consonant they follow in speech, and letters that never begin a syllable.
_THAI_NO_END = frozenset("เแโใไເແໂໃໄ")
_THAI_NO_START = frozenset("ะาำๅๆฯະາຳຽໆຯ")
_THAI = re.compile("[\u0e00-\u0eff]")
_VIRAMAS = frozenset("\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u200d")


def words(text: str) -> Iterator[tuple[str, str]]:
    """Yield each part that stays together, after the gap before it: a space, or nothing."""
    for at, word in enumerate(text.split(" ")):
        gap = " " if at else ""
        for part in _parts(word):
            yield gap, part
            gap = ""


def _parts(word: str) -> list[str]:
    if word.isascii() or not _WITHOUT_SPACES.search(word):
        return [word]
    return [piece for part in _BETWEEN.split(word) if part for piece in _syllables(part)]


def _syllables(part: str) -> list[str]:
    return clusters(part) if _THAI.search(part) else [part]


def clusters(text: str) -> list[str]:
    """Split a text into the smallest parts that can stand on a line of their own."""
    if text.isascii():
        return list(text)
    found: list[str] = []
    for one in text:
        if found and _stays_with(found[-1][-1], one):
            found[-1] += one
        else:
            found.append(one)
    return found


def _stays_with(before: str, one: str) -> bool:
    if hangs_on_letter(one) or one in _THAI_NO_START or before in _THAI_NO_END:
        return True
    return before in _VIRAMAS and unicodedata.category(one) == "Lo"
