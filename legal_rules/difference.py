"""What changed between two editions of the rule book, in sentences, each with the day from which it matters."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from legal_rules.edition import COMPANY_POLICY, MATRIX, SHIPPED_POLICY, Edition
from legal_rules.rule import CLEAR

Raw = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that changed: what and of which name, the first day that it touches (None: every day), and how."""

    what: str
    name: str
    since: date | None
    sentence: str

    def __str__(self) -> str:
        return self.sentence

    def as_json(self) -> dict[str, object]:
        """Every field; the day in ISO 8601 or null."""
        since = None if self.since is None else self.since.isoformat()
        return {"what": self.what, "name": self.name, "since": since, "sentence": self.sentence}


Changes = Iterator[Change]


def differences(old: Edition, new: Edition) -> tuple[Change, ...]:
    """Everything that changed, by the day it begins to matter; raises UnreadableBook for a file that is no TOML."""
    changes = [*_of_engine(old, new), *_of_policy(old, new), *_of_matrix(old, new)]
    changes += [*_of_periods(old, new), *_of_rules(old, new)]
    return tuple(sorted(changes, key=lambda change: (change.since or date.min, change.what, change.name)))


def _of_engine(old: Edition, new: Edition) -> Changes:
    if old.engine != new.engine:
        sentence = "The code that gives the words of the book their meaning is another: they may mean something else."
        yield Change(what="engine", name="engine", since=None, sentence=sentence)


# --- the house policy and the matrix, which have no dates ---


def _of_policy(old: Edition, new: Edition) -> Changes:
    before, after = _policy(old), _policy(new)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield Change(what="policy", name=name, since=None, sentence=_policy_sentence(name, before, after))


def _policy_sentence(name: str, before: Raw, after: Raw) -> str:
    if name not in before:
        return f"The house policy now decides {name} too: {_say(after[name])}."
    if name not in after:
        return f"The house policy decides {name} no longer; it was {_say(before[name])}."
    return f"The house policy's {name} is {_say(after[name])} instead of {_say(before[name])}."


def _policy(edition: Edition) -> Raw:
    """The policy in effect: the company's own laid over the shipped one."""
    return {**_table(edition, SHIPPED_POLICY), **_table(edition, COMPANY_POLICY)}


def _table(edition: Edition, path: str) -> Raw:
    return edition.table(path) if path in edition.files else {}


def _of_matrix(old: Edition, new: Edition) -> Changes:
    before, after = _cells(old), _cells(new)
    for cell in sorted(before.keys() | after.keys()):
        if before.get(cell) != after.get(cell):
            name = "/".join(cell)
            yield Change(what="matrix", name=name, since=None, sentence=_cell_sentence(cell, before, after))


def _cells(edition: Edition) -> dict[tuple[str, str], str]:
    matrix = _table(edition, MATRIX)
    return {(process, kind): cite for process, cells in matrix.items() for kind, cite in cells.items()}


def _cell_sentence(
    cell: tuple[str, str], before: Mapping[tuple[str, str], str], after: Mapping[tuple[str, str], str]
) -> str:
    process, kind = (word.replace("_", " ") for word in cell)
    if cell not in before:
        return f"In the matrix, {process} now reaches {kind} ({after[cell]})."
    if cell not in after:
        return f"In the matrix, {process} no longer reaches {kind}; it did by {before[cell]}."
    return f"In the matrix, {process} reaches {kind} by {after[cell]}; it did by {before[cell]}."


# --- time limits and numbers ---


def _of_periods(old: Edition, new: Edition) -> Changes:
    before, after = ({each["id"]: each for each in edition.periods()} for edition in (old, new))
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield _period(name, _first(before[name]), f"{_from(_first(before[name]))}, “{name}” is gone.")
        elif name not in before:
            yield from _new_period(name, after[name])
        else:
            yield from _changed_period(name, before[name], after[name])


def _period(name: str, since: date | None, sentence: str) -> Change:
    return Change(what="period", name=name, since=since, sentence=sentence)


def _new_period(name: str, raw: Raw) -> Changes:
    first, cite = _first(raw), "; ".join(raw["cite"])
    if "policy" in raw:
        yield _period(name, None, f"On every day, “{name}” is new: the house policy's {raw['policy']} ({cite}).")
    for day, value in sorted(_values(raw).items()):
        words = "is new" if day == first else "is"
        yield _period(name, day, f"{_from(day)}, “{name}” {words}: {_amount(value, raw)} ({cite}).")


def _changed_period(name: str, before: Raw, after: Raw) -> Changes:
    yield from _changed_values(name, before, after)
    since = max((day for day in (_first(before), _first(after)) if day is not None), default=None)
    for key in sorted((before.keys() | after.keys()) - {"values", "cite"}):
        if before.get(key) != after.get(key):
            was, is_ = _say(before.get(key)), _say(after.get(key))
            yield _period(name, since, f"{_from(since)}, the {key} of “{name}” is {is_} instead of {was}.")
    for words in _citations(before["cite"], after["cite"]):
        yield _period(name, since, f"{_from(since)}, “{name}” {words}.")


def _changed_values(name: str, before: Raw, after: Raw) -> Changes:
    """The days from which another number counts than counted before."""
    said: tuple[int | None, int | None] = (None, None)
    for day in sorted(_values(before).keys() | _values(after).keys()):
        was, is_ = _value(before, day), _value(after, day)
        if was != is_ and (was, is_) != said:
            now = "has no number" if is_ is None else f"is {_amount(is_, after)}"
            instead = "having none" if was is None else _amount(was, before)
            yield _period(name, day, f"{_from(day)}, “{name}” {now} instead of {instead}.")
        said = (was, is_)


def _values(raw: Raw) -> dict[date, int]:
    return {date.fromisoformat(day): value for day, value in raw.get("values", {}).items()}


def _value(raw: Raw, on: date) -> int | None:
    known = {day: value for day, value in _values(raw).items() if day <= on}
    return known[max(known)] if known else None


def _first(raw: Raw) -> date | None:
    return min(_values(raw), default=None)


def _amount(value: int, raw: Raw) -> str:
    unit = str(raw["unit"]).replace("_", " ")
    return str(value) if unit in {"count", "date"} else f"{value} {unit}{'' if value == 1 else 's'}"


# --- rules ---


def _of_rules(old: Edition, new: Edition) -> Changes:
    before, after = ({raw["id"]: raw for _, raw in edition.rules_with_cases()} for edition in (old, new))
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield _rule(before[name], _since(before[name]), f"{_span(before[name])}, {_called(before[name])} is gone.")
        elif name not in before:
            yield _new_rule(after[name])
        else:
            yield from _changed_rule(before[name], after[name])


def _rule(raw: Raw, since: date | None, sentence: str) -> Change:
    return Change(what="rule", name=raw["id"], since=since, sentence=sentence)


def _new_rule(raw: Raw) -> Change:
    cite = "; ".join(raw["cite"])
    sentence = f"{_span(raw)}, {_called(raw)} is new ({cite}): where {_all(raw['when'])}, the answer is {_answer(raw)}."
    return _rule(raw, _since(raw), sentence)


def _changed_rule(before: Raw, after: Raw) -> Changes:
    found = list(_changed_dates(before, after))
    since = max(_since(before), _since(after))
    changed = [*_conditions(before, after), *_exceptions(before, after), *_single_words(before, after)]
    found += [_rule(after, since, f"{_from(since)}, {_called(after)} {words}.") for words in changed]
    if not found and before != after:
        sentence = f"Of {_called(after)}, only the cases changed, or when it was checked: it answers the same."
        found.append(_rule(after, None, sentence))
    yield from found


def _changed_dates(before: Raw, after: Raw) -> Changes:
    was, is_ = _since(before), _since(after)
    if was != is_:
        yield _rule(after, min(was, is_), f"From {is_} on, no longer from {was}, {_called(after)} applies.")
    ended, ends = before["in_force"].get("to"), after["in_force"].get("to")
    if ended != ends and ends is not None:
        instead = f", not on {ended}" if ended else ""
        yield _rule(after, min(ends, ended or ends), f"On {ends}{instead}, {_called(after)} ends.")
    elif ended != ends:
        yield _rule(after, ended, f"From {ended} on, when it ended, {_called(after)} now goes on.")


def _conditions(before: Raw, after: Raw) -> Iterator[str]:
    yield from _list_change(before["when"], after["when"], "applies only where also", "no longer asks whether")
    if _answer(before) != _answer(after):
        yield f"answers {_answer(after)} instead of {_answer(before)}"


def _exceptions(before: Raw, after: Raw) -> Iterator[str]:
    was, is_ = ({each["label"]: each for each in raw.get("unless", ())} for raw in (before, after))
    for label in [*was, *(is_.keys() - was.keys())]:
        if label not in is_:
            yield f"has no exception “{label}” any more"
        elif label not in was:
            each = is_[label]
            yield f"has a new exception “{label}” ({each['cite']}): where {_all(each['when'])}, {_answer(each)}"
        else:
            yield from _changed_exception(label, was[label], is_[label])


def _changed_exception(label: str, before: Raw, after: Raw) -> Iterator[str]:
    more, less = (
        f"makes the exception “{label}” only where also",
        f"makes the exception “{label}” without asking whether",
    )
    yield from _list_change(before["when"], after["when"], more, less)
    if _answer(before) != _answer(after):
        yield f"answers {_answer(after)} instead of {_answer(before)} by the exception “{label}”"
    if before["cite"] != after["cite"]:
        yield f"rests the exception “{label}” on {after['cite']} instead of {before['cite']}"
    if before.get("exception_to") != after.get("exception_to"):
        was, is_ = (each.get("exception_to", "the rule itself") for each in (before, after))
        yield f"takes “{label}” for an exception to {is_} instead of {was}"


# The keys whose value is one text, and what each is called in a sentence.
_TEXTS = {
    "title": "title",
    "ground": "ground",
    "kind": "kind",
    "basis": "basis",
    "about": "part of the answer",
    "withhold": "hold of single recordings",
    "remedy": "remedy",
    "letter": "letter",
}


def _single_words(before: Raw, after: Raw) -> Iterator[str]:
    yield from _citations(before["cite"], after["cite"])
    for key, called in _TEXTS.items():
        if before.get(key) != after.get(key):
            yield f"has the {called} “{_say(after.get(key))}” instead of “{_say(before.get(key))}”"


def _citations(before: Iterable[str], after: Iterable[str]) -> Iterator[str]:
    yield from _list_change(before, after, "now also cites", "no longer cites")


def _list_change(before: Iterable[str], after: Iterable[str], more: str, less: str) -> Iterator[str]:
    was, is_ = dict.fromkeys(before), dict.fromkeys(after)
    yield from (f"{more} “{each}”" for each in is_ if each not in was)
    yield from (f"{less} “{each}”" for each in was if each not in is_)


# --- words ---


def _since(raw: Raw) -> date:
    since: date = raw["in_force"]["from"]
    return since


def _span(raw: Raw) -> str:
    until = raw["in_force"].get("to")
    return f"From {_since(raw)} until {until}" if until else _from(_since(raw))


def _from(since: date | None) -> str:
    return "On every day" if since is None else f"From {since} on"


def _called(raw: Raw) -> str:
    return f"{raw['id']} (“{raw['title']}”)"


def _all(phrases: Iterable[str]) -> str:
    return " and ".join(phrases)


def _answer(raw: Raw) -> str:
    """What follows, and what is cut away."""
    then, narrow = str(raw.get("then", CLEAR)), ", ".join(raw.get("narrow", ()))
    return then.replace("_", " ") + (f" ({narrow})" if narrow else "")


def _say(value: object) -> str:
    if value is None or value == []:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(map(_say, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_say(each)}" for name, each in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)
