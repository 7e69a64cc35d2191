"""Every address of the portal with its method, its audience and the act it declares."""

from dataclasses import dataclass

from flask import Flask

from requests_portal.model.actor import ALLOWED, NO_PERSON, Act, Role
from requests_portal.web.acts import OPEN
from requests_portal.web.application import add_pages

# What Flask answers by itself, from the route's GET.
IMPLIED = frozenset({"HEAD", "OPTIONS"})


@dataclass(frozen=True, kw_only=True)
class Route:
    """One address and method: whom it is for, the act that is asked of them, and whether only who signed in lately."""

    method: str
    route: str
    audience: str
    act: Act
    fresh: bool
    roles: tuple[Role, ...]


def routes() -> list[Route]:
    """Every route but the one of style and scripts, by address and method."""
    app = Flask(__name__, static_folder=None)
    add_pages(app)
    found = [
        _route(method, rule.rule, app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - IMPLIED
    ]
    return sorted(found, key=lambda each: (each.route, each.method))


def _route(method: str, route: str, view: object) -> Route:
    act: Act = view.act  # type: ignore[attr-defined]
    fresh: bool = view.fresh  # type: ignore[attr-defined]
    roles = tuple(role for role in Role if role in ALLOWED[act] and role not in NO_PERSON)
    return Route(method=method, route=route, audience=_audience(act, roles), act=act, fresh=fresh, roles=roles)


def _audience(act: Act, roles: tuple[Role, ...]) -> str:
    if act in OPEN:
        return "anybody"
    if Role.CUSTOMER not in roles:
        return "staff"
    return "customer" if roles == (Role.CUSTOMER,) else "signed in"
