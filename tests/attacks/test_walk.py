"""Every role at every route with every method, on what is theirs, somebody else's, sealed, and not there at all."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest
from a_walker import KeptDesk, Walker
from a_whole_desk import NAMED, ROLES
from an_address import ANSWERS, GONE_ALREADY, NOBODY_S, SEALED, THEIRS, Target, Unnamed, targets

from requests_portal.model.actor import NO_PERSON, Act, Actor, Role, Whose
from requests_portal.web.acts import OPEN

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PEOPLE = {str(role): who for role, who in ROLES.items()} | {f"{role}, named": who for role, who in NAMED.items()}
SIGN_IN, AGAIN, NOT_YOURS, NOT_THERE, NOT_SO = 302, 401, 403, 404, 405
SHOWN, FAULT = frozenset({200, 302, 303}), 500
# It leads everybody to their own first page.
HOME = "/"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = KeptDesk(tmp_path_factory.mktemp("desk"))
    yield made
    made.engine.dispose()


@dataclass(frozen=True)
class Route:
    """An address and method as the application has it, with the act it declares."""

    rule: object
    method: str
    act: Act
    fresh: bool

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} ({self.rule.endpoint}: {self.act})"


def routes(desk) -> list[Route]:
    """Every route that the application has."""
    found = []
    for rule in desk.app.url_map.iter_rules():
        if rule.endpoint != "static":
            view = desk.app.view_functions[rule.endpoint]
            found += [Route(rule, method, view.act, view.fresh) for method in METHODS if method in rule.methods]
    return sorted(found, key=str)


def everything(desk, who) -> list[tuple[Route, Target]]:
    """Every route with everything there is to ask for at it, as it stands to somebody."""
    return [(route, target) for route in routes(desk) for target in targets(desk, route.rule, who)]


def is_refused(route: Route, who: Actor) -> bool:
    """Whether the table gives the route's act to none of somebody's roles."""
    return route.act not in OPEN and not who.may(route.act) and route.rule.rule != HOME


def is_hidden(route: Route, target: Target, who: Actor) -> bool:
    """Whether the target does not exist for somebody who may do the act."""
    if route.act in OPEN:
        return False
    if target.how == SEALED:
        return who not in NAMED.values() or not who.may(route.act, Whose.SEALED)
    return target.how != THEIRS


def is_let_through(route: Route, status: int) -> bool:
    """Whether the answer is that to somebody who may: a page, or what there is to say to an empty form."""
    if route.rule.endpoint in ANSWERS:
        return status == ANSWERS[route.rule.endpoint]
    if route.method == "GET":
        return status in SHOWN
    return status not in {AGAIN, NOT_YOURS, NOT_THERE, NOT_SO} and status < FAULT


def told(route: Route, target: Target, answer, nothing, due: int) -> list[str]:
    """What is wrong with an answer that ought to be that to what is not there."""
    seen, empty = answer.without(target.path), nothing.without(target.nothing)
    if answer.status != due:
        return [f"{route}, {target.how}: the answer is {answer.status} where the table says {due}."]
    if seen != empty:
        names = ("status", "headers", "body", "number of questions to the tables")
        differ = [
            f"{name}: {a!r:.1500}\n     not {b!r:.1500}"
            for name, a, b in zip(names, seen, empty, strict=True)
            if a != b
        ]
        return [f"{route}, {target.how}: it reads otherwise than what is not there.\n  " + "\n  ".join(differ)]
    return []


def counted(desk) -> Counter:
    """By whom, for which act, at which page and with which answer something was refused, and how often."""
    found = desk.act(lambda work: work.refusals.take_all())
    return Counter({(r.attempt.actor, r.attempt.act, r.attempt.page, r.attempt.status): r.times for r in found})


def test_every_role_walks():
    assert set(ROLES) == set(Role) - NO_PERSON, "Give the new role somebody in ROLES of tests/attacks/a_whole_desk.py."


def test_every_address_names_something_real(desk):
    missing = []
    for route in routes(desk):
        try:
            targets(desk, route.rule, NOBODY_S)
        except Unnamed as unnamed:
            missing.append(str(unnamed))

    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("role", ROLES)
def test_what_the_table_does_not_allow_is_refused_alike_whatever_it_names_and_is_counted(desk, role):
    who, wrong, expected = ROLES[role], [], Counter()
    tried = [(route, target) for route, target in everything(desk, who) if is_refused(route, who)]
    walker, before = Walker(desk, who), list(desk.rows())
    counted(desk)

    for route, target in tried:
        answer, (nothing, times) = walker.ask(route.method, target.path), walker.ask_once(route.method, target.nothing)
        wrong += told(route, target, answer, nothing, NOT_YOURS)
        expected[who.id, str(route.act), route.rule.endpoint, NOT_YOURS] += 1 + times

    assert not wrong, "\n".join(wrong)
    assert set(desk.rows()) - set(before) == set()
    assert counted(desk) == expected


def test_who_is_not_signed_in_is_asked_to_and_told_nothing(desk):
    tried = [(route, target) for route, target in everything(desk, NOBODY_S) if route.act not in OPEN]
    walker, before, wrong, expected = Walker(desk, NOBODY_S, signed_in=False), list(desk.rows()), [], Counter()
    counted(desk)

    for route, target in tried:
        answer, (nothing, times) = walker.ask(route.method, target.path), walker.ask_once(route.method, target.nothing)
        wrong += told(route, target, answer, nothing, SIGN_IN)
        if route.method != "GET":
            expected["nobody", str(route.act), route.rule.endpoint, AGAIN] += 1 + times
        if not dict(answer.headers).get("Location", "").startswith("/sign-in?next="):
            wrong.append(f"{route}, {target.how}: nobody is asked to sign in.")

    assert not wrong, "\n".join(wrong)
    assert list(desk.rows()) == before
    assert counted(desk) == expected


@pytest.mark.parametrize("name", PEOPLE)
def test_what_is_not_theirs_reads_like_what_is_not_there_and_is_counted(desk, name):
    who, wrong, expected = PEOPLE[name], [], Counter()
    tried = [
        (route, target)
        for route, target in everything(desk, who)
        if who.may(route.act) and is_hidden(route, target, who)
    ]
    walker, before = Walker(desk, who), list(desk.rows())
    counted(desk)

    for route, target in tried:
        due = GONE_ALREADY.get((route.rule.endpoint, target.how), NOT_THERE)
        for method in (route.method, *(["HEAD"] if route.method == "GET" else [])):
            answer, (nothing, times) = walker.ask(method, target.path), walker.ask_once(method, target.nothing)
            wrong += told(route, target, answer, nothing, due)
            expected[who.id, str(route.act), route.rule.endpoint, due] += 1 + times if due == NOT_THERE else 0

    assert not wrong, "\n".join(wrong)
    assert list(desk.rows()) == before
    assert counted(desk) == expected


@pytest.mark.parametrize("name", PEOPLE)
def test_what_the_table_allows_is_done_or_refused_for_another_reason(desk, name):
    who, wrong = PEOPLE[name], []
    tried = [
        (route, target)
        for route, target in everything(desk, who)
        if who.may(route.act) and not is_hidden(route, target, who)
    ]
    walker = Walker(desk, who)
    desk.keep()

    for route, target in tried:
        ask = walker.ask if route.method == "GET" else walker.ask_and_undo
        answer = ask(route.method, target.path)
        if not is_let_through(route, answer.status):
            wrong.append(
                f"{route}, {target.how}: the table lets them, and the answer is {answer.status}. Where something "
                f"has to have happened first, see STAGE and ANSWERS in tests/attacks/an_address.py."
            )

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_what_counts_asks_anew_who_is_there_and_tells_a_thief_nothing(desk, role):
    who, wrong = ROLES[role], []
    tried = [(route, target) for route, target in everything(desk, who) if route.fresh and who.may(route.act)]
    walker = Walker(desk, who, auth_at=desk.now - timedelta(minutes=11))
    expected = Counter()
    counted(desk)

    for route, target in tried:
        answer, (nothing, times) = walker.ask(route.method, target.path), walker.ask_once(route.method, target.nothing)
        expected[who.id, str(route.act), route.rule.endpoint, AGAIN] += 1 + times
        if (answer.status, nothing.status) != (AGAIN, AGAIN) or b"Sign in again" not in answer.body:
            wrong.append(f"{route}, {target.how}: {answer.status}, and where nothing is {nothing.status}")

    assert not wrong, "\n".join(wrong)
    assert counted(desk) == expected


@pytest.mark.parametrize("role", [Role.LAWYER, None])
def test_a_method_that_a_route_does_not_take_is_refused(desk, role):
    who, wrong, taken = ROLES.get(role, NOBODY_S), [], {}
    walker = Walker(desk, who, signed_in=role is not None)
    for route, target in everything(desk, who):
        if target.how == THEIRS:
            taken.setdefault(target.path, set()).add(route.method)

    for path, methods in taken.items():
        for method in set(METHODS) - {"GET"} - methods:
            status = walker.ask(method, path).status
            if status != NOT_SO:
                wrong.append(f"{method} {path}: {status}")

    assert not wrong, "\n".join(wrong)
