"""Nothing a customer can see tells whether something they deleted is held, in whatever order it all happens (I6)."""

import itertools
import re
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from a_casework import BASE, INES, JUNIPER, MARSH, MAYA, NOW, PRIYA, TOMAS, marsh_recordings
from a_session import signed_in
from an_account import MISTAKE, REVIEWED, Account, StoreInMemory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event, select, update

from requests_portal.database.tables import copies, messages, recordings
from requests_portal.errors import NotFound
from requests_portal.model.listening import Purpose
from requests_portal.model.standing_policy import Terms
from requests_portal.storage.refusals import StillHeld
from requests_portal.work.adopt_policy import adopt_certificate, adopt_policy, propose_policy
from requests_portal.work.assess import assess
from requests_portal.work.compose import load
from requests_portal.work.correct import correct_facts
from requests_portal.work.delete_erased import delete_erased
from requests_portal.work.listen import grant, play
from requests_portal.work.release_hold import release_hold
from requests_portal.work.tell_hearings import tell_hearings
from requests_portal.work.tell_store import tell_store
from requests_portal.work.verify import note_check
from requests_portal.work.watch_holds import watch_holds
from requests_portal.work.watch_silence import watch_silence

THEIRS = [*marsh_recordings(), REVIEWED, MISTAKE]
NOISE = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}|LE-2026-\d{4}")
NEW_EACH_TIME = frozenset({"Set-Cookie", "Content-Length", "X-Request-Id"})
# The pages are compiled once for all lives.
COMPILED = FileSystemBytecodeCache()
# The order ends within two weeks, so that everybody is reminded who may know.
ORDER = {
    "nondisclosure_requested": True,
    "nondisclosure_order": True,
    "nondisclosure_issued_on": "2026-11-16",
    "nondisclosure_end_stated": True,
    "nondisclosure_ends_on": "2026-12-05",
}
SECRET = frozenset({"hold", "nondisclosure", "hold release", "second hold", "second hold release"})
UNKNOWN = "01900000-0000-7000-8000-000000000000"
# Endpoint → the addresses of it that are looked at; each that a customer can open is here.
WALKED = {
    "my.recordings": ("/my/recordings", "/my/recordings?first=2026-03-01&last=2026-03-31"),
    "my.listened": ("/my/recordings/listened",),
    "my.sound": ("/my/recordings/i-03142104/sound", "/my/recordings/w-01051200/sound"),
    "my.correct": ("/my/recordings/i-03142104/correct", "/my/recordings/w-01051200/correct"),
    "my.delete": (
        "/my/recordings/delete?first=2026-03-01&last=2026-03-31",
        "/my/recordings/delete",
        "/my/recordings/delete?recording=i-03142104",
    ),
    "my.keeping": ("/my/recordings/keeping",),
    "my.human_review": ("/my/human-review",),
    "my.requests": ("/my/requests",),
    "my.ask": ("/my/requests/new",),
    "my.agents": ("/my/agents",),
    "my.new_agent": ("/my/agents/new",),
    "my.notices": ("/my/notices",),
    "my.notice": (f"/my/notices/{UNKNOWN}",),
    "me.sessions": ("/me/sessions",),
    "me.passkeys": ("/me/passkeys",),
}
# What there is of each request that the customer made.
WALKED_OF_EACH = {
    "my.status": "",
    "my.progress": "/progress",
    "my.agent": "/agent",
    "my.document": "/bundle.pdf",
    "my.everything": "/everything.zip",
}
ADDRESSES = tuple(address for addresses in WALKED.values() for address in addresses)
AT_LEAST = (ADDRESSES[0], ADDRESSES[2], ADDRESSES[4], "/my/notices")
EVENTS = ("hold", "nondisclosure", "delete request", "access request", "hold release")


@dataclass
class LockedStore(StoreInMemory):
    """Objects and their copies under legal holds, as S3 keeps them; what is denied can be counted."""

    held: set[str] = field(default_factory=set)

    def of_bucket(self, bucket: str) -> "LockedStore":
        assert bucket in {"", "training"}
        return self

    def hold(self, key: str, _version_id: str) -> None:
        self._must_have(key)
        self.held.add(key)

    def release_hold(self, key: str, _version_id: str) -> None:
        self._must_have(key)
        self.held.discard(key)

    def is_held(self, key: str, _version_id: str) -> bool:
        self._must_have(key)
        return key in self.held

    def delete(self, key: str, version_id: str) -> None:
        if key in self.held:
            raise StillHeld(key, version_id)
        self.objects.pop(key, None)

    def every_version(self, key: str) -> list[str]:
        return ["v1"] if key in self.objects else []

    def has(self, key: str, _version_id: str) -> bool:
        return key in self.objects

    def _must_have(self, key: str) -> None:
        if key not in self.objects:
            raise NotFound("The store no longer has this version.")


class Life(Account):
    """A customer's account, in which what may not be known happens or does not."""

    def __init__(self, folder, *, secret: bool) -> None:
        super().__init__(folder)
        self.app.jinja_env.bytecode_cache = COMPILED
        self.secret = secret
        self.warrants: dict[str, str] = {}
        self.own: list[str] = []
        self.seen: list[tuple[str, object]] = []
        self.wrongly_deleted: list[str] = []
        self.ordered = False
        self.was_held: set[str] = set()
        self.browser = self.visit(JUNIPER)
        self.queries = 0
        event.listen(self.engine, "before_cursor_execute", self._count)

    def _stock(self) -> None:
        self.store = LockedStore()
        super()._stock()
        with self.engine.begin() as connection:
            for each in THEIRS[::3]:
                key = f"training/{each.id}"
                self.store.objects[key] = b"learnt from"
                values = {"recording_id": each.id, "bucket": "training", "key": key, "version_id": "v1"}
                connection.execute(copies.insert().values(**values, kind="training"))

    def _portal(self, folder):
        portal = super()._portal(folder)
        self.spool = portal.outside.spool
        self.spool.remove = lambda _sha256: None
        self.outside = portal.outside
        return portal

    def _count(self, *_: object) -> None:
        self.queries += 1

    # What happens.

    def live(self, events) -> "Life":
        """Let it all happen, the worker coming round and the customer looking after each."""
        for number, each in enumerate(events):
            if each not in SECRET or self.secret:
                self.happen(each)
            self.worker()
            self.look(f"after {number}", AT_LEAST if each in SECRET else ADDRESSES)
        return self

    def happen(self, what: str) -> None:
        {
            "hold": lambda: self.demand("hold"),
            "second hold": lambda: self.demand("second hold"),
            "nondisclosure": self.silence,
            "hold release": lambda: self.let_go("hold"),
            "second hold release": lambda: self.let_go("second hold"),
            "delete request": lambda: self.delete(first="2026-02-01", last="2026-04-30"),
            "delete all": self.delete,
            "delete one": lambda: self.delete(recording="i-03142104"),
            "access request": self.access,
            "ask only": self.ask,
            "answer": self.answer,
            "correct one": self.correct,
            "routine request": self.ask_within_the_policy,
        }[what]()

    def adopt_a_policy(self) -> None:
        """A standing policy by which a month in which nobody else is heard is answered without a person."""
        terms = Terms(
            rights=("access",),
            places=("US",),
            kinds=("audio",),
            most_recordings=50,
            most_minutes=60,
            most_megabytes=50,
        )
        with self.ledger.unit_of_work() as work:
            seen = propose_policy(work, terms, reason="Routine.", by=MAYA)
            adopt_policy(work, seen.id, seen=seen.policy.digest, by=TOMAS)
            adopt_certificate(work, seen.id, seen=seen.policy.digest, by=PRIYA)
        with self.engine.begin() as connection:
            connection.execute(update(recordings).values(seconds=3.0))

    def ask_within_the_policy(self) -> None:
        signed_in(self.app, self.browser.client, JUNIPER, base=BASE)
        page, month = "/my/requests/new", {"first": "2026-05-01", "last": "2026-05-31"}
        sent = self.browser.send(page, page=page, right="access", kinds=["audio"], period="some", **month)
        self.note("asked", sent)
        self.own.append(sent.location.rpartition("/")[2])
        self.seen.append(("decided", (self.case(self.own[-1]).decision is not None, self._contents(self.own[-1]))))

    def demand(self, name: str) -> None:
        if name not in self.warrants:
            self.warrants[name] = self.warrant(title=name, **(ORDER if self.ordered else {}))
            self.hear(self.case(self.warrants[name]))

    def hear(self, case) -> None:
        """A reviewer listens for the demand to a recording that the customer has, or had; it may be deleted."""
        if all(each.key in self.store.objects for each in THEIRS if each.id == "i-03142104"):
            self.listen(case)

    def listen(self, case) -> None:
        self.act(lambda work: grant(work, case.id, "i-03142104", purpose=Purpose.FIND_OTHERS, words="", by=MAYA))
        self.act(lambda work: play(work, case.id, "i-03142104", from_ms=0, to_ms=900, by=MAYA))

    def silence(self) -> None:
        for reference in self.warrants.values():
            case = self.case(reference)
            self.act(lambda work, case=case: correct_facts(work, case.id, ORDER, reason="The order came.", by=INES))
        self.ordered = True

    def let_go(self, name: str) -> None:
        if name not in self.warrants:
            return
        with self.ledger.reading() as work:
            holds = work.holds.of_case(self.case(self.warrants[name]).id)
        for hold in holds:
            if hold.released_at is None:
                self.act(lambda work, hold=hold: release_hold(work, hold.id, because="Withdrawn.", by=MAYA))

    def delete(self, **chosen: str) -> None:
        page = f"/my/recordings/delete?{urlencode(chosen)}"
        signed_in(self.app, self.browser.client, JUNIPER, base=BASE)
        asked = self.browser.open(page)
        self.note("asked to confirm", asked)
        if 'name="before"' in asked.html:
            fields = {name: asked.hidden(name) for name in ("device", "first", "last", "recording", "before")}
            self.note("deleted", self.browser.send("/my/recordings/delete", page=page, **fields))

    def ask(self) -> None:
        signed_in(self.app, self.browser.client, JUNIPER, base=BASE)
        sent = self.browser.send(
            "/my/requests/new",
            page="/my/requests/new",
            right="access",
            kinds=["audio", "transcript"],
            period="all",
            words=f"number {len(self.own)}",
        )
        self.note("asked", sent)
        self.own.append(sent.location.rpartition("/")[2])
        case = self.case(self.own[-1])
        self.act(lambda work: note_check(work, case.id, how="Signed in afresh.", by=INES))
        self.act(lambda work: assess(work, case.id, by=INES))

    def correct(self) -> None:
        """The customer has other words for what was heard for the demand; asked before, there is nothing to send."""
        page = "/my/recordings/i-03142104/correct"
        signed_in(self.app, self.browser.client, JUNIPER, base=BASE)
        asked = self.browser.open(page)
        self.note("asked for the words", asked)
        if f'action="{page}"' not in asked.html:
            return
        sent = self.browser.send(page, page=page, words=f"number {len(self.own)}")
        self.note("corrected", sent)
        self.own.append(sent.location.rpartition("/")[2])
        case = self.case(self.own[-1])
        self.act(lambda work: note_check(work, case.id, how="Signed in afresh.", by=INES))
        self.act(lambda work: assess(work, case.id, by=INES))

    def answer(self) -> None:
        for reference in self.own:
            if self.case(reference).is_open and not self._made(reference):
                self.release(reference, token=f"link of {reference}")

    def access(self) -> None:
        self.ask()
        self.answer()

    def _made(self, reference: str):
        with self.ledger.reading() as work:
            return work.productions.of_case(self.case(reference).id)

    def worker(self) -> None:
        """What the rounds do, until nothing is left to be done."""
        self.now += timedelta(minutes=6)
        with self.ledger.reading() as work:
            waiting = work.holds.unconfirmed(at=self.now, again=timedelta(0))
        for hold, _bucket in waiting:
            tell_store(self.outside, hold)
        delete_erased(self.outside)
        watch_holds(self.outside)
        watch_silence(self.outside)
        tell_hearings(self.outside)
        with self.ledger.reading() as work:
            kept = work.holds.held_among([each.id for each in THEIRS])
        gone = [each.id for each in THEIRS if each.key not in self.store.objects]
        self.wrongly_deleted += [each for each in gone if each in kept & self.was_held]
        self.was_held |= {each.id for each in THEIRS if each.key in self.store.held}

    # What the customer sees.

    def look(self, after: str, addresses) -> None:
        answers = [f"/my/requests/{each}{rest}" for each in self.own for rest in WALKED_OF_EACH.values()]
        for address in [*addresses, *answers]:
            before = self.queries
            answer = self.browser.open(address)
            self.note(f"{after}: {address}", answer)
            self.seen.append((f"{after}: {address}: questions to the database", self.queries - before))
        self.seen.append((f"{after}: what was mailed", self._mailed()))
        for reference in self.own:
            self.seen.append((f"{after}: what is in {reference}", self._contents(reference)))

    def _mailed(self):
        """What went or is to go to an address of the customer's."""
        with self.engine.connect() as connection:
            theirs = select(messages.c.template, messages.c.words).where(messages.c.to == MARSH.email)
            return [(row.template, NOISE.sub(b"#", row.words.encode())) for row in connection.execute(theirs)]

    def _contents(self, reference: str):
        return [
            (
                (str(each.state), [item.recording for item in each.items], each.withheld, len(each.discrepancies)),
                load(self.ledger.reading, each.id).heard,
            )
            for each in self._made(reference)
        ]

    def note(self, what: str, answer) -> None:
        shown = re.sub(rb'(name="before" value=")[^"]*', rb"\1", answer.shown)
        headers = [each for each in answer.headers.items() if each[0] not in NEW_EACH_TIME]
        self.seen.append((what, (answer.status, headers, NOISE.sub(b"#", shown))))

    # How it ends.

    def let_everything_go(self) -> None:
        for name in list(self.warrants):
            self.let_go(name)
        for _ in range(2):
            self.worker()

    def left_of_erased(self) -> set[str]:
        """The objects that the store still has of what the customer does not see any more."""
        with self.ledger.reading() as work:
            seen = {each.id for each in THEIRS if not work.erasures.erased_among([each.id])}
        return {
            key
            for each in THEIRS
            for key in (each.key, f"training/{each.id}")
            if each.id not in seen and key in self.store.objects
        }


def test_every_address_that_a_customer_can_open_is_looked_at(tmp_path):
    rules = Life(tmp_path, secret=False).app.url_map.iter_rules()

    theirs = {rule.endpoint for rule in rules if "GET" in rule.methods and rule.rule.startswith(("/my/", "/me/"))}

    assert theirs == WALKED.keys() | WALKED_OF_EACH.keys()


def test_once_the_order_has_ended_the_customer_is_told_and_before_that_not(tmp_path):
    life = Life(tmp_path, secret=True)
    life.happen("hold")
    life.happen("nondisclosure")
    life.approve(life.warrants["hold"])
    life.worker()
    assert life._mailed() == []
    assert "There is no notice for you." in life.browser.open("/my/notices").html

    assert "authority" not in life.browser.open("/my/recordings/listened").html

    life.now = NOW + timedelta(days=13)
    life.worker()

    assert [template for template, _ in life._mailed()] == ["notice_waiting"]
    signed_in(life.app, life.browser.client, JUNIPER, base=BASE)
    assert "Notice of" in life.browser.open("/my/notices").html
    assert "for an authority&#39;s request" in life.browser.open("/my/recordings/listened").html


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """What a customer sees of whom nobody knows anything, by the order in which they do things; each lived once."""
    lived: dict[tuple[str, ...], list[tuple[str, object]]] = {}

    def seen(events) -> list[tuple[str, object]]:
        # The clock goes on while what may not be known happens, so each place in the order counts.
        order = tuple(each if each not in SECRET else "nothing" for each in events)
        if order not in lived:
            lived[order] = Life(tmp_path_factory.mktemp("plain"), secret=False).live(events).seen
        return lived[order]

    return seen


def differing(one, other) -> str:
    """The first thing that reads differently."""
    assert [what for what, _ in one] == [what for what, _ in other]
    return next((what for (what, a), (_, b) in zip(one, other, strict=True) if a != b), "")


def orders():
    """Every order, but a release of what is not held yet only once: it is nothing, wherever it stands."""
    for each in itertools.permutations(EVENTS):
        if each[0] == "hold release" or each.index("hold") < each.index("hold release"):
            yield each


@pytest.mark.parametrize("events", orders(), ids=" → ".join)
def test_a_customer_sees_the_same_in_every_order(events, plain, tmp_path):
    life = Life(tmp_path, secret=True).live(events)

    assert differing(life.seen, plain(events)) == ""
    assert life.wrongly_deleted == []

    life.let_everything_go()

    assert life.left_of_erased() == set()
    deleted = [each for each in THEIRS if "2026-02" <= f"{each.recorded_at:%Y-%m}" < "2026-05"]
    assert deleted
    assert not any(each.key in life.store.objects for each in deleted)


@pytest.mark.parametrize("first", [True, False], ids=["before the demand", "after the demand"])
def test_a_standing_policy_answers_the_same_whatever_is_demanded_and_held(first, tmp_path):
    secret = ("hold", "nondisclosure")
    asked = ("routine request", "delete all", "access request")
    events = (asked[0], *secret, *asked[1:], "hold release") if first else (*secret, *asked, "hold release")
    lives = []
    for is_secret in (True, False):
        folder = tmp_path / str(is_secret)
        folder.mkdir()
        life = Life(folder, secret=is_secret)
        life.adopt_a_policy()
        lives.append(life.live(events))

    assert differing(lives[0].seen, lives[1].seen) == ""
    assert [answer[0] for what, answer in lives[0].seen if what == "decided"] == [True]


@pytest.mark.parametrize(
    "events",
    [
        ("correct one", "hold", "nondisclosure", "answer", "access request", "delete one", "hold release"),
        ("hold", "nondisclosure", "correct one", "answer", "delete all", "hold release"),
        ("hold", "delete one", "correct one", "nondisclosure", "answer"),
        ("correct one", "hold", "nondisclosure", "delete one", "answer", "hold release"),
    ],
    ids=" → ".join,
)
def test_a_corrected_transcript_tells_of_no_demand(events, plain, tmp_path):
    life = Life(tmp_path, secret=True).live(events)

    assert differing(life.seen, plain(events)) == ""
    assert life.wrongly_deleted == []

    life.let_everything_go()

    assert life.left_of_erased() == set()


STEPS = (*EVENTS, "second hold", "second hold release", "delete one", "delete all", "ask only", "correct one", "answer")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(events=st.lists(st.sampled_from(STEPS), min_size=3, max_size=9))
def test_nor_does_any_richer_life_tell(events, plain, tmp_path_factory):
    life = Life(tmp_path_factory.mktemp("secret"), secret=True).live(events)

    assert differing(life.seen, plain(events)) == ""
    assert life.wrongly_deleted == []

    life.let_everything_go()

    assert life.left_of_erased() == set()
