"""Every route declares its act; a view without one never gets as far as answering."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, current_app, g, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from requests_portal.model.actor import Act, Actor, Role
from requests_portal.web.portal import the_portal
from requests_portal.web.signed_in import ENROLMENT, current, is_fresh, who_ran_out
from requests_portal.work.keep_form import keep_form

P = ParamSpec("P")
R = TypeVar("R")

# What anybody may do, signed in or not.
OPEN = frozenset({Act.SIGN_IN, Act.READ_PUBLIC, Act.VERIFY_BUNDLE, Act.COLLECT})
# What somebody may do who came by an enrolment link and has no passkey yet.
ENROLLING = frozenset({Act.ENROL_PASSKEY, Act.READ_SESSIONS, Act.END_SESSION})
# The field that names what waited on the server for its author to sign in afresh.
KEPT = "kept_form"
NOBODY = Actor(id="nobody", name="", roles=frozenset())


class NotSignedIn(Exception):  # noqa: N818 — it is answered with the way to sign in
    """Nobody is signed in, and the page is not for anybody; `next` is where to go on afterwards."""

    def __init__(self, going_on: str) -> None:
        super().__init__("Sign in first.")
        self.next = going_on


class NotFresh(Exception):  # noqa: N818 — it is answered with a page that asks to sign in again
    """Whoever is signed in showed too long ago who they are; `page` asks them to show it again."""

    def __init__(self, page: str) -> None:
        super().__init__("Sign in again.")
        self.page = page


def does(act: Act, *, fresh: bool = False) -> Callable[[Callable[P, R]], Callable[P, Any]]:
    """Declare a view's act: who may not do it is refused, who is not signed in is asked to.

    A fresh act is done by those alone who signed in within the last ten minutes; others sign in again and go on.
    """

    def declare(view: Callable[P, R]) -> Callable[P, Any]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
            if act not in OPEN:
                if person() is NOBODY:
                    raise NotSignedIn(_goes_on(_who_typed(), act))
                if current().how == ENROLMENT and act not in ENROLLING:
                    return redirect(url_for("me.passkeys"))
                g.person = person().must(act)
            if fresh and not is_fresh():
                raise NotFresh(_asking_again(act))
            _forget_kept()
            return view(*args, **kwargs)

        guarded.act, guarded.fresh = act, fresh  # type: ignore[attr-defined]
        return guarded

    return declare


def person() -> Actor:
    """Who is signed in; NOBODY where nobody is."""
    found: Actor = g.get("person", NOBODY)
    return found


def _asking_again(act: Act) -> str:
    """A page that asks to sign in again; what was typed waits on the server, and a file is asked for once more."""
    audience, back, file_lost = "desk" if is_staff() else "customer", _back(), _brings_a_file()
    go_on = _goes_on(person(), act)
    return render_template("public/sign_in_again.html", next=go_on, back=back, file_lost=file_lost, audience=audience)


def _who_typed() -> Actor | None:
    return who_ran_out() if request.method == "POST" else None


def _brings_a_file() -> bool:
    return any(each.filename for _, each in request.files.items(multi=True))


def _goes_on(author: Actor | None, act: Act) -> str:
    """The address that was asked for; of what was typed, the one where it waits until its author has signed in."""
    path = request.full_path.rstrip("?")
    if request.method != "POST":
        return path
    # Without its file a form would say something else than was meant; and what a page asks by itself nobody typed.
    if author is None or not author.may(act) or _brings_a_file() or "X-Fragment" in request.headers:
        return _back()
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in {"csrf_token", KEPT}]
    with the_portal().outside.unit_of_work() as work:
        return url_for("public.go_on", form_id=keep_form(work, path, sent, by=author))


def _forget_kept() -> None:
    """Throw away what waited for this sign-in, now that it is sent."""
    if KEPT in request.form:
        with the_portal().outside.unit_of_work() as work:
            work.sent_forms.remove(request.form[KEPT], owner=person().id)


def _back() -> str:
    """The page of ours on which the form stood, or the first page."""
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host:
        return "/"
    if _is_a_page(came.path):
        return urlunsplit(("", "", came.path, came.query, ""))
    # A form that was shown once more with what is wrong in it stands at the address that it is sent to.
    page = came.path.rpartition("/")[0]
    return page if _is_a_page(page) else "/"


def _is_a_page(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return False
    return True


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
