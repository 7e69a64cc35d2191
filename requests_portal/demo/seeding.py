"""Seeding: the invented requests acted out with the real verbs, each act at the moment it would have happened."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from legal_rules.facts import Facts, parse
from requests_portal import enact, invented
from requests_portal.app import Desk
from requests_portal.days import now
from requests_portal.demonstration.filing import Scenario
from requests_portal.demonstration.people import INES, MAYA, NEWCOMER, PRIYA, ROBIN, TOMAS
from requests_portal.demonstration.world import World
from requests_portal.enact import Cast
from requests_portal.model.decision import GIVING
from requests_portal.model.production import ProductionState
from requests_portal.model.standing_policy import Terms
from requests_portal.stock import (
    Clip,
    a_passkey,
    make_store,
    stock_agencies,
    stock_people,
    stock_recordings,
    stock_staff,
)
from requests_portal.work.papers import add_paper
from requests_portal.work.people import add_person, named_roles

CAST = Cast(
    clerk=invented.actor(INES),
    lawyer=invented.actor(MAYA),
    second=invented.actor(TOMAS),
    custodian=invented.actor(PRIYA),
)
CLEARED = frozenset({"decided", "gathering", "waiting_for_certificate", "offered", "released", "objected"})
CERTIFIED = frozenset({"offered", "released", "objected"})
HANDED_OVER = frozenset({"released", "objected"})
# An answer that the proposal itself does not allow waits for a person.
ANSWERED = GIVING | {"object", "refuse_all", "preserve_only"}
HOUR = timedelta(hours=1)
STAGE_SECONDS = 300
TERMS = Terms(
    rights=("access", "portability"),
    places=("US", "DE", "FR", "GB"),
    kinds=("audio", "transcript", "human_review_log"),
    most_recordings=200,
    most_minutes=120,
    most_megabytes=500,
)
WHY_A_POLICY = "Whoever signs in and asks for their own recordings, on which nobody else is heard, has a right to them."


class StageClock:
    """The time of the act that is being played; the real time when nothing is."""

    def __init__(self) -> None:
        self.playing: datetime | None = None

    def __call__(self) -> datetime:
        """The moment that counts as now."""
        return self.playing or now()


@dataclass(frozen=True)
class Scene:
    """One act of one request, and when it happened."""

    at: datetime
    play: Callable[[], None]


class Seeding:
    """The invented requests of one demonstration, as they were told at the moment `at`."""

    def __init__(self, desk: Desk, world: World, clock: StageClock, *, told: Sequence[Scenario], at: datetime) -> None:
        self._desk = desk
        self._clock = clock
        self._at = at
        self._told = told
        self._cases: dict[str, str] = {}
        self._people = invented.customers(world), invented.record_sets(world)
        demanded, others = _split(invented.clips(world), self._told)
        self._demanded, self._others = demanded, others

    def before_the_first_page(self) -> None:
        """Stock what the requests are about, file every request and take it as far as people take it."""
        make_store(self._desk)
        stock_people(self._desk, *self._people)
        stock_agencies(self._desk, invented.agencies(self._at.date() - timedelta(days=365)))
        stock_staff(self._desk, invented.staff(self._at - timedelta(days=365)))
        stock_recordings(self._desk, self._demanded)
        self._play()

    def behind_the_pages(self) -> None:
        """Stock the rest, give each case its paper, then certify and hand over what the worker has made ready."""
        stock_recordings(self._desk, self._others)
        for scenario in _on_paper(self._told):
            kept, _ = enact.paper(self._desk, scenario)
            with self._desk.ledger.unit_of_work() as work:
                add_paper(work, self._cases[scenario.key], kept, by=CAST.clerk)
        for scenario in _on_paper(self._told):
            if scenario.stage in CERTIFIED:
                _finish_one(self._desk, scenario, self._cases[scenario.key])
        for scenario in self._told:
            if scenario.by_themselves:
                enact.released(self._desk, self._cases[scenario.key], until=enact.patience(STAGE_SECONDS))

    def _play(self) -> None:
        on_paper = _on_paper(self._told)
        scenes = [scene for told in on_paper for scene in _scenes(self._desk, told, self._cases, self._at)]
        for told in self._told:
            if told.by_themselves:
                scenes += _by_themselves(self._desk, told, self._cases)
        scenes.append(Scene(self._at - 2 * HOUR, lambda: _joined(self._desk)))
        try:
            for scene in sorted(scenes, key=lambda scene: scene.at):
                self._clock.playing = scene.at
                scene.play()
        finally:
            self._clock.playing = None


def _split(clips: Iterable[Clip], told: Iterable[Scenario]) -> tuple[list[Clip], list[Clip]]:
    """The recordings that some request is about, and the others."""
    asked = [parse(scenario.facts) for scenario in told]
    demanded: list[Clip] = []
    others: list[Clip] = []
    for clip in clips:
        (demanded if any(_is_about(facts, clip) for facts in asked) else others).append(clip)
    return demanded, others


def _is_about(facts: Facts, clip: Clip) -> bool:
    first, last = facts.range_from, facts.range_to
    within = (first is None or first <= clip.recorded_at) and (last is None or clip.recorded_at < last)
    return within and clip.account in (facts.accounts or ())


def _on_paper(told: Iterable[Scenario]) -> list[Scenario]:
    """The requests that somebody here enters and brings on."""
    return [scenario for scenario in told if not scenario.by_themselves]


def _by_themselves(desk: Desk, scenario: Scenario, cases: dict[str, str]) -> Iterator[Scene]:
    """A request that the standing policy answers, which three people adopted half an hour before."""

    def filed() -> None:
        cases[scenario.key] = enact.file_themselves(desk, scenario).id

    def adopted() -> None:
        enact.put_policy_in_force(desk, TERMS, reason=WHY_A_POLICY, cast=CAST)

    yield Scene(scenario.received_at - HOUR / 2, adopted)
    yield Scene(scenario.received_at, filed)


def _joined(desk: Desk) -> None:
    """Somebody begins here, whose role a second person has yet to confirm."""
    name, mail, role = NEWCOMER
    with desk.ledger.unit_of_work() as work:
        new = add_person(work, name=name, mail=mail, roles=named_roles([role]), by=invented.actor(ROBIN))
        work.passkeys.add(a_passkey(new, work.new_id()))


def _scenes(desk: Desk, scenario: Scenario, cases: dict[str, str], at: datetime) -> Iterator[Scene]:
    start = scenario.received_at
    step = min(HOUR, (at - start) / 8)

    def filed() -> None:
        cases[scenario.key] = enact.file(desk, scenario, papers=(), by=CAST.clerk).id
        if scenario.assignee:
            enact.hand_to(desk, cases[scenario.key], to=scenario.assignee, by=CAST.clerk)

    yield Scene(start + step, filed)
    if scenario.checked:
        yield Scene(start + 2 * step, lambda: _checked(desk, scenario, cases))
    if scenario.stage == "waiting_for_requester":
        yield Scene(start + 3 * step, lambda: _waiting(desk, scenario, cases))
    if scenario.stage in CLEARED | {"waiting_for_approval"}:
        yield Scene(start + 4 * step, lambda: _decided(desk, scenario, cases))
    if scenario.stage in CLEARED:
        yield Scene(start + 5 * step, lambda: enact.approve_it(desk, cases[scenario.key], by=CAST.second))


def _checked(desk: Desk, scenario: Scenario, cases: dict[str, str]) -> None:
    enact.check(desk, cases[scenario.key], how=scenario.checked or "", by=CAST.clerk)
    if scenario.to_hear:
        enact.let_hear(desk, cases[scenario.key], words=scenario.to_hear, by=CAST.lawyer)


def _waiting(desk: Desk, scenario: Scenario, cases: dict[str, str]) -> None:
    with desk.ledger.reading() as work:
        case = work.cases.get(cases[scenario.key], by=CAST.lawyer)
    findings = case.assessment.findings if case.assessment else ()
    for_what = next((finding.remedy for finding in findings if finding.remedy), "An answer to our question.")
    enact.wait(desk, case.id, for_what=for_what, by=CAST.lawyer)


def _decided(desk: Desk, scenario: Scenario, cases: dict[str, str]) -> None:
    with desk.ledger.reading() as work:
        case = work.cases.get(cases[scenario.key], by=CAST.lawyer)
    if case.assessment is not None and case.assessment.disposition in ANSWERED:
        if scenario.silenced:
            enact.silence_others(desk, case.id, reason=scenario.silenced, by=CAST.lawyer)
        enact.accept(desk, case.id, by=CAST.lawyer)


def _finish_one(desk: Desk, scenario: Scenario, case_id: str) -> None:
    with desk.ledger.reading() as work:
        if not work.productions.of_case(case_id):
            return
    for production in enact.settled(desk, case_id, until=enact.patience(STAGE_SECONDS)):
        if production.state is ProductionState.GATHERED:
            enact.sign_off(desk, production.id, by=CAST.custodian)
        elif production.state is ProductionState.OFFERED:
            if scenario.stage in HANDED_OVER:
                enact.hand_over(desk, production.id, by=CAST.lawyer)
            else:
                enact.tell_customer(desk, case_id, by=CAST.lawyer)
            return
        else:
            return
