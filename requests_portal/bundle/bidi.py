"""In which order a line's characters stand on the page where scripts of both directions meet (Unicode UAX #9).

Explicit formatting characters never come here: they are printed as visible codes, so rules X1 to X8 have no case.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

_NUMBERS = frozenset({"EN", "AN"})
_NEUTRALS = frozenset({"B", "S", "WS", "ON"})
_RIGHT = frozenset({"R", "AL"})
_STRONG = _RIGHT | {"L"}
# UAX #9, BD16: a stack that would grow beyond this ends the search for pairs.
_DEEPEST = 63


def reads_right_to_left(text: str) -> bool:
    """Say whether the first strong character is right to left (rule P2)."""
    if text.isascii():
        return False
    strong = (unicodedata.bidirectional(one) for one in text)
    return next((kind for kind in strong if kind in _STRONG), "L") in _RIGHT


def levels(text: str, *, right_to_left: bool) -> list[int]:
    """Return each character's embedding level: even runs to the right, odd to the left."""
    base = int(right_to_left)
    given = [_kind(one) for one in text]
    kinds = list(given)
    start = "R" if right_to_left else "L"
    _resolve_weak(kinds, start)
    _resolve_brackets(text, given, kinds, start)
    _resolve_neutral(kinds, start)
    found = [base + _step(kind, base) for kind in kinds]
    # L1: white space at the end of a line stands at the line's own level.
    for at in range(len(text.rstrip()), len(text)):
        found[at] = base
    return found


def in_sight_order(found: Sequence[int]) -> list[int]:
    """Return the places of these levels from left to right (rule L2)."""
    order = list(range(len(found)))
    for level in range(max(found, default=0), 0, -1):
        for first, last in _stretches([found[at] >= level for at in order]):
            order[first:last] = order[first:last][::-1]
    return order


def _stretches(wanted: Sequence[bool]) -> Iterator[tuple[int, int]]:
    first = None
    for at, yes in enumerate([*wanted, False]):
        if yes and first is None:
            first = at
        elif not yes and first is not None:
            yield first, at
            first = None


def _kind(character: str) -> str:
    kind = unicodedata.bidirectional(character)
    # A joiner goes with the letter it joins, as a mark does.
    return "NSM" if kind == "BN" else kind or "ON"


def _step(kind: str, base: int) -> int:
    """I1 and I2: how far above the line's level a character stands."""
    if base:
        return 0 if kind == "R" else 1
    return {"L": 0, "R": 1}.get(kind, 2)


def _resolve_weak(kinds: list[str], start: str) -> None:
    before = start
    for at, kind in enumerate(kinds):  # W1
        kinds[at] = before = before if kind == "NSM" else kind
    strong = start
    for at, kind in enumerate(kinds):  # W2, W3
        strong = kind if kind in _STRONG else strong
        kinds[at] = "AN" if kind == "EN" and strong == "AL" else kind
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    _resolve_separators(kinds)
    strong = start
    for at, kind in enumerate(kinds):  # W7
        strong = kind if kind in {"L", "R"} else strong
        kinds[at] = "L" if kind == "EN" and strong == "L" else kind


def _resolve_separators(kinds: list[str]) -> None:
    for at in range(1, len(kinds) - 1):  # W4
        before, kind, after = kinds[at - 1 : at + 2]
        if before == after and ((kind == "CS" and before in _NUMBERS) or (kind == "ES" and before == "EN")):
            kinds[at] = before
    for first, last in _stretches([kind == "ET" for kind in kinds]):  # W5
        if "EN" in kinds[max(first - 1, 0) : first] + kinds[last : last + 1]:
            kinds[first:last] = ["EN"] * (last - first)
    kinds[:] = ["ON" if kind in {"ES", "ET", "CS"} else kind for kind in kinds]  # W6


def _resolve_brackets(text: str, given: Sequence[str], kinds: list[str], start: str) -> None:
    """N0: both brackets of a pair take one direction."""
    for opened, closed in sorted(_pairs(text, kinds)):
        inside = {_direction(kind) for kind in kinds[opened + 1 : closed]}
        if start in inside:
            direction = start
        elif inside - {""}:
            earlier = (_direction(kind) for kind in reversed(kinds[:opened]))
            before = next((kind for kind in earlier if kind), start)
            direction = before if before in inside else start
        else:
            continue
        for at in (opened, closed):
            kinds[at] = direction
            while at + 1 < len(kinds) and given[at + 1] == "NSM":
                at += 1  # noqa: PLW2901 — the marks on a bracket go with it
                kinds[at] = direction


def _pairs(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    """BD16: which brackets belong together."""
    opened: list[tuple[str, int]] = []
    found = []
    for at, one in enumerate(text):
        if kinds[at] != "ON":
            continue
        if closing := _closing(one):
            if len(opened) == _DEEPEST:
                return []
            opened.append((closing, at))
        elif one in {each for each, _ in opened}:
            while opened:
                expected, place = opened.pop()
                if expected == one:
                    found.append((place, at))
                    break
    return found


@lru_cache(maxsize=256)
def _closing(character: str) -> str:
    """Return the bracket that closes this one; nothing for what opens nothing."""
    if unicodedata.category(character) != "Ps" or not unicodedata.mirrored(character):
        return ""
    try:
        return unicodedata.lookup(unicodedata.name(character).replace("LEFT", "RIGHT"))
    except KeyError:
        return ""


def _direction(kind: str) -> str:
    """Return L or R; numbers count as R, neutrals as nothing."""
    return "R" if kind in _NUMBERS else kind if kind in {"L", "R"} else ""


def _resolve_neutral(kinds: list[str], start: str) -> None:
    """N1, N2: what stands between two of one direction takes it, else the line's."""
    for first, last in list(_stretches([kind in _NEUTRALS for kind in kinds])):
        before = _direction(kinds[first - 1]) if first else start
        after = _direction(kinds[last]) if last < len(kinds) else start
        kinds[first:last] = [before if before == after else start] * (last - first)
