"""The narrowest compliant scope: each operation cuts a box, so proposals only shrink, in any order, once or twice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from legal_rules.conditions.dates import incident_window
from legal_rules.conditions.federal import days_of_the_order, emergency_window, old_contents, since_issue
from legal_rules.facts import FACTS, Facts
from legal_rules.scope import EVERY, NOTHING, DemandLine, Interval, Members, Scope, between, end_asked_for, end_of_issue
from legal_rules.terms import Terms
from legal_rules.vocabulary.groups import (
    CONTENT_CLASSES,
    DATED_CLASSES,
    RECORD_CLASSES,
    RECORDED,
    SUBSCRIBER_CLASSES,
    TRAFFIC_AND_CONTENT,
    UNLISTED,
)


@dataclass(frozen=True, slots=True)
class Cut:
    """Of these classes of data of these accounts, keep only this interval; None keeps nothing of them."""

    classes: Members
    keep: Interval | None
    accounts: Members = EVERY

    def concerns(self, line: DemandLine) -> bool:
        """Whether the line asks for any of what this cut speaks of."""
        if self.classes is not EVERY and line.data_class not in self.classes:
            return False
        return self.accounts is EVERY or line.account is EVERY or line.account in self.accounts

    def touches(self, line: DemandLine) -> bool:
        """Whether this cut takes anything away from the line."""
        return self.concerns(line) and (self.keep is None or not line.interval <= self.keep)


Operation = Callable[[Facts, Terms], Cut]


def _drop(classes: Members) -> Operation:
    cut = Cut(classes, None)
    return lambda _facts, _terms: cut


def _dates_to_the_incident(facts: Facts, terms: Terms) -> Cut:
    # An incident that nobody has dated yet keeps nothing: what is not known is not proposed.
    return Cut(DATED_CLASSES, incident_window(facts, terms))


def _dates_to_the_emergency(facts: Facts, terms: Terms) -> Cut:
    return Cut(DATED_CLASSES, emergency_window(facts, terms))


def _dates_to_the_receipt(facts: Facts, _: Terms) -> Cut:
    return Cut(DATED_CLASSES, None if facts.received_at is None else between(None, facts.received_at))


def _dates_to_the_day_of_issue(facts: Facts, _: Terms) -> Cut:
    end = end_of_issue(facts)
    return Cut(DATED_CLASSES, None if end is None else between(None, end))


def _contents_of_flagged_accounts(facts: Facts, _: Terms) -> Cut:
    return Cut(CONTENT_CLASSES | {"voiceprint"}, None, facts.flagged_accounts or EVERY)


def _what_was_not_answered(facts: Facts, _: Terms) -> Cut:
    """What lies before or after our earlier answer, and both where that is in the middle; nothing while undated."""
    end = end_asked_for(facts)
    asked = between(facts.range_from, end)
    open_range = facts.range_stated is not False and None in (facts.range_from, end)
    if facts.answered_from is None or facts.answered_to is None or open_range:
        return Cut(DATED_CLASSES, None)
    if asked.start < facts.answered_from:
        return Cut(DATED_CLASSES, asked if facts.answered_to < asked.end else between(None, facts.answered_from))
    return Cut(DATED_CLASSES, between(facts.answered_to, None))


def _dates_to_what_is_held(facts: Facts, _: Terms) -> Cut:
    return Cut(CONTENT_CLASSES, None if facts.held_from is None else between(facts.held_from, None))


def _contents_of_the_statutes_age(facts: Facts, terms: Terms) -> Cut:
    return Cut(CONTENT_CLASSES, old_contents(facts, terms))


def _dates_from_the_day_of_issue(facts: Facts, _: Terms) -> Cut:
    return Cut(DATED_CLASSES, since_issue(facts))


def _dates_to_the_days_of_the_order(facts: Facts, terms: Terms) -> Cut:
    return Cut(DATED_CLASSES | {"future_data"}, days_of_the_order(facts, terms))


def _what_the_process_reaches(facts: Facts, terms: Terms) -> Cut:
    """Nothing while nobody knows what the process is."""
    return Cut(EVERY if facts.process is None else ALL_CLASSES - terms.matrix.get(facts.process, {}).keys(), None)


ALL_CLASSES = frozenset(FACTS["seeks"].allowed) | {UNLISTED}
# Each kind of data can be dropped by its name: "drop location", "drop human review log".
DROPS: dict[str, Operation] = {
    f"drop {name.replace('_', ' ')}": _drop(frozenset({name})) for name in sorted(ALL_CLASSES)
}
OPERATIONS: dict[str, Operation] = DROPS | {
    "hold everything": _drop(EVERY),
    "drop contents": _drop(CONTENT_CLASSES),
    "drop records": _drop(RECORD_CLASSES),
    "drop traffic and content data": _drop(TRAFFIC_AND_CONTENT),
    "drop identities": _drop(frozenset({"subscriber", "identification"})),
    "keep recordings alone": _drop(ALL_CLASSES - RECORDED),
    "keep the subscriber list": _drop(ALL_CLASSES - SUBSCRIBER_CLASSES),
    "hold dated material": _drop(DATED_CLASSES),
    "hold contents of flagged accounts": _contents_of_flagged_accounts,
    "only what was not answered before": _what_was_not_answered,
    "dates to the incident": _dates_to_the_incident,
    "dates to the emergency": _dates_to_the_emergency,
    "dates to the receipt": _dates_to_the_receipt,
    "dates to the day of issue": _dates_to_the_day_of_issue,
    "dates to what is held": _dates_to_what_is_held,
    "contents older than the statute's line": _contents_of_the_statutes_age,
    "dates from the day of issue": _dates_from_the_day_of_issue,
    "dates to the order's days": _dates_to_the_days_of_the_order,
    "only what the process reaches": _what_the_process_reaches,
}


def narrowed(line: DemandLine, cuts: Iterable[Cut]) -> Scope:
    """What is left of a demand line after these cuts; always within the line's own scope."""
    interval = line.interval
    for cut in cuts:
        if cut.concerns(line):
            if cut.keep is None:
                return NOTHING
            interval = interval & cut.keep
    return line.scope if interval == line.interval else line.scope & Scope(EVERY, EVERY, EVERY, interval)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What a per-recording exclusion looks at; `speakers`, the account holder among them, None where nobody knows."""

    account: str
    device: str
    data_class: str
    recorded_at: datetime
    speakers: frozenset[str] | None


Predicate = Callable[[Recorded, frozenset[str]], bool]


def _other_voices(recorded: Recorded, agreed: frozenset[str]) -> bool:
    return recorded.speakers is None or not recorded.speakers - {"account_holder"} <= agreed


def _not_they_alone(recorded: Recorded, agreed: frozenset[str]) -> bool:
    # Of somebody who is heard on another's device, who they are there is all that has agreed.
    return not recorded.speakers or not recorded.speakers <= agreed


PREDICATES: dict[str, Predicate] = {
    "other people are heard who have not agreed": _other_voices,
    "anybody but the person is heard, or nobody knows": _not_they_alone,
}


@dataclass(frozen=True, kw_only=True)
class WithholdingRule:
    """A per-recording exclusion: recordings of these classes of which the named predicate holds stay here."""

    rule: str
    ground: str
    predicate: str
    classes: frozenset[str]
    agreed: frozenset[str]

    def as_json(self) -> dict[str, object]:
        """Which recordings stay out, by which rule and on what ground."""
        return {
            "rule": self.rule,
            "ground": self.ground,
            "recordings": self.predicate,
            "classes": sorted(self.classes),
        }


def withheld(recorded: Recorded, exclusions: Iterable[WithholdingRule]) -> str | None:
    """The ground on which this one recording stays out of what is produced, or None when it may leave."""
    for rule in exclusions:
        if recorded.data_class in rule.classes and PREDICATES[rule.predicate](recorded, rule.agreed):
            return rule.ground
    return None
