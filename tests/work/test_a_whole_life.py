"""Random people do random things to a case in random order; I1, I2, I3 and I7 hold after every step."""

from contextlib import suppress
from itertools import pairwise

import hypothesis.strategies as st
from a_house import ADA, INES, JUNIPER, LINK, MAYA, PIN, PRIYA, SUBPOENA, TOMAS, ActingHouse, discrepancies, ruling
from hypothesis import HealthCheck, given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from who_asks import confirm_who_asks

from legal_rules.scope import Interval, Scope
from requests_portal.database.engine import connect
from requests_portal.errors import Refused
from requests_portal.model.actor import SYSTEM
from requests_portal.model.case import CaseState
from requests_portal.model.production import Gathered, ProductionState
from requests_portal.work import produce
from requests_portal.work.approve import approve, refuse_approval
from requests_portal.work.assess import assess
from requests_portal.work.assign import wait_for_requester
from requests_portal.work.compose.available import answer_letter
from requests_portal.work.correct import correct_facts
from requests_portal.work.decide import Choice, decide
from requests_portal.work.recall import recall
from requests_portal.work.reissue import reissue
from requests_portal.work.release import release
from requests_portal.work.replace import replace_production
from requests_portal.work.revoke import revoke
from requests_portal.work.write import edit_letter, seen_as

PEOPLE = st.sampled_from([INES, MAYA, TOMAS, PRIYA, ADA, JUNIPER])
LAWYERS = st.sampled_from([MAYA, TOMAS])
CORRECTIONS = st.sampled_from(
    [
        {"signed": False},
        {"signed": True},
        {"process": "grand_jury_subpoena"},
        {"process": "search_warrant"},
        {"incident_to": "2026-03-14T21:40:00-07:00"},
        {"seeks": ["audio"]},
        {"seeks": ["audio", "subscriber"]},
    ]
)
MOVES = st.sampled_from(["accept", "narrow", "object", "refuse"])
FACTS = st.sampled_from([None, SUBPOENA])
SIGNED = {ProductionState.SIGNED, ProductionState.OFFERED, ProductionState.RELEASED}


def part_of(scope: Scope, share: float) -> Scope:
    """The first part of a scope's period; of an endless one, all."""
    length = scope.interval.end - scope.interval.start
    if length.days > 4000:
        return scope
    return Scope(
        scope.accounts,
        scope.devices,
        scope.classes,
        Interval(scope.interval.start, scope.interval.start + length * share),
    )


class WholeLife(RuleBasedStateMachine):
    """One case at a time, everybody at once, with refusals, retries, cancels and deaths in the middle."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = connect("sqlite://")
        self.house = ActingHouse(self.engine)
        self.sizes: list[tuple[int, bytes]] = []
        self.tokens = 0

    def teardown(self) -> None:
        self.engine.dispose()

    @initialize(facts=FACTS)
    def file(self, facts):
        self.id = self.house.file(facts).id

    # What people do; a refusal is an answer, and leaves nothing.

    def attempt(self, verb, *arguments, **named):
        before = self.house.dump()
        try:
            self.house.act(verb, *arguments, **named)
        except Refused:
            assert self.house.dump() == before

    @property
    def case(self):
        return self.house.case(self.id)

    @property
    def production(self):
        made = self.house.productions(self.id)
        return made[-1] if made else None

    @rule(by=PEOPLE, passed=st.sampled_from([True, True, True, False]))
    def check(self, by, passed):
        self.attempt(confirm_who_asks, self.id, passed=passed, by=by)

    @rule(by=PEOPLE)
    def assess(self, by):
        self.attempt(assess, self.id, by=by)

    @rule(by=PEOPLE, correction=CORRECTIONS)
    def correct(self, by, correction):
        self.attempt(correct_facts, self.id, correction, reason="Misread.", by=by)

    @rule(by=LAWYERS)
    def wait(self, by):
        self.attempt(wait_for_requester, self.id, for_what="The dates.", by=by)

    @rule(by=LAWYERS)
    def accept(self, by):
        self.attempt(decide, self.id, ruling(self.case), by=by)

    @rule(by=PEOPLE, move=MOVES, share=st.floats(0, 1.2))
    def rule_otherwise(self, by, move, share):
        case = self.case
        chosen = {
            f"line_{line.id}": Choice(move=move, scope=part_of(line.scope, share) if move == "narrow" else None)
            for line in case.lines
        }
        self.attempt(decide, self.id, ruling(case, reasons="I think so.", **chosen), by=by)

    @precondition(lambda self: self.case.decision is not None)
    @rule(by=PEOPLE)
    def approve(self, by):
        self.attempt(approve, self.id, digest=self.case.decision.digest, by=by)

    @precondition(lambda self: self.case.decision is not None)
    @rule(by=LAWYERS)
    def refuse(self, by):
        self.attempt(refuse_approval, self.id, digest=self.case.decision.digest, reason="Too wide.", by=by)

    @precondition(lambda self: answer_letter(self.case) is not None)
    @rule(by=PEOPLE)
    def rewrite(self, by):
        case = self.case
        kind, words = answer_letter(case), {"closing": f"We would rather talk, {case.version} times."}
        self.attempt(edit_letter, self.id, kind, words, seen=seen_as(case, kind), by=by)

    @precondition(lambda self: self.production is not None)
    @rule(wrong=st.integers(0, 2))
    def gather(self, wrong):
        made = self.production
        self.attempt(produce.begin_gathering, made.id)
        self.attempt(produce.record_gathered, made.id, [Gathered(discrepancies=discrepancies(made, wrong))])

    @precondition(lambda self: self.production is not None)
    @rule(by=st.sampled_from([PRIYA, PRIYA, PRIYA, MAYA]))
    def certify(self, by):
        made = self.production
        digest = produce.certified_digest(made)
        self.attempt(produce.certify, made.id, paragraphs=("I certify.",), pages=("0" * 64,), digest=digest, by=by)

    @precondition(lambda self: self.production is not None)
    @rule(dies=st.booleans())
    def seal(self, dies):
        made = self.production
        self.attempt(produce.begin_sealing, made.id)
        if not dies:
            self.attempt(produce.record_signed, made.id, self.house.documents(made), [])

    @precondition(lambda self: self.production is not None)
    @rule()
    def fail(self):
        self.attempt(produce.record_failure, self.production.id, "It stopped.")

    @precondition(lambda self: self.production is not None)
    @rule(by=PEOPLE)
    def retry(self, by):
        self.attempt(produce.retry, self.production.id, by=by)

    @precondition(lambda self: self.production is not None)
    @rule(by=PEOPLE)
    def cancel(self, by):
        self.attempt(produce.cancel, self.production.id, by=by)

    @precondition(lambda self: self.production is not None)
    @rule(by=PEOPLE, which=st.integers(0, 3))
    def release(self, by, which):
        made = self.house.productions(self.id)
        self.tokens += 1
        secret = {"token": f"{LINK}{self.tokens}", "pin": PIN}
        self.attempt(release, made[which % len(made)].id, recipient="Deputy R. Pinecone", **secret, by=by)

    @property
    def links(self):
        return [row[0] for row in self.house.dump()["releases"]]

    @precondition(lambda self: self.links)
    @rule(by=LAWYERS, which=st.integers(0, 3), anew=st.booleans())
    def end_a_link(self, by, which, anew):
        link = self.links[which % len(self.links)]
        self.tokens += 1
        if anew:
            self.attempt(reissue, link, token=f"{LINK}{self.tokens}", pin=PIN, by=by)
        else:
            self.attempt(revoke, link, reason="Sent to the wrong desk.", by=by)

    @precondition(lambda self: self.links)
    @rule(by=PEOPLE, which=st.integers(0, 3))
    def replace_it(self, by, which):
        made = self.house.productions(self.id)
        self.attempt(replace_production, made[which % len(made)].id, reason="One clip is missing.", by=by)

    @precondition(lambda self: self.links)
    @rule(by=PEOPLE, which=st.integers(0, 3), instead=st.integers(-1, 3))
    def recall(self, by, which, instead):
        made = self.house.productions(self.id)
        other = made[instead % len(made)].id if instead >= 0 else None
        self.attempt(recall, made[which % len(made)].id, reason="A wrong clip.", replaced_by=other, by=by)

    @rule()
    def go_straight_on(self):
        """Everybody does the next right thing, so that lives get far enough for faults to matter."""
        with suppress(Refused):
            self.house.check(self.case)
            decided = self.house.decide(self.case)
            if not decided.is_cleared:
                self.house.approve(decided)
            self.house.gather(self.case)
            self.house.certify(self.case)

    @precondition(lambda self: self.production is not None)
    @rule()
    def hand_over(self):
        """What was certified leaves, so that there is something to end, renew, replace and recall."""
        self.tokens += 1
        with suppress(Refused):
            self.house.sign(self.case)
            self.house.release(self.case, token=f"{LINK}{self.tokens}")

    # What must hold.

    @invariant()
    def nothing_leaves_without_all_that_it_takes(self):
        """I1: each release has its decision, its approval and its log entries."""
        log = self.house.log()
        released = [made for made in self.house.productions(self.id) if made.state is ProductionState.RELEASED]
        entries = [entry for entry in log if entry["act"] == "production_released"]
        assert len(entries) == len(released)
        decided = {entry["digests"]["decision"]: entry for entry in log if entry["act"] == "case_decided"}
        approved = {entry["digests"]["decision"]: entry for entry in log if entry["act"] == "decision_approved"}
        reserved = [entry for entry in log if entry["act"] == "production_reserved"]
        for made in released:
            (reservation,) = [entry for entry in reserved if entry["numbers"]["production"] == made.number]
            decision = decided[reservation["digests"]["decision"]]
            assert {entry["digests"].get("assessment") for entry in log if entry["act"] == "case_assessed"} >= {
                decision["digests"]["assessment"]
            }
            if decision["words"]["approval"] == "needed":
                assert approved[reservation["digests"]["decision"]]["actor"] != decision["actor"]

    @invariant()
    def what_is_produced_lies_within_what_is_decided_and_that_within_the_demand(self):
        """I2, recording by recording."""
        case = self.case
        demanded = {line.id: line.scope for line in case.lines}
        decided = [(line.line, line.scope) for line in case.decision.lines if line.scope] if case.decision else []
        assert all(scope <= demanded[line] for line, scope in decided)
        for made in self.house.productions(self.id):
            if case.decision and made.decision == case.decision.id:
                with self.house.ledger.reading() as work:
                    for item in made.items:
                        got = work.catalogue.get(item.recording, by=SYSTEM)
                        assert any(
                            scope.covers(got.account, got.device, "audio", got.recorded_at) for _, scope in decided
                        )

    @invariant()
    def each_document_is_signed_once_and_each_production_released_once(self):
        """I3, and a production has documents exactly when it is signed."""
        tables = self.house.dump()
        signed = [row[:3] for row in tables["documents"]]
        assert len(signed) == len(set(signed))
        with_documents = {row[0] for row in signed}
        assert with_documents == {made.id for made in self.house.productions(self.id) if made.state in SIGNED}
        issues = [(row[1], row[2], row[7]) for row in tables["releases"]]
        assert len(issues) == len(set(issues))
        live = [(row[1], row[2]) for row in tables["releases"] if row[8]]
        assert len(live) == len(set(live))
        assert {row[1] for row in tables["releases"]} == {
            made.id for made in self.house.productions(self.id) if made.state is ProductionState.RELEASED
        }

    @invariant()
    def what_was_recalled_is_behind_no_link(self):
        tables = self.house.dump()
        recalled = {row[0] for row in tables["recalls"]}
        assert recalled.isdisjoint(row[1] for row in tables["releases"] if row[8])

    @invariant()
    def the_log_only_grows_and_verifies(self):
        """I7."""
        checkpoints = sorted(self.house.dump()["audit_checkpoints"])
        assert checkpoints[: len(self.sizes)] == self.sizes
        self.sizes = checkpoints
        assert self.house.log_is_sound()

    @invariant()
    def numbers_are_never_used_twice(self):
        ranges = [(made.bates_first, made.bates_last) for made in self.house.productions(self.id) if made.bates_first]
        assert all(last < first for (_, last), (first, _) in pairwise(ranges))

    @invariant()
    def what_goes_on_rests_on_what_stands(self):
        """A production that may still be signed rests on the decision that stands."""
        case = self.case
        for made in self.house.productions(self.id):
            if made.is_live and made.state not in SIGNED:
                assert case.state in {CaseState.APPROVED, CaseState.ANSWERED}
                assert made.decision == case.decision.id


WholeLife.TestCase.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
test_a_whole_life = WholeLife.TestCase


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(share=st.floats(0, 1), wider=st.booleans(), facts=FACTS)
def test_whatever_a_lawyer_picks_lies_within_the_demand_or_is_refused(share, wider, facts):
    """I2: also what the proposal gives lies within what was demanded."""
    engine = connect("sqlite://")
    house = ActingHouse(engine)
    case = house.check(house.file(facts))
    line = case.lines[0]
    assert all(record.proposed is None or record.proposed <= record.line.scope for record in case.assessment.lines)
    chosen = part_of(line.scope, 1 + share if wider else share)

    try:
        decided = house.decide(case, reasons="I think so.", line_1=Choice(move="narrow", scope=chosen))
    except Refused:
        assert not chosen <= line.scope or case.assessment.lines[0].permitted is None
    else:
        assert chosen <= line.scope
        assert decided.decision.lines[0].scope == chosen
    engine.dispose()
