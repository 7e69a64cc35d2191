"""The form of Annex III of Regulation (EU) 2023/1543: which of its reasons our grounds are, and its other entries."""

from collections.abc import Iterable

# Annex III, section D, in its order and in our words.
REASONS = (
    "The certificate is incomplete.",
    "The certificate contains manifest errors.",
    "The certificate does not contain enough information for us to act on it.",
    "The data are not stored by us or on our behalf on the day of receipt.",
    "Another de facto impossibility that is not of our making.",
    "The certificate was not issued or validated by an authority that Article 4 names.",
    "The offence is not one for which Article 5(4) opens the data asked for.",
    "The service is not one that the Regulation covers.",
    "The data are protected by immunities, privileges, or the rules on press and media freedom.",
    "To comply would conflict with the law of a third country (section E).",
)
_INCOMPLETE, _, _TOO_LITTLE, _NOT_STORED, _IMPOSSIBLE, _NOT_VALIDATED, _OFFENCE, _, _PROTECTED, _CONFLICT = range(10)
# A manifest error and a service that is not covered are for the lawyer to mark: no ground of ours says them alone.
REASON_OF = {
    "INCOMPLETE": _INCOMPLETE,
    "UNSIGNED": _INCOMPLETE,
    "MISSING_ISSUER": _INCOMPLETE,
    "NO_ACCOUNT": _TOO_LITTLE,
    "CATCH_ALL": _TOO_LITTLE,
    "REVERSE_KEYWORD": _TOO_LITTLE,
    "AREA_DUMP": _TOO_LITTLE,
    "BULK": _TOO_LITTLE,
    "WRONG_ENTITY": _NOT_STORED,
    "CONTENT_NOT_HELD": _NOT_STORED,
    "PROSPECTIVE": _NOT_STORED,
    "UNDUE_BURDEN": _IMPOSSIBLE,
    "ISSUER_NOT_COMPETENT": _NOT_VALIDATED,
    "OFFENCE_THRESHOLD": _OFFENCE,
    "PRIVILEGE": _PROTECTED,
    "CONFLICT_OF_LAWS": _CONFLICT,
}


def ticked(grounds: Iterable[str]) -> str:
    """Section D line by line, with a cross before each reason that one of these grounds is."""
    given = {REASON_OF[ground] for ground in grounds if ground in REASON_OF}
    return "\n".join(f"[{'x' if at in given else ' '}] {reason}" for at, reason in enumerate(REASONS))


def conflict(grounds: Iterable[str]) -> str:
    """Section E: whether a third country's law is said to conflict, and where."""
    if "CONFLICT_OF_LAWS" in grounds:
        return (
            "We claim one. It is set out under the points of section D: the law, why it applies, and why it conflicts."
        )
    return "We claim none."


def clarification(questions: Iterable[str]) -> str:
    """Section F: what we ask the issuing authority."""
    return "\n".join(questions) or "We have no question beyond what is said under section D."
