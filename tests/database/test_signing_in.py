"""What signing in keeps in SQL, on SQLite and PostgreSQL: each thing that is used once is used once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session as Transaction

from requests_portal.database.attempts import SqlAttempts
from requests_portal.database.passkeys import SqlChallenges, SqlOneTimeLinks, SqlPasskeys
from requests_portal.database.schema import prepare
from requests_portal.database.sessions import SqlSentForms, SqlSessions
from requests_portal.database.staff import SqlStaff
from requests_portal.database.tables import people
from requests_portal.model.actor import Role
from requests_portal.model.passkey import Credential, OneTimeLink, Passkey
from requests_portal.model.person import Person
from requests_portal.model.session import SentForm, Session

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = AT + timedelta(minutes=15)
LINK = OneTimeLink(sha256="a" * 64, purpose="sign_in", owner="maya", customer=False, made_at=AT, ends_at=LATER)
KEY = Passkey(
    id="one",
    owner="maya",
    customer=False,
    user_handle="aGFuZGxl",
    credential=Credential(credential_id="Y3JlZGVudGlhbA", public_key="a2V5", sign_count=3),
    name="Work laptop",
    added_at=AT,
)


@pytest.fixture
def ready(engine):
    prepare(engine)
    return engine


def within(engine, act):
    with Transaction(engine) as session, session.begin():
        return act(session)


def at_once(act, times=6):
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(lambda _: act(), range(times)))


def test_a_link_is_used_by_one_of_those_who_press_at_once(ready):
    within(ready, lambda session: SqlOneTimeLinks(session).add(LINK))

    used = at_once(lambda: within(ready, lambda session: SqlOneTimeLinks(session).use(LINK.sha256, at=AT)))

    assert sum(each is not None for each in used) == 1


def test_a_challenge_is_taken_by_one_of_those_who_answer_at_once(ready):
    told = {"purpose": "sign_in", "owner": "", "body": "kept", "ends_at": LATER}
    within(ready, lambda session: SqlChallenges(session).add("asked", **told))

    def take(session):
        return SqlChallenges(session).take("asked", purpose="sign_in", owner="", at=AT)

    assert sorted(map(str, at_once(lambda: within(ready, take)))) == ["None"] * 5 + ["kept"]


@pytest.mark.parametrize(
    "changed", [{"purpose": "enrol"}, {"owner": "maya"}, {"at": LATER}], ids=["purpose", "owner", "late"]
)
def test_a_challenge_is_for_one_purpose_one_person_and_a_time(ready, changed):
    told = {"purpose": "sign_in", "owner": "", "body": "kept", "ends_at": LATER}
    within(ready, lambda session: SqlChallenges(session).add("asked", **told))

    asked = {"purpose": "sign_in", "owner": "", "at": AT} | changed
    assert within(ready, lambda session: SqlChallenges(session).take("asked", **asked)) is None


def test_what_waits_for_a_worker_is_taken_by_one(ready):
    for number in range(3):
        told = {"purpose": "mailed", "owner": "", "body": str(number), "ends_at": LATER}
        within(ready, lambda session, number=number, told=told: SqlChallenges(session).add(f"a{number}", **told))

    def take(session):
        return SqlChallenges(session).take_some("mailed", at=AT, limit=10)

    assert sorted(each for taken in at_once(lambda: within(ready, take)) for each in taken) == ["0", "1", "2"]


def test_tries_that_are_made_at_once_are_all_counted(ready):
    counted = at_once(lambda: within(ready, lambda session: SqlAttempts(session).count("x", begins_at=AT)))

    assert sorted(counted) == [1, 2, 3, 4, 5, 6]


def test_a_passkey_whose_count_another_has_raised_is_not_used(ready):
    within(ready, lambda session: SqlPasskeys(session).add(KEY))

    used = at_once(lambda: within(ready, lambda session: SqlPasskeys(session).used(KEY, sign_count=4, at=AT)))

    assert sum(used) == 1


def test_a_passkey_that_was_removed_stays_known_and_opens_nothing(ready):
    def act(session):
        keys = SqlPasskeys(session)
        keys.add(KEY)
        removed = keys.remove("one", owner="tomas", at=AT), keys.remove("one", owner="maya", at=AT)
        return removed, keys.by_credential(KEY.credential.credential_id), keys.is_known(KEY.credential.credential_id)

    assert within(ready, act) == ((False, True), None, True)


def test_a_session_ends_once_and_is_forgotten_after_a_while(ready):
    made = Session(
        id="s",
        token_sha256="b" * 64,
        person="maya",
        customer=False,
        how="passkey",
        browser="",
        begun_at=AT,
        auth_at=AT,
        seen_at=AT,
    )

    def act(session):
        sessions = SqlSessions(session)
        sessions.add(made)
        ended = sessions.end("s", at=LATER), sessions.end("s", at=LATER)
        sessions.forget("maya", begun_before=LATER)
        return ended, sessions.by_token("b" * 64)

    assert within(ready, act) == ((True, False), None)


def test_a_role_that_this_release_does_not_know_gives_nothing(ready):
    def act(session):
        row = {
            "id": "maya",
            "name": "Maya",
            "mail": "maya@example.org",
            "roles": "lawyer king",
            "since": AT.isoformat(),
        }
        session.execute(insert(people).values(**row))
        return SqlStaff(session).get("maya")

    assert within(ready, act) == Person(
        id="maya", name="Maya", mail="maya@example.org", roles=frozenset({Role.LAWYER}), since=AT
    )


def test_of_what_somebody_typed_the_newest_are_kept_and_nothing_of_anybody_else_s_goes(ready):
    def keep(session):
        forms = SqlSentForms(session)
        for owner, number in [("maya", 1), ("ines", 0), ("maya", 0), ("maya", 2)]:
            ends_at = AT + timedelta(minutes=number)
            forms.add(SentForm(id=f"{owner}{number}", owner=owner, path="/new", fields=(), ends_at=ends_at))
        forms.keep_newest("maya", most=2)
        return [forms.get(each, owner=each[:4]) is not None for each in ("maya0", "maya1", "maya2", "ines0")]

    assert within(ready, keep) == [False, True, True, True]
