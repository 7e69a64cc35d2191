"""The review of a case's recordings: listed, heard under a grant, and their parts marked to be silenced.

Who reviews sees a random id and never the customer's name or account.
"""

from collections.abc import Iterator

from flask import Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from requests_portal.bundle.rendition import MEDIA_TYPE
from requests_portal.bundle.sound import Sound, Unreadable
from requests_portal.errors import Conflict, Forbidden, Unusable
from requests_portal.model.actor import Act
from requests_portal.model.case import Case
from requests_portal.model.digest import digest_of
from requests_portal.model.listening import Grant, Purpose
from requests_portal.model.silence import as_digested
from requests_portal.model.transcript import TranscriptNote
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk import hearing, review_words, wording
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import crumbs, the_case
from requests_portal.web.desk.schema import ListeningSchema
from requests_portal.web.desk.silence_form import SilenceForm, kept_rows, read
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.web.public.streaming import Window, file_response
from requests_portal.work import listen as listening
from requests_portal.work import mark_up
from requests_portal.work.selection import silences_that_stand
from requests_portal.work.silence import may_mark
from requests_portal.work.views.review import SHOWN, RecordingPage
from requests_portal.work.waveform import known, waveform

MOVED = "Somebody else changed what is marked on this recording. Look at it again before you change it."


@pages.get("/requests/<reference>/recordings")
@does(Act.READ_RECORDINGS)
def recordings(reference: str) -> str:
    """The recordings that the decision or the proposal lets leave or withholds, with what is marked on them."""
    portal, by = the_portal(), person()
    found = portal.desk.recordings(reference, show=_shown(), page=request.args.get("page", 1, type=int), by=by)
    rows = [review_words.row(each, known(portal.outside, each.recording)) for each in found.rows]
    return render_template(
        "recordings.html",
        case=found.case,
        crumbs=_crumbs(found.case),
        **hearing.asked_of(found.case),
        found=found,
        rows=rows,
        pills=[
            (
                words,
                found.counts[name],
                url_for("casework.recordings", reference=reference, show=name),
                name == found.show,
            )
            for name, words in review_words.SHOWN.items()
        ],
        silenced=review_words.silenced(silences_that_stand(found.case)),
        decided=found.case.decision is not None,
        may_propose=by.may(Act.DECIDE) and may_mark(found.case),
        told=review_words.proposed(request.args),
        shown=f"Showing {found.first} to {found.last} of {display.count(found.total, 'recording')}",
        previous_url=_list(reference, found.show, found.page - 1) if found.page > 1 else None,
        next_url=_list(reference, found.show, found.page + 1) if found.page < found.pages else None,
    )


@pages.post("/requests/<reference>/recordings/propose")
@does(Act.DECIDE)
def propose_silences(reference: str) -> AnyResponse:
    """Mark what the speaker marks say, on one recording or on all that are listed."""
    portal, by, show = the_portal(), person(), request.form.get("show", "all")
    one = request.form.get("recording")
    page = portal.desk.recording(reference, one, show=show, by=by) if one else None
    listed = [page.row.recording] if page else portal.desk.reviewed(reference, show=show, by=by)
    with portal.outside.unit_of_work() as work:
        done = mark_up.propose(work, the_case(work, reference).id, listed, by=by)
    told = {"recordings": done.recordings, "parts": done.parts, "unknown": done.not_established}
    if one and request.form.get("back") == "recording":
        return see_other("casework.recording", reference=reference, recording_id=one, show=show, **told)
    return see_other("casework.recordings", reference=reference, show=show, **told)


@pages.get("/requests/<reference>/recordings/<recording_id>")
@does(Act.READ_RECORDINGS)
def recording(reference: str, recording_id: str) -> str:
    """One recording: its waveform, who speaks when, what is to be silenced; its sound and words under a grant."""
    found = _found(reference, recording_id)
    return _page(found, kept_rows(found.row.silences), {}, {})


@pages.post("/requests/<reference>/recordings/<recording_id>/silences")
@does(Act.DECIDE)
def set_silences(reference: str, recording_id: str) -> AnyResponse | tuple[str, int]:
    """Keep the parts as they are in the form, without the one that was removed; or undo the last change."""
    found, by = _found(reference, recording_id), person()
    outside = the_portal().outside
    if request.form.get("undo"):
        with outside.unit_of_work() as work:
            mark_up.undo(work, found.case.id, recording_id, by=by)
        return _back(found)
    if request.form.get("seen") != _seen(found):
        raise Conflict(MOVED)
    sound = waveform(outside, found.row.recording)
    form = read(request.form, recording_id, seconds=sound.seconds if isinstance(sound, Sound) else None)
    if form.errors:
        return _page(found, form, form.errors, {}), 422
    with outside.unit_of_work() as work:
        mark_up.change(work, found.case.id, {recording_id: form.silences}, by=by)
    return _back(found)


@pages.post("/requests/<reference>/recordings/<recording_id>/listen")
@does(Act.LISTEN, fresh=True)
def listen(reference: str, recording_id: str) -> AnyResponse | tuple[str, int]:
    """Grant oneself to hear one recording for this case and a purpose; the grant is on record for good."""
    values = typed(ListeningSchema(), request.form)
    said, errors = loaded(ListeningSchema(), values)
    found = _found(reference, recording_id)
    if errors:
        return _page(found, kept_rows(found.row.silences), errors, values), 422
    purpose, words = Purpose(said["purpose"]), said.get("words", "")
    with the_portal().outside.unit_of_work() as work:
        listening.grant(work, found.case.id, recording_id, purpose=purpose, words=words, by=person())
    return _back(found, anchor="sound")


@pages.get("/requests/<reference>/recordings/<recording_id>/audio")
@does(Act.LISTEN)
def audio(reference: str, recording_id: str) -> Response:
    """The sound, whole or a range, under one's own live grant; each span is on record before it is sent."""
    outside, by = the_portal().outside, person()
    with outside.reading() as work:
        case = work.cases.to_hear_by_reference(reference, by=by)
        found = listening.of_case(work, case, recording_id)
        if listening.live_grant(work, case, found, by=by) is None:
            raise Forbidden(listening.NO_GRANT)
        listening.check_day(work, by=by)
    made = listening.opened(outside, found)
    if isinstance(made, Unreadable):
        raise Unusable(made.reason)

    def chunks(part: Window) -> Iterator[bytes]:
        return listening.hear(outside, case.id, found.id, made, start=part.start, end=part.end, by=by)

    return file_response(chunks, size=made.size, sha256=found.sha256, media_type=MEDIA_TYPE)


def _found(reference: str, recording_id: str) -> RecordingPage:
    return the_portal().desk.recording(reference, recording_id, show=_shown(), by=person())


def _shown() -> str:
    asked = request.values.get("show", "all")
    return asked if asked in SHOWN else "all"


def _list(reference: str, show: str, page: int) -> str:
    return url_for("casework.recordings", reference=reference, show=show, page=page)


def _back(found: RecordingPage, anchor: str = "silences") -> AnyResponse:
    where = {"reference": found.case.reference, "recording_id": found.row.recording.id}
    return see_other("casework.recording", **where, show=_shown(), _anchor=anchor)


def _seen(found: RecordingPage) -> str:
    return digest_of(as_digested(found.row.silences))


def _grant(found: RecordingPage) -> Grant | None:
    with the_portal().outside.reading() as work:
        return listening.live_grant(work, found.case, found.row.recording, by=person())


def _own_words(recording_id: str) -> TranscriptNote | None:
    """How its customer says that the transcript should read; whoever may not hear the recording reads neither."""
    with the_portal().outside.reading() as work:
        return work.transcript_notes.of([recording_id]).get(recording_id)


def _may_be_heard(found: RecordingPage) -> bool:
    with the_portal().outside.reading() as work:
        return listening.may_be_heard(work, found.case)


def _crumbs(case: Case) -> list[tuple[str, str | None]]:
    """The way back: for a reviewer, who sees nothing else of the case, to what is to be heard."""
    if person().may(Act.READ_CASE):
        return crumbs(case)
    return [("To hear", url_for("casework.hearings"))]


def _page(found: RecordingPage, form: SilenceForm, errors: Errors, asked: Typed) -> str:
    portal, by, recording = the_portal(), person(), found.row.recording
    sound = waveform(portal.outside, recording)
    given = _grant(found)
    note = _own_words(recording.id) if given else None
    base = url_for("casework.recording", reference=found.case.reference, recording_id=recording.id)
    return render_template(
        "recording.html",
        case=found.case,
        crumbs=[*_crumbs(found.case), ("Recordings", _list(found.case.reference, _shown(), 1))],
        found=found,
        base=base,
        may_be_heard=_may_be_heard(found),
        list_url=f"/requests/{found.case.reference}/recordings",
        show=_shown(),
        recording=recording,
        facts=review_words.facts(found, sound),
        drawn=review_words.drawn(found.row, sound),
        unreadable=sound.reason if isinstance(sound, Unreadable) else "",
        form=form,
        seen=_seen(found),
        reasons=wording.SILENCE_REASONS,
        may_mark=by.may(Act.DECIDE) and may_mark(found.case),
        decided=found.case.decision is not None,
        told=review_words.proposed(request.args),
        grant=review_words.granted(given, portal) if given else None,
        note=note,
        note_as=review_words.own_words(note, recording) if note else "",
        may_listen=by.may(Act.LISTEN) and isinstance(sound, Sound),
        purposes=[(name, words, "") for name, words in wording.PURPOSES.items()],
        asked=asked,
        neighbours=_neighbours(found),
        errors=errors,
        summary={name: [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
    )


def _neighbours(found: RecordingPage) -> list[tuple[str, str]]:
    named = (("Previous recording", found.previous), ("Next recording", found.following))
    reference = found.case.reference
    return [
        (words, url_for("casework.recording", reference=reference, recording_id=each, show=_shown()))
        for words, each in named
        if each
    ]
