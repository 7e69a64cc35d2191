"""Whose recordings, of which kind, from when (included) to when (excluded): a box whose ⊆ and ∩ are decidable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from typing import Final, TypeAlias

from legal_rules.errors import RuleBookError
from legal_rules.facts import Facts
from legal_rules.vocabulary.groups import UNLISTED


class Every(Enum):
    """The one value that stands for "no limit in this dimension"; an unknown limit is never written so."""

    EVERY = "every"

    def __repr__(self) -> str:
        return "EVERY"


EVERY: Final = Every.EVERY
Members: TypeAlias = frozenset[str] | Every
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` (included) to `end` (excluded), both aware; kept in UTC. Empty when end is not after start."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            moment: datetime = getattr(self, name)
            if moment.tzinfo is None:
                raise RuleBookError(f"The {name} of an interval needs an offset from UTC.")
            if moment.tzinfo is not UTC:
                object.__setattr__(self, name, moment.astimezone(UTC))

    @property
    def is_empty(self) -> bool:
        """Whether no moment lies within."""
        return self.end <= self.start

    def __and__(self, other: "Interval") -> "Interval":
        return Interval(max(self.start, other.start), min(self.end, other.end))

    def __le__(self, other: "Interval") -> bool:
        return self.is_empty or (other.start <= self.start and self.end <= other.end)

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def as_json(self) -> object:
        """`"always"`, `"never"`, or `{"from", "to"}` in ISO 8601 with null for an open end."""
        if self in _NAMED:
            return _NAMED[self]
        return {
            "from": None if self.start == _FIRST else self.start.isoformat(),
            "to": None if self.end == _LAST else self.end.isoformat(),
        }

    @classmethod
    def from_json(cls, raw: object) -> "Interval":
        """The interval as_json wrote."""
        for interval, name in _NAMED.items():
            if raw == name:
                return interval
        if not isinstance(raw, Mapping):
            raise RuleBookError(f"An interval is “always”, “never” or has from and to, not {raw!r}.")
        return between(_moment(raw.get("from")), _moment(raw.get("to")))


ALWAYS: Final = Interval(_FIRST, _LAST)
NEVER: Final = Interval(_FIRST, _FIRST)
_NAMED: Final = {ALWAYS: "always", NEVER: "never"}


def between(start: datetime | None, end: datetime | None) -> Interval:
    """The interval with these bounds, where None leaves that end open."""
    return Interval(_FIRST if start is None else start, _LAST if end is None else end)


def _moment(raw: object) -> datetime | None:
    return None if raw is None else datetime.fromisoformat(str(raw))


@dataclass(frozen=True, slots=True)
class Scope:
    """A box of accounts by devices by data classes by interval; `<=` is subset, `&` is intersection."""

    accounts: Members
    devices: Members
    classes: Members
    interval: Interval

    @property
    def is_empty(self) -> bool:
        """Whether some dimension has no member, so that nothing is covered."""
        return self.interval.is_empty or frozenset() in (self.accounts, self.devices, self.classes)

    def __and__(self, other: "Scope") -> "Scope":
        return Scope(
            _both(self.accounts, other.accounts),
            _both(self.devices, other.devices),
            _both(self.classes, other.classes),
            self.interval & other.interval,
        )

    def __le__(self, other: "Scope") -> bool:
        return self.is_empty or (
            _within(self.accounts, other.accounts)
            and _within(self.devices, other.devices)
            and _within(self.classes, other.classes)
            and self.interval <= other.interval
        )

    def covers(self, account: str, device: str, data_class: str, moment: datetime) -> bool:
        """Whether one recording or record, so described, lies within."""
        return (
            _has(self.accounts, account)
            and _has(self.devices, device)
            and _has(self.classes, data_class)
            and moment in self.interval
        )

    def as_json(self) -> dict[str, object]:
        """Four keys; "every" or a sorted list for the sets."""
        return {
            "accounts": _members_json(self.accounts),
            "devices": _members_json(self.devices),
            "classes": _members_json(self.classes),
            "interval": self.interval.as_json(),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, object]) -> "Scope":
        """The scope as_json wrote."""
        return cls(
            _members(raw["accounts"]),
            _members(raw["devices"]),
            _members(raw["classes"]),
            Interval.from_json(raw["interval"]),
        )


EVERYTHING: Final = Scope(EVERY, EVERY, EVERY, ALWAYS)
NOTHING: Final = Scope(frozenset(), frozenset(), frozenset(), NEVER)


def hull(scopes: Sequence[Scope]) -> Scope:
    """The smallest box around these scopes; NOTHING when all are empty."""
    full = [scope for scope in scopes if not scope.is_empty]
    if not full:
        return NOTHING
    return Scope(
        _either([scope.accounts for scope in full]),
        _either([scope.devices for scope in full]),
        _either([scope.classes for scope in full]),
        Interval(min(s.interval.start for s in full), max(s.interval.end for s in full)),
    )


def _both(left: Members, right: Members) -> Members:
    if isinstance(left, Every):
        return right
    return left if isinstance(right, Every) else left & right


def _either(members: Sequence[Members]) -> Members:
    union: frozenset[str] = frozenset()
    for some in members:
        if isinstance(some, Every):
            return EVERY
        union |= some
    return union


def _within(left: Members, right: Members) -> bool:
    if isinstance(right, Every):
        return True
    return not isinstance(left, Every) and left <= right


def _has(members: Members, one: str) -> bool:
    return isinstance(members, Every) or one in members


def _members_json(members: Members) -> object:
    return "every" if isinstance(members, Every) else sorted(members)


def _members(raw: object) -> Members:
    if raw == "every":
        return EVERY
    if not isinstance(raw, list):
        raise RuleBookError(f"Members are “every” or a list, not {raw!r}.")
    return frozenset(raw)


@dataclass(frozen=True, kw_only=True, slots=True)
class DemandLine:
    """One target, class and interval of a demand, with its own disposition."""

    id: str
    account: str | Every
    devices: Members
    data_class: str
    interval: Interval

    @property
    def scope(self) -> Scope:
        """What this line alone demands."""
        accounts = EVERY if isinstance(self.account, Every) else frozenset({self.account})
        return Scope(accounts, self.devices, frozenset({self.data_class}), self.interval)

    def as_json(self) -> dict[str, object]:
        """The line's id, class and scope in plain words."""
        return {"id": self.id, "class": self.data_class, "demanded": self.scope.as_json()}


def end_of_issue(facts: Facts) -> datetime | None:
    """The end of the day of issue wherever on earth it was issued (UTC-12); None when that day is not established."""
    if facts.issued_on is None:
        return None
    return datetime.combine(facts.issued_on, time(), UTC) + timedelta(days=1, hours=12)


def end_asked_for(facts: Facts) -> datetime | None:
    """The end of the period asked for, where “to the present” means the day of issue; None while that is open."""
    return end_of_issue(facts) if facts.range_to_open else facts.range_to


def demand_lines(facts: Facts) -> tuple[DemandLine, ...]:
    """One line per account by class, numbered from "1"; a demand that names no account asks of every account."""
    accounts: list[str | Every] = [*sorted(facts.accounts)] if facts.accounts else [EVERY]
    classes = sorted(facts.seeks or ()) + ([UNLISTED] if facts.catch_all else [])
    devices = facts.devices or EVERY
    interval = between(facts.range_from, end_asked_for(facts))
    return tuple(
        DemandLine(id=str(number), account=account, devices=devices, data_class=data_class, interval=interval)
        for number, (account, data_class) in enumerate(((a, c) for a in accounts for c in classes), start=1)
    )
