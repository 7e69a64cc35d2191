"""The one declared fold from findings to a disposition."""

from collections.abc import Iterable
from typing import Final

COMPLY: Final = "comply"
COMPLY_VOLUNTARILY: Final = "comply_voluntarily"
NARROW: Final = "narrow"
OBJECT: Final = "object"
CLARIFY: Final = "clarify"
ASK: Final = "ask"

# From the mildest to the one that outweighs all others: first know who asks, then whether the law is settled.
ORDER: Final = (
    COMPLY,
    COMPLY_VOLUNTARILY,
    "extend",
    NARROW,
    CLARIFY,
    OBJECT,
    "preserve_only",
    "refuse_all",
    "escalate",
    "verify_identity",
    "verify_requester",
    "block_release",
)
# These speak of the whole request, however its lines fare.
OF_THE_WHOLE: Final = frozenset(ORDER[ORDER.index("preserve_only") :])
# What to do about an unknown fact depends on who can supply it; none of these complies.
WHEN_ASKING: Final = {
    "issuer": CLARIFY,
    "requester": CLARIFY,
    "intake": CLARIFY,
    "catalogue": CLARIFY,
    "lawyer": "escalate",
    "identity_check": "verify_identity",
    "call_back": "verify_requester",
}
_RANK: Final = {disposition: rank for rank, disposition in enumerate(ORDER)}


def strongest(dispositions: Iterable[str]) -> str:
    """The disposition that outweighs the others; comply when there is none."""
    return max(dispositions, key=_RANK.__getitem__, default=COMPLY)


def of_line(*, demanded_all: bool, proposes_any: bool, outcomes: Iterable[str]) -> str:
    """One line's disposition, from what is left of it and what the findings that touch it say."""
    if not proposes_any:
        return strongest([OBJECT if outcome == NARROW else outcome for outcome in outcomes])
    left = [outcome for outcome in outcomes if outcome not in {OBJECT, CLARIFY}]
    return strongest(left if demanded_all else [*left, NARROW])


def of_request(lines: Iterable[tuple[str, bool]], outcomes: Iterable[str]) -> str:
    """The whole request's disposition, from (disposition, proposes any) of each line and the findings' outcomes."""
    lines, outcomes = list(lines), list(outcomes)
    whole = [outcome for outcome in outcomes if outcome in OF_THE_WHOLE]
    if whole:
        return strongest(whole)
    if not any(proposes for _, proposes in lines):
        return strongest([*outcomes, *(disposition for disposition, _ in lines)])
    settled = [NARROW if outcome in {OBJECT, CLARIFY} else outcome for outcome in outcomes]
    return strongest([*settled, *(NARROW if d in {OBJECT, CLARIFY} else d for d, _ in lines)])
