"""The deadlines of one request: which periods run, when each ends, with the working shown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from legal_rules.conditions import CONDITIONS
from legal_rules.counting import ONE_DAY, Calendars, Count, Due, Step, Weekdays, day_of
from legal_rules.facts import FACTS, Facts
from legal_rules.periods import OF_DATA_SUBJECT, OF_ISSUER, RECEIPT, Extension, Period
from legal_rules.rule import Answer, all_hold
from legal_rules.vocabulary.groups import FOREIGN

Missing = tuple[str, ...]
ANSWER = "answer"
# A day that the paper may set is asked for beside the house's own day, which stands until somebody has looked.
OF_THE_RETURN_DATE = frozenset({"return_date_stated"})
UNION = "EU"
_NO_STATE = "Only weekends are left out: whose public holidays count (Reg. 1182/71 Art. 2(1)) is not settled."


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One deadline of a case: when it is due, how that was counted, and which facts could still move it."""

    id: str
    due: Due | None
    steps: tuple[Step, ...]
    missing: Missing
    period: str
    cite: tuple[str, ...]
    basis: str

    @property
    def working(self) -> tuple[str, ...]:
        """How it was counted, in sentences."""
        return tuple(map(str, self.steps))

    def as_json(self) -> dict[str, object]:
        """Every field; `due` in ISO 8601, a day or a moment."""
        return {
            "id": self.id,
            "due": None if self.due is None else self.due.isoformat(),
            "working": list(self.working),
            "missing": list(self.missing),
            "period": self.period,
            "cite": list(self.cite),
            "basis": self.basis,
        }


def working_week(_jurisdiction: str) -> Weekdays:
    """Monday to Friday everywhere, for want of a better calendar."""
    return _NO_HOLIDAYS


_NO_HOLIDAYS = Weekdays()


def clocks(
    facts: Facts, periods: Iterable[Period], answer: Answer, *, on: date, calendars: Calendars
) -> tuple[Clock, ...]:
    """Every deadline that runs, from the periods in force by rank; of those for one clock the first counts."""
    if facts.track is None:
        # Anything might run; that somebody waits for an answer is enough to say.
        return (_with_missing(None, ANSWER, ["track"]),)
    running: dict[str, Clock] = {}
    unsure: dict[str, list[str]] = {}
    for period in periods:
        name = period.clock
        if name is None or name in running or (period.once and getattr(facts, period.once) is None):
            continue
        holds = answer(period.when[0]) and all_hold(period.when, answer)
        if holds is None:
            unsure.setdefault(name, []).extend(_open(period, facts, answer))
        # The house falls back on its own number only where no law sets one, not where nobody knows which does.
        elif holds and not (period.basis == "policy" and set(unsure.get(name, ())) - OF_THE_RETURN_DATE):
            for clock in _Run(period, facts, on, calendars).clocks():
                running.setdefault(clock.id, clock)
    return tuple(
        _with_missing(running.get(name), name, unsure.get(name, ()))
        for name in [*running, *(unsure.keys() - running.keys())]
    )


def _open(period: Period, facts: Facts, answer: Answer) -> Missing:
    """The facts of the first phrase that is open."""
    return next(CONDITIONS[phrase].missing(facts) for phrase in period.when if answer(phrase) is None)


def _with_missing(clock: Clock | None, name: str, missing: Iterable[str]) -> Clock:
    names = tuple(dict.fromkeys(missing))
    if clock is None:
        return Clock(id=name, due=None, steps=(), missing=names, period="", cite=(), basis="")
    return replace(clock, missing=(*clock.missing, *names)) if names else clock


class _Run:
    """One period that runs, counted on the facts of one request."""

    def __init__(self, period: Period, facts: Facts, on: date, calendars: Calendars) -> None:
        whose = _whose(period.calendar, facts)
        calendar = calendars(whose) if whose else _NO_HOLIDAYS
        self.period = period
        self.facts = facts
        self.on = on
        self.working: list[Step] = []
        self.count = Count(period.counted, calendar, whose, self.working)

    def clocks(self) -> list[Clock]:
        """The period's own clock, and the one for announcing its extension while that is still open."""
        start, missing = self._start()
        if start is None:
            return [self._clock(None, missing)]
        value = self.period.value(self.on) or 0
        due, waiting = self._end(start, value)
        extension = self.period.extension
        if due is None or extension is None:
            return [self._clock(due, waiting)]
        noticed: date | None = getattr(self.facts, extension.noticed)
        if noticed is not None and noticed <= day_of(due):
            return [self._extended(extension, start, value, noticed)]
        if noticed is not None:
            self._note("The notice of {} came after that day and extends nothing.", noticed)
        own = self._clock(due)
        return [own, replace(own, id=extension.clock)] if extension.clock else [own]

    def _extended(self, extension: Extension, start: Due, value: int, noticed: date) -> Clock:
        self._note("Extended by the notice of {}, given in time ({}).", noticed, "; ".join(extension.cite))
        due, waiting = self._end(start, extension.longer(value, self.on))
        return replace(self._clock(due, waiting), cite=(*self.period.cite, *extension.cite))

    def _start(self) -> tuple[Due | None, Missing]:
        """The event from which the period counts, or the fact that would tell it."""
        event = self.period.after
        if event == RECEIPT:
            event, start = self._receipt()
        else:
            start = getattr(self.facts, event)
        for asked_name, received_name in self.period.awaits:
            asked, received = getattr(self.facts, asked_name), getattr(self.facts, received_name)
            if asked is not None and received is None:
                self._note("Not begun: what was asked for on {} has not arrived.", asked)
                return None, (received_name,)
            if received is not None and start is not None and received > start:
                event, start = received_name, received
        if start is None:
            return None, (event,)
        self._note("Counted from {}, {}.", _event(event), start)
        self._note_calendar()
        return start, ()

    def _receipt(self) -> tuple[str, Due | None]:
        """The receipt of this request, or of its first sending: sending it again starts nothing anew."""
        first: datetime | None = self.facts.first_received_at
        start: Due | None = self.on
        if self.period.unit == "hour":
            start = self.facts.received_at
            earlier: Due | None = first
        else:
            earlier = None if first is None else day_of(first)
        if earlier is None or (start is not None and earlier >= start):
            return (RECEIPT if start is not None else "received_at"), start
        self._note("The same request first reached us on {}; sending it again starts nothing anew.", earlier)
        return "first receipt", earlier

    def _end(self, start: Due, value: int) -> tuple[Due | None, Missing]:
        """When it ends, or the fact that would end a pause still running."""
        due = self.count.end(start, value, self.period.unit)
        paused, left_out = 0, day_of(start)
        for asked_name, answered_name in self.period.pause:
            asked, answered = getattr(self.facts, asked_name), getattr(self.facts, answered_name)
            if asked is None:
                continue
            if asked > day_of(due):
                self._note("What was asked on {} was asked after that day and stops nothing.", asked)
                continue
            if answered is None:
                self._note("Paused since {}, until the answer arrives.", asked)
                return None, (answered_name,)
            days = self._days_between(asked, answered, left_out)
            paused, left_out = paused + days, max(left_out, answered)
            self._note("Paused from {} to {}: {} days are not counted.", asked, answered, days)
            due = self.count.end(start, value, self.period.unit, paused=paused)
        return self._before(due), ()

    def _days_between(self, asked: date, answered: date, left_out: date) -> int:
        """The days of a pause that the count had not already left out."""
        first = asked + ONE_DAY if self.period.asking_day_counts else asked
        return max(0, (answered - max(first, left_out + ONE_DAY)).days + 1)

    def _before(self, due: Due) -> Due:
        limit: date | None = getattr(self.facts, self.period.before) if self.period.before else None
        if limit is None or day_of(due) < limit:
            return due
        day = limit - ONE_DAY
        self._note("It must be before {}, the day for compliance: by {}.", limit, day)
        return day

    def _note_calendar(self) -> None:
        """That weekends alone are left out, where days off move its end and nobody knows the public holidays."""
        whose = self.count.whose
        if whose == UNION and self.period.unit != "hour":
            self._note(_NO_STATE)
        elif whose and self.count.calendar == _NO_HOLIDAYS:
            self._note("Only weekends are left out: no public holidays of {} are known here.", whose)

    def _clock(self, due: Due | None, missing: Missing = ()) -> Clock:
        period = self.period
        return Clock(
            id=period.clock or "",
            due=due,
            steps=tuple(self.working),
            missing=missing,
            period=period.id,
            cite=period.cite,
            basis=period.basis,
        )

    def _note(self, sentence: str, *said: object) -> None:
        self.working.append(Step(sentence, said))


def _event(name: str) -> str:
    """An event as the sentence of its fact tells it."""
    if name not in FACTS:
        return name
    sentence = FACTS[name].sentence
    return sentence[0].lower() + sentence.removesuffix(".")[1:]


def _whose(calendar: str | None, facts: Facts) -> str:
    """The jurisdiction whose calendar counts; empty where weekends alone are known to be free."""
    if calendar == OF_DATA_SUBJECT:
        return facts.data_subject_country or ""
    if calendar != OF_ISSUER:
        return calendar or ""
    if facts.issuer in FOREIGN:
        return "GB" if facts.issuer == "uk" else facts.issuing_country or ""
    return "US" if facts.issuer_state in {None, "US"} else f"US-{facts.issuer_state}"
