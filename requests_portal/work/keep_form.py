"""Keep a form: what was typed waits on the server for its author to sign in afresh."""

from collections.abc import Iterable
from datetime import timedelta

from requests_portal.errors import NotFound
from requests_portal.model.actor import Actor
from requests_portal.model.session import SentForm
from requests_portal.work.ports import Work

WAITS = timedelta(minutes=30)
MOST = 5
NO_SUCH_FORM = "What you sent is no longer here. Go back to the page and fill it in again."


def keep_form(work: Work, path: str, fields: Iterable[tuple[str, str]], *, by: Actor) -> str:
    """Keep what was sent to an address, as one of its author's newest; returns by which number they find it again."""
    at = work.now()
    work.sent_forms.clear(ended_before=at)
    form = SentForm(id=work.new_id(), owner=by.id, path=path, fields=tuple(fields), ends_at=at + WAITS)
    work.sent_forms.add(form)
    work.sent_forms.keep_newest(by.id, most=MOST)
    return form.id


def kept_form(work: Work, form_id: str, *, by: Actor) -> SentForm:
    """What the actor sent and that waits; nobody else's."""
    found = work.sent_forms.get(form_id, owner=by.id)
    if found is None or found.ends_at <= work.now():
        raise NotFound(NO_SUCH_FORM)
    return found
