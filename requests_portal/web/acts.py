"""Every route declares its act; a view without one never gets as far as answering."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, Response, g, redirect, render_template, request, session, url_for

from requests_portal.model.actor import Act, Actor, Role
from requests_portal.web.portal import the_portal

P = ParamSpec("P")
R = TypeVar("R")

# What anybody may do, signed in or not.
OPEN = frozenset({Act.SIGN_IN, Act.READ_PUBLIC, Act.VERIFY_BUNDLE, Act.COLLECT})
NOBODY = Actor(id="nobody", name="", roles=frozenset())
# What is done in one's own name is asked of whoever is at the keyboard now, not of who sat there this morning.
FRESH = timedelta(minutes=10)
SIGNED_IN_AT = "signed_in_at"


def does(act: Act, *, fresh: bool = False) -> Callable[[Callable[P, R]], Callable[P, Any]]:
    """Declare a view's act: who may not do it is refused, who is not signed in is asked to.

    A fresh act is done by those alone who signed in within the last ten minutes; others sign in again and go on.
    """

    def declare(view: Callable[P, R]) -> Callable[P, Any]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
            if act not in OPEN:
                if person() is NOBODY:
                    return redirect(url_for("public.sign_in", next=request.full_path.rstrip("?")))
                person().must(act)
            if fresh and not signed_in_lately():
                return _asked_again()
            return view(*args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]
        return guarded

    return declare


def person() -> Actor:
    """Who is signed in; NOBODY where nobody is."""
    found: Actor = g.get("person", NOBODY)
    return found


def signed_in_lately() -> bool:
    """Whether the person signed in within the last ten minutes; a session that does not say so is an old one."""
    at = session.get(SIGNED_IN_AT)
    return at is not None and the_portal().now() - datetime.fromisoformat(at) <= FRESH


def note_sign_in() -> None:
    """Remember when the person signed in."""
    session[SIGNED_IN_AT] = the_portal().now().isoformat()


def _asked_again() -> tuple[str, int]:
    """A page that asks to sign in again, and carries what was sent, so that nothing is lost."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    page = render_template("public/sign_in_again.html", next=request.full_path.rstrip("?"), sent=sent)
    return page, 401


def is_staff() -> bool:
    """Whether a member of staff is signed in."""
    return bool(person().roles - {Role.CUSTOMER})


def check_every_route_declares_its_act(app: Flask) -> None:
    """Refuse to start with a route that declares no act."""
    silent = [rule.endpoint for rule in app.url_map.iter_rules() if not _declares(app, rule.endpoint)]
    if silent:
        raise RuntimeError(f"These routes declare no act: {', '.join(sorted(silent))}")


def _declares(app: Flask, endpoint: str) -> bool:
    return endpoint == "static" or hasattr(app.view_functions[endpoint], "act")


def see_other(endpoint: str, **values: Any) -> Response:
    """Redirect after a successful POST (303), so that a reload repeats nothing."""
    return redirect(url_for(endpoint, **values), code=303)  # type: ignore[return-value]
