"""What receipts add up to: how often a whole document left, in however many parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from requests_portal.model.production import Receipt


@dataclass(frozen=True, kw_only=True)
class Sent:
    """How often every byte of a document was sent, whether some bytes were sent once more, and how many in all."""

    complete: int
    partial: bool
    size: int


def sent(receipts: Sequence[Receipt], size: int) -> Sent:
    """What these receipts for one document of `size` bytes add up to."""
    fewest, most = _depths(receipts, size)
    total = sum(each.last_byte - each.first_byte + 1 for each in receipts)
    return Sent(complete=fewest, partial=most > fewest, size=total)


def _depths(receipts: Iterable[Receipt], size: int) -> tuple[int, int]:
    """How often the byte sent least and the byte sent most were sent."""
    steps: dict[int, int] = {0: 0, size: 0}
    for each in receipts:
        steps[each.first_byte] = steps.get(each.first_byte, 0) + 1
        steps[each.last_byte + 1] = steps.get(each.last_byte + 1, 0) - 1
    depths, depth = [], 0
    for at in sorted(steps):
        depth += steps[at]
        if at < size:
            depths.append(depth)
    return min(depths, default=0), max(depths, default=0)
