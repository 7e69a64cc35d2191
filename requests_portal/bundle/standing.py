"""Whether a genuine document still stands: its verdict together with what a recall list says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from requests_portal.bundle.recalls import Recall, RecallList
from requests_portal.bundle.verdict import Check, Verdict


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A verdict, and the check against a recall list where there was one to check against."""

    verdict: Verdict
    recall: Recall | None = None
    check: Check | None = None

    @property
    def genuine(self) -> bool:
        """Whether it is ours and unchanged; a recalled document is."""
        return self.verdict.good

    @property
    def good(self) -> bool:
        """Whether to rely on it: genuine, and not recalled as far as was asked."""
        return self.verdict.good and self.recall is None

    @property
    def in_words(self) -> str:
        """The last line of what a command says."""
        if self.good:
            return "Good."
        return "Genuine, but not good to rely on: it was recalled." if self.genuine else "Not good."

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every check, the one against the recall list last."""
        return (*self.verdict.checks, *((self.check,) if self.check else ()))

    def as_json(self) -> Mapping[str, Any]:
        """The verdict as values that JSON can hold, with `genuine` and `recall` beside it."""
        recall = self.recall and {"on": self.recall.on.isoformat(), "replaced_by": self.recall.replaced_by}
        checks = [vars(each) for each in self.checks]
        return {
            **self.verdict.as_json(),
            "good": self.good,
            "checks": checks,
            "genuine": self.genuine,
            "recall": recall,
        }


def standing(verdict: Verdict, recalls: RecallList | None) -> Standing:
    """A verdict with what the list says of its document."""
    if recalls is None:
        return Standing(verdict=verdict)
    if not verdict.good or verdict.sha256 is None:
        return Standing(verdict=verdict, check=_check(None, "Not looked up, because the document is not genuine."))
    recall = recalls.about(verdict.sha256)
    if recall is not None:
        return Standing(verdict=verdict, recall=recall, check=_check(False, recall.sentence))
    return Standing(verdict=verdict, check=_check(True, not_named(recalls.issued_at)))


def not_named(as_of: datetime) -> str:
    """The sentence on a document that no recall names."""
    return f"The recall list of {as_of.day} {as_of:%B %Y} does not name this document."


def _check(passed: bool | None, sentence: str) -> Check:  # noqa: FBT001 — a check's answer has three values
    return Check(id="recalled", passed=passed, sentence=sentence)
