"""Reasons told in plain lines: what applies and what may, in full; the others grouped by what keeps them away."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from legal_rules.facts import FACTS
from legal_rules.why import (
    APPLIES,
    DOES_NOT_HOLD,
    EXCEPTED,
    NOT_IN_FORCE,
    OPEN,
    Looked,
    Reason,
    Said,
    Timed,
    Tried,
    Why,
)

_MARKS = {True: "yes", False: "no", None: "not established"}


def told(why: Why, *, everything: bool) -> Iterator[str]:
    """The lines that explain an answer; with `everything`, each rule and time limit that does not apply as well."""
    yield f"Proposed: {why.disposition}, under the law of {why.on}."
    yield from _section("Applies", why.of(APPLIES))
    yield from _section("Depends on what is not established", why.of(OPEN))
    yield from _section("Would apply, but for an exception", why.of(EXCEPTED))
    others = why.of(DOES_NOT_HOLD, NOT_IN_FORCE)
    yield from _section("Does not apply", others) if everything else _grouped(why, others)
    yield from _of_time_limits(why.time_limits, everything=everything)
    yield from _of_what_is_asked(why)
    yield f"\nRule book {why.book}. A lawyer decides."


def told_of_rule(why: Why, rule: str) -> Iterator[str]:
    """The lines that explain what became of one rule."""
    for reason in why.reasons:
        if reason.rule.id == rule:
            yield from _of_rule(reason)


def _section(heading: str, reasons: Iterable[Reason]) -> Iterator[str]:
    for number, reason in enumerate(reasons):
        if number == 0:
            yield f"\n{heading}"
        yield from (f"  {line}" for line in _of_rule(reason))


def _of_rule(reason: Reason) -> Iterator[str]:
    rule = reason.rule
    yield f"{rule.id}: {rule.title}"
    yield f"  {'; '.join(rule.cite)} ({rule.basis}, {rule.kind})"
    yield f"  {_verdict(reason)}"
    for said in reason.when:
        yield f"    {_phrase(said)}"
    for tried in reason.unless:
        yield from (f"    {line}" for line in _exception(tried))


def _verdict(reason: Reason) -> str:
    """What became of it, in one sentence."""
    rule = reason.rule
    if reason.verdict == NOT_IN_FORCE:
        until = f" until {rule.in_force_to}" if rule.in_force_to else ""
        return f"It is not in force on that day: it is in force from {rule.in_force_from}{until}."
    if reason.broken is not None:
        return f"It does not apply: {_not_so(reason.broken)}."
    if reason.verdict == EXCEPTED:
        labels = [tried.label for tried in reason.unless if tried.holds]
        return f"It holds, and nothing follows: {', '.join(f'“{label}”' for label in labels)} is an exception."
    if reason.verdict == OPEN:
        return f"It cannot be said before {_and(reason.missing)} {_is(reason.missing)} established."
    return f"It applies: {reason.outcome}."


def _exception(tried: Tried) -> Iterator[str]:
    of = f" to “{tried.exception_to}”" if tried.exception_to else ""
    yield f"exception{of} “{tried.label}” ({tried.cite}): {_MARKS[tried.holds]}"
    for said in tried.when:
        yield f"  {_phrase(said)}"


def _phrase(said: Said) -> str:
    return f"{_MARKS[said.answer]}: {said.phrase}{_facts(said)}"


def _not_so(said: Said) -> str:
    return f"“{said.phrase}” is not so{_facts(said)}"


def _facts(said: Said) -> str:
    """The facts in brackets: those that settled it, or all of them while it is open."""
    facts = [each for each in said.looked_at if said.answer is None or each.value is not None]
    return f" ({', '.join(map(_fact, facts))})" if facts else ""


def _fact(looked: Looked) -> str:
    return f"{looked.fact} {'is' if looked.value is not None else 'is not'} {_value(looked.value)}"


def _value(value: object) -> str:
    if value is None:
        return "established"
    if isinstance(value, bool):
        return "so" if value else "not so"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _and(names: Iterable[str]) -> str:
    return " and ".join(names)


def _is(names: tuple[str, ...]) -> str:
    return "is" if len(names) == 1 else "are"


def _grouped(why: Why, reasons: tuple[Reason, ...]) -> Iterator[str]:
    """The rules that do not apply, by the first phrase that keeps each away."""
    if not reasons:
        return
    yield f"\nDoes not apply ({len(reasons)} rules; --all tells each)"
    groups: dict[str, list[str]] = defaultdict(list)
    for reason in reasons:
        cause = f"not in force on {why.on}" if reason.broken is None else _not_so(reason.broken)
        groups[cause].append(reason.rule.id)
    for cause, rules in sorted(groups.items(), key=lambda group: -len(group[1])):
        yield f"  {cause}: {', '.join(rules)}"


def _of_time_limits(limits: tuple[Timed, ...], *, everything: bool) -> Iterator[str]:
    yield "\nTime limits"
    for timed in limits:
        for clock in timed.clocks:
            due = clock.due.isoformat() if clock.due else f"not known before {_and(clock.missing)}"
            yield f"  {clock.id}: {due} ({timed.period.id}; {'; '.join(clock.cite)})"
            yield from (f"    {line}" for line in clock.working)
    for timed in limits:
        if everything and not timed.clocks:
            yield f"  {timed.period.id} does not run: {_no_clock(timed)}."


def _no_clock(timed: Timed) -> str:
    if timed.verdict == NOT_IN_FORCE:
        return "it is not in force on that day"
    if timed.broken is not None:
        return _not_so(timed.broken)
    if timed.verdict == OPEN:
        unsure = next(said for said in timed.when if said.answer is None)
        return f"“{unsure.phrase}” is not established{_facts(unsure)}"
    return (
        f"{timed.instead} comes first"
        if timed.instead
        else f"it begins with {timed.period.after}, which is not established"
    )


def _of_what_is_asked(why: Why) -> Iterator[str]:
    if why.asked:
        yield "\nNot established yet, and who can say"
    for each in why.asked:
        waiting = f" Needed for {', '.join(each.rules)}." if each.rules else ""
        yield f"  {each.fact} ({FACTS[each.fact].asked_of.replace('_', ' ')}): {each.sentence}{waiting}"
