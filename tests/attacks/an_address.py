"""For every route the real things that its address can name, as they stand to whoever asks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from a_casework import JUNIPER
from a_whole_desk import BUCKET, EVENING, NEW_HERE, STAFF, WAITS, Found, WholeDesk
from an_account import MARLOW
from werkzeug.routing import Rule

from requests_portal.model.actor import Actor

THEIRS, SEALED, ASTRAY, SOMEBODY_ELSE_S, SECRET = "theirs", "sealed", "of another", "somebody else's", "a demand"
NOBODY_S = Actor(id="nobody", name="", roles=frozenset())
NONE = "01900000-0000-7000-8000-000000000000"
NO_DIGEST = "0" * 64
NO_CASE = "LE-2026-9999"
# How far a request has to have come for an address to show something; the others are shown from the beginning.
STAGE = {
    "/requests/<reference>/approve": "decided",
    "/requests/<reference>/letter": "decided",
    "/requests/<reference>/letter.pdf": "decided",
    "/requests/<reference>/letters/": "decided",
    "/requests/<reference>/productions/<int:number>/certify": "gathered",
    "/requests/<reference>/productions/<int:number>/links": "released",
    "/requests/<reference>/productions/<int:number>/recall": "released",
    "/requests/<reference>/productions/": "offered",
}
# Where an empty form or an empty hand is answered like this even where something is, and why.
ANSWERS = {
    # There they are in the demonstration alone.
    "public.demo": 404,
    "public.sign_in_as": 404,
    "public.sign_in_again": 404,
    # The desk has no identity provider.
    "public.to_provider": 404,
    "public.from_provider": 403,
    # A browser that was asked nothing has nothing to answer.
    "public.with_passkey": 403,
    "me.add": 403,
    # The token that a machine brings, and the PIN of a link.
    "public.metrics": 401,
    "public.link_document": 401,
    "public.link_zip": 401,
    # The draft stands in the form.
    "intake.check_while_typing": 404,
}
# What a draft of one's own does not hold any more is taken out once more without a word: a double click is no refusal.
GONE_ALREADY = {("intake.remove_paper", ASTRAY): 303}
Values = dict[str, str]


@dataclass(frozen=True)
class Target:
    """An address, how what it names stands to the actor, and an address of the same form at which there is nothing."""

    how: str
    path: str
    nothing: str


class Unnamed(Exception):  # noqa: N818 — its sentence says what to do
    """A parameter of a route for which no real object is named here."""


def targets(desk: WholeDesk, rule: Rule, who: Actor) -> list[Target]:
    """What there is to ask for at a route."""
    if not rule.arguments:
        return [Target(THEIRS, rule.rule, rule.rule)]
    family = next((each for prefix, each in FAMILIES.items() if rule.rule.startswith(prefix)), None)
    if family is None:
        raise Unnamed(f"{rule.endpoint}: add the beginning of {rule.rule} to FAMILIES in tests/attacks/an_address.py.")
    found = []
    for how, values, nothing in family(desk, who, rule.rule):
        path, empty = filled(rule, values), filled(rule, nothing)
        # What differs in a parameter that the route does not have is the same address.
        if how == THEIRS or path not in {each.path for each in found}:
            found.append(Target(how, path, empty))
    return found


def theirs(desk: WholeDesk, rule: Rule, who: Actor) -> Values:
    """By what a route that names something names what is somebody's own."""
    family = next(each for prefix, each in FAMILIES.items() if rule.rule.startswith(prefix))
    return next(values for how, values, _ in family(desk, who, rule.rule) if how == THEIRS)


def filled(rule: Rule, values: Values) -> str:
    """The route's address with these things named in it."""
    path = rule.rule
    for name in rule.arguments - set(rule.defaults or ()):
        if name not in values:
            family = next(prefix for prefix in FAMILIES if rule.rule.startswith(prefix))
            raise Unnamed(
                f"{rule.endpoint}: {rule.rule} names a <{name}>. Give {FAMILIES[family].__name__} in "
                f"tests/attacks/an_address.py a real one that is theirs, one that is not, and one that is nothing."
            )
        path = path.replace(f"<int:{name}>", values[name]).replace(f"<{name}>", values[name])
    return path


def of_cases(desk: WholeDesk, _who: Actor, rule: str) -> Iterator[tuple[str, Values, Values]]:
    """A request, a sealed one, and things of another request under this one's address."""
    stage = next((each for beginning, each in STAGE.items() if rule.startswith(beginning)), "checked")
    open_, sealed = desk.open[stage], desk.sealed[stage]
    mine, theirs = _of_case(open_), _of_case(sealed)
    nothing = dict.fromkeys(mine, NONE) | {"sha256": NO_DIGEST, "number": "1", "page": "1", "volume": "1"}
    nothing |= {"kind": mine["kind"]}
    yield THEIRS, mine, nothing | {"reference": NO_CASE}
    yield SEALED, theirs, nothing | {"reference": NO_CASE}
    astray = theirs | {"recording_id": desk.neighbours, "reference": open_.reference}
    yield ASTRAY, astray, nothing | {"reference": open_.reference}


def _of_case(found: Found) -> Values:
    numbers = {"number": "1", "page": "1", "volume": "1"}
    return vars(found) | numbers | {"recording_id": EVENING, "kind": "acknowledgement"}


def of_holds(desk: WholeDesk, _who: Actor, _rule: str) -> Iterator[tuple[str, Values, Values]]:
    """A hold, and one of a sealed request."""
    nothing = {"hold_id": NONE}
    yield THEIRS, {"hold_id": desk.open["checked"].hold_id}, nothing
    yield SEALED, {"hold_id": desk.sealed["checked"].hold_id}, nothing


def of_drafts(desk: WholeDesk, who: Actor, _rule: str) -> Iterator[tuple[str, Values, Values]]:
    """A draft with its paper, a colleague's, and a colleague's paper under one's own."""
    (own, paper), (other, others) = desk.own(WholeDesk.a_draft, who), desk.own(WholeDesk.a_draft, desk.colleague)
    same = {"name": "person", "page": "1"}
    yield THEIRS, same | {"draft_id": own, "sha256": paper}, same | {"draft_id": NONE, "sha256": NO_DIGEST}
    yield SOMEBODY_ELSE_S, same | {"draft_id": other, "sha256": others}, same | {"draft_id": NONE, "sha256": others}
    yield ASTRAY, same | {"draft_id": own, "sha256": others}, same | {"draft_id": own, "sha256": NO_DIGEST}


def of_own_requests(desk: WholeDesk, _who: Actor, rule: str) -> Iterator[tuple[str, Values, Values]]:
    """A request of one's own, another customer's, and authorities' demands for one's own data."""
    nothing = {"reference": "DS-2026-9999", "kind": "bundle"}
    mine, others = (desk.asked, desk.others_asked) if not rule.endswith("/agent") else desk.asked_through
    yield THEIRS, nothing | {"reference": mine}, nothing
    yield SOMEBODY_ELSE_S, nothing | {"reference": others}, nothing
    yield SECRET, nothing | {"reference": desk.open["checked"].reference}, nothing | {"reference": NO_CASE}
    yield SECRET, nothing | {"reference": desk.sealed["released"].reference}, nothing | {"reference": NO_CASE}


def of_own_recordings(desk: WholeDesk, _who: Actor, _rule: str) -> Iterator[tuple[str, Values, Values]]:
    """A recording of one's own, and another customer's."""
    nothing = {"recording_id": "i-03149999"}
    yield THEIRS, {"recording_id": EVENING}, nothing
    yield SOMEBODY_ELSE_S, {"recording_id": desk.neighbours}, nothing


def of_own_notices(desk: WholeDesk, _who: Actor, _rule: str) -> Iterator[tuple[str, Values, Values]]:
    """A notice to oneself, and one to another customer."""
    nothing = {"notice_id": NONE}
    yield THEIRS, {"notice_id": desk.notices[JUNIPER.id]}, nothing
    yield SOMEBODY_ELSE_S, {"notice_id": desk.notices[MARLOW.id]}, nothing


def of_own_agents(desk: WholeDesk, _who: Actor, _rule: str) -> Iterator[tuple[str, Values, Values]]:
    """An agent whom one named oneself, and one whom another customer named."""
    nothing = {"agent_id": NONE}
    yield THEIRS, {"agent_id": desk.own(WholeDesk.an_agent, JUNIPER)}, nothing
    yield SOMEBODY_ELSE_S, {"agent_id": desk.own(WholeDesk.an_agent, MARLOW)}, nothing


def of_own(name: str, make: Callable[..., str]) -> "Family":
    """Something that everybody has of their own."""

    def family(desk: WholeDesk, who: Actor, _rule: str) -> Iterator[tuple[str, Values, Values]]:
        yield THEIRS, {name: desk.own(make, who)}, {name: NONE}
        yield SOMEBODY_ELSE_S, {name: desk.own(make, desk.colleague)}, {name: NONE}
        yield SOMEBODY_ELSE_S, {name: desk.own(make, MARLOW)}, {name: NONE}

    family.__name__ = f"of_own({name!r})"
    return family


def one(nothing: str = NONE, **what: Callable[[WholeDesk], str]) -> "Family":
    """What is there for everybody who may do the act."""

    def family(desk: WholeDesk, _who: Actor, _rule: str) -> Iterator[tuple[str, Values, Values]]:
        yield THEIRS, {name: find(desk) for name, find in what.items()}, dict.fromkeys(what, nothing)

    family.__name__ = f"one({', '.join(what)})"
    return family


def of_productions(desk: WholeDesk, _who: Actor, _rule: str) -> Iterator[tuple[str, Values, Values]]:
    """A production by its request's reference, and one of a sealed request."""
    for how, found in ((THEIRS, desk.open), (SEALED, desk.sealed)):
        values = {"reference": found["gathered"].reference, "number": "1"}
        yield how, values, values | {"reference": NO_CASE}


def of_links(desk: WholeDesk, _who: Actor, _rule: str) -> Iterator[tuple[str, Values, Values]]:
    """What was handed over."""
    yield THEIRS, {"token": desk.open["released"].token, "kind": "bundle"}, {"token": NONE, "kind": "bundle"}


Family = Callable[[WholeDesk, Actor, str], Iterator[tuple[str, Values, Values]]]
# The longer beginning stands first.
FAMILIES: dict[str, Family] = {
    "/requests/": of_cases,
    "/holds/": of_holds,
    "/new/": of_drafts,
    "/my/requests/": of_own_requests,
    "/my/recordings/": of_own_recordings,
    "/my/notices/": of_own_notices,
    "/my/agents/": of_own_agents,
    "/me/sessions/": of_own("session_id", WholeDesk.a_session),
    "/me/passkeys/": of_own("passkey_id", WholeDesk.a_passkey),
    "/sign-in/go-on/": of_own("form_id", WholeDesk.a_kept_form),
    "/sign-in/link/": one(token=lambda desk: desk.own(WholeDesk.a_first_link, NEW_HERE)),
    "/sign-in/provider/": one(whose=lambda _: "colleagues"),
    "/demo/": one(persona_id=lambda _: "maya"),
    "/people/waiting/": one(person_id=lambda _: WAITS.id),
    "/people/": one(person_id=lambda _: next(iter(STAFF.values())).id),
    "/agencies/changes/": one(change_id=lambda desk: desk.change),
    "/agencies/": one(agency_id=lambda desk: desk.agency),
    "/rules/standing-policy/": one(adoption_id=lambda desk: desk.policy()),
    "/rules/editions/": one(adoption_id=lambda desk: desk.edition()),
    "/alarms/": one(alarm_id=lambda desk: desk.alarm()),
    "/audit/": one("999999", index=lambda _: "3"),
    "/operations/buckets/": one(name=lambda _: BUCKET),
    "/operations/": of_productions,
    "/d/": of_links,
}
