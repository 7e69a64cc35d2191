"""Seeding: the invented requests acted out with the real verbs, each act at the moment it would have happened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from requests_portal import enact, invented
from requests_portal.app import Desk, now
from requests_portal.demonstration.filing import Scenario
from requests_portal.demonstration.people import INES, MAYA, PRIYA, TOMAS
from requests_portal.demonstration.scenarios import scenarios
from requests_portal.demonstration.world import World
from requests_portal.enact import Cast
from requests_portal.model.production import ProductionState
from requests_portal.stock import make_store, stock_people, stock_recordings
from requests_portal.work.decide import GIVING
from requests_portal.work.papers import add_paper

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


def stock(desk: Desk, world: World) -> None:
    """Make the store and fill it with the invented world."""
    make_store(desk)
    stock_people(desk, invented.customers(world), invented.record_sets(world))
    stock_recordings(desk, invented.clips(world))


def play_all(desk: Desk, world: World, clock: StageClock) -> dict[str, str]:
    """File every request and take it as far as people take it; returns each one's case id."""
    at = now()
    cases: dict[str, str] = {}
    told = scenarios(world, at)
    scenes = [scene for scenario in told for scene in _scenes(desk, scenario, cases, at)]
    try:
        for scene in sorted(scenes, key=lambda scene: scene.at):
            clock.playing = scene.at
            scene.play()
    finally:
        clock.playing = None
    return cases


def finish(desk: Desk, world: World, cases: dict[str, str]) -> None:
    """Give each case its paper, then certify and hand over what the worker has made ready."""
    told = scenarios(world, now())
    for scenario in told:
        kept, _ = enact.paper(desk, scenario)
        with desk.ledger.unit_of_work() as work:
            add_paper(work, cases[scenario.key], kept, by=CAST.clerk)
    for scenario in told:
        if scenario.stage in CERTIFIED:
            _finish_one(desk, scenario, cases[scenario.key])


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
        enact.accept(desk, case.id, by=CAST.lawyer)


def _finish_one(desk: Desk, scenario: Scenario, case_id: str) -> None:
    with desk.ledger.reading() as work:
        if not work.productions.of_case(case_id):
            return
    for production in enact.settled(desk, case_id, until=enact.patience(STAGE_SECONDS)):
        if production.state is ProductionState.GATHERED:
            enact.sign_off(desk, production.id, by=CAST.custodian)
        elif production.state is ProductionState.OFFERED and scenario.stage in HANDED_OVER:
            enact.hand_over(desk, production.id, by=CAST.lawyer)
            return
        else:
            return


def our_folder(folder: Path) -> bool:
    """Whether a folder is free for the demonstration: new, empty, or an earlier demonstration's."""
    return not folder.exists() or not any(folder.iterdir()) or (folder / "settings.toml").is_file()
