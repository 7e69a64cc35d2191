"""Intake: a request is typed in step by step, checked while it is typed, and filed once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, request, url_for
from marshmallow import fields
from werkzeug.wrappers import Response as WerkzeugResponse

from requests_portal.errors import NotFound
from requests_portal.model.actor import Act
from requests_portal.model.case import Case, Track
from requests_portal.model.papers import Paper, PaperState
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk import papers as paper_pages
from requests_portal.web.desk.intake_check import ScopeCheck, scope_check
from requests_portal.web.desk.intake_draft import Draft, get_draft, my_drafts, put_draft
from requests_portal.web.desk.intake_facts import Clocks, filing, read, read_all
from requests_portal.web.desk.intake_fields import shown
from requests_portal.web.desk.intake_schema import Step
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work.ports import Work
from requests_portal.work.receive import receive

pages = Blueprint("intake", __name__)
pages.register_blueprint(paper_pages.pages)

Answer = str | tuple[str, int] | Response | WerkzeugResponse
KINDS = (
    (str(Track.LEGAL_DEMAND), "A demand by an authority or party", "A warrant, order, subpoena or letter"),
    (str(Track.DATA_SUBJECT), "A person asks about their own data", "By post, telephone, e-mail or fax"),
)
NAMES = {Track.LEGAL_DEMAND: "New legal demand", Track.DATA_SUBJECT: "New request about a person's own data"}

# A form opened from the check page leads back there.
BACK: dict[str, Any] = {"return": "check"}


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form as its page shows it: the fields, what was typed, and what is wrong with it."""

    fields: Mapping[str, fields.Field[Any]]
    typed: Typed
    errors: Errors

    @property
    def summary(self) -> dict[str, list[str]]:
        """The errors in the order of the page."""
        return {name: [self.errors[name]] for name in self.fields if name in self.errors}

    def options(self, name: str) -> list[tuple[str, str, str]]:
        """A field's choices as the components take them: value, words, no hint."""
        return [(value, words, "") for value, words in self.fields[name].metadata["choices"]]

    def touches(self, *names: str) -> bool:
        """Whether any of these fields holds or lacks something, so that it must not be folded away."""
        return any(name in self.typed or name in self.errors for name in names)


@dataclass(frozen=True, kw_only=True)
class Task:
    """One line of the task list."""

    title: str
    url: str | None
    hint: str
    state: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One question with what was answered, and where to change it."""

    question: str
    answers: list[str]
    change_url: str | None


@pages.get("/new")
@does(Act.FILE_DEMAND)
def start() -> str:
    """What kind of request it is, and the drafts that wait."""
    return _start_page(error="")


@pages.post("/new")
@does(Act.FILE_DEMAND)
def begin() -> Answer:
    """Begin a draft of one kind."""
    portal, kind = the_portal(), request.form.get("track", "")
    if kind not in set(Track):
        return _start_page(error="Choose what kind of request it is"), 422
    draft = Draft(id=portal.new_id(), track=Track(kind))
    with portal.outside.unit_of_work() as work:
        put_draft(work, draft, by=person())
    return see_other("intake.step", draft_id=draft.id, name=draft.steps[0].name)


@pages.post("/new/check")
@does(Act.FILE_DEMAND)
def check_while_typing() -> str:
    """The scope check of a form as it stands; nothing is written."""
    with the_portal().outside.reading() as work:
        draft = get_draft(work, request.form.get("draft", ""), by=person())
        step = _step(draft, request.form.get("step", ""))
        draft = draft.answered(step, typed(step.schema(), request.form))
        return render_template("new/findings.html", check=_check(work, draft))


@pages.get("/new/<draft_id>")
@does(Act.FILE_DEMAND)
def tasks(draft_id: str) -> str:
    """What is done of a draft and what is left."""
    with the_portal().outside.reading() as work:
        draft = get_draft(work, draft_id, by=person())
        states = [_state(work, draft, step) for step in draft.steps]
    return render_template(
        "new/tasks.html", draft=draft, kind=NAMES[draft.track], tasks=_task_list(draft, states), complete=all(states)
    )


@pages.post("/new/<draft_id>/remove")
@does(Act.FILE_DEMAND)
def throw_away(draft_id: str) -> Response:
    """Throw a draft away; stored papers stay in the vault."""
    with the_portal().outside.unit_of_work() as work:
        work.drafts.remove(draft_id, by=person())
    return see_other("intake.start")


@pages.get("/new/<draft_id>/<name>")
@does(Act.FILE_DEMAND)
def step(draft_id: str, name: str) -> str:
    """One form of a draft."""
    with the_portal().outside.reading() as work:
        draft = get_draft(work, draft_id, by=person())
        return _step_page(work, draft, _step(draft, name), errors={})


@pages.post("/new/<draft_id>/<name>")
@does(Act.FILE_DEMAND)
def keep(draft_id: str, name: str) -> Answer:
    """Keep what was typed into one form, or say beside each field what is wrong with it."""
    saving = "save" in request.form
    with the_portal().outside.unit_of_work() as work:
        draft = get_draft(work, draft_id, by=person())
        step = _step(draft, name)
        raw = typed(step.schema(), request.form)
        draft = draft.answered(step, raw)
        errors = loaded(step.schema(), raw, partial=True)[1] if saving else read(step, raw, _clocks(), work).errors
        if errors:
            return _step_page(work, draft, step, errors=errors), 422
        put_draft(work, draft, by=person())
    return see_other("intake.start") if saving else _onwards(draft, step)


@pages.get("/new/<draft_id>/papers")
@does(Act.FILE_DEMAND)
def papers(draft_id: str) -> str:
    """The papers of a draft, with a form to add more."""
    with the_portal().outside.reading() as work:
        return _papers_page(work, get_draft(work, draft_id, by=person()), error="")


@pages.post("/new/<draft_id>/papers")
@does(Act.FILE_DEMAND)
def add_papers(draft_id: str) -> Answer:
    """Take papers into a draft; each is stored and looked at before the draft names it."""
    portal = the_portal()
    with portal.outside.reading() as work:
        get_draft(work, draft_id, by=person())
    taken = paper_pages.take_papers(portal)
    with portal.outside.unit_of_work() as work:
        draft = get_draft(work, draft_id, by=person()).with_papers(taken.papers)
        if taken.papers:
            put_draft(work, draft, by=person())
        if taken.error:
            return _papers_page(work, draft, error=taken.error), taken.status
    return see_other("intake.papers", draft_id=draft_id, **_return())


@pages.post("/new/<draft_id>/papers/<sha256>/remove")
@does(Act.FILE_DEMAND)
def remove_paper(draft_id: str, sha256: str) -> Response:
    """Take a paper out of a draft."""
    with the_portal().outside.unit_of_work() as work:
        put_draft(work, get_draft(work, draft_id, by=person()).without_paper(sha256), by=person())
    return see_other("intake.papers", draft_id=draft_id, **_return())


@pages.get("/new/<draft_id>/papers/<sha256>")
@does(Act.FILE_DEMAND)
def draft_paper(draft_id: str, sha256: str) -> str:
    """One paper of a draft, page by page, or why it is not shown."""
    return render_template(
        "new/paper.html",
        **paper_pages.described(_draft_paper(draft_id, sha256)),
        trail=[("New request", url_for(".start")), ("Papers", url_for(".papers", draft_id=draft_id))],
        picture_url=partial(url_for, ".draft_paper_page", draft_id=draft_id, sha256=sha256),
    )


@pages.get("/new/<draft_id>/papers/<sha256>/<int:page>.png")
@does(Act.FILE_DEMAND)
def draft_paper_page(draft_id: str, sha256: str, page: int) -> Response:
    """One page of a draft's paper as a picture."""
    return paper_pages.picture(_draft_paper(draft_id, sha256), page)


@pages.get("/new/<draft_id>/check")
@does(Act.FILE_DEMAND)
def check(draft_id: str) -> Answer:
    """Every answer once more before filing; an unfinished draft goes back to its task list."""
    with the_portal().outside.reading() as work:
        draft = get_draft(work, draft_id, by=person())
        if not all(_state(work, draft, step) for step in draft.steps):
            return see_other("intake.tasks", draft_id=draft_id)
        return _check_page(work, draft)


@pages.post("/new/<draft_id>/check")
@does(Act.FILE_DEMAND)
def file_request(draft_id: str) -> Answer:
    """File the request and throw its draft away, in one transaction: a second press finds no draft."""
    with the_portal().outside.unit_of_work() as work:
        draft = get_draft(work, draft_id, by=person())
        for step in draft.steps:
            if not _state(work, draft, step):
                errors = read(step, draft.answers.get(step.name, {}), _clocks(), work).errors
                return _step_page(work, draft, step, errors=errors), 422
        case = _filed(work, draft)
        work.drafts.remove(draft.id, by=person())
    return redirect(f"/requests/{case.reference}", code=303)


def _filed(work: Work, draft: Draft) -> Case:
    values = read_all(draft.track, draft.answers, _clocks(), work).values
    return receive(work, filing(draft.track, values, draft.papers, _clocks(), work), by=person())


def _clocks() -> Clocks:
    portal = the_portal()
    return Clocks(now=portal.now(), desk=ZoneInfo(portal.zone))


def _step(draft: Draft, name: str) -> Step:
    for step in draft.steps:
        if step.name == name:
            return step
    raise NotFound("This draft has no such page. Go back to its task list.")


def _state(work: Work, draft: Draft, step: Step) -> bool:
    """Whether a step has been answered and nothing is wrong with it."""
    raw = draft.answers.get(step.name)
    return raw is not None and not read(step, raw, _clocks(), work).errors


def _draft_paper(draft_id: str, sha256: str) -> Paper:
    with the_portal().outside.reading() as work:
        return paper_pages.find_paper(get_draft(work, draft_id, by=person()).papers, sha256)


def _check(work: Work, draft: Draft, *, closed: bool = False) -> ScopeCheck:
    values = read_all(draft.track, draft.answers, _clocks(), work).values
    return scope_check(draft.track, values, _clocks(), work, closed=closed)


def _return() -> dict[str, Any]:
    """Whether the person came from the check page, as a query that leads back there."""
    return BACK if request.args.get("return") == "check" else {}


def _onwards(draft: Draft, step: Step) -> Response:
    names = [each.name for each in draft.steps]
    following = names[names.index(step.name) + 1 :]
    if _return():
        return see_other("intake.check", draft_id=draft.id)
    if following:
        return see_other("intake.step", draft_id=draft.id, name=following[0])
    return see_other("intake.papers", draft_id=draft.id)


def _start_page(*, error: str) -> str:
    portal = the_portal()
    with portal.outside.reading() as work:
        found = my_drafts(work, by=person())
    zone = ZoneInfo(portal.zone)
    drafts = [
        (draft, NAMES[draft.track], display.short_moment(at, now=portal.now(), zone=zone), at) for draft, at in found
    ]
    return render_template("new/start.html", kinds=KINDS, drafts=drafts, error=error, has_errors=bool(error))


def _step_page(work: Work, draft: Draft, step: Step, *, errors: Errors) -> str:
    form = Form(fields=step.schema().fields, typed=draft.answers.get(step.name, {}), errors=errors)
    return render_template(
        f"new/{step.name}.html",
        draft=draft,
        step=step,
        form=form,
        has_errors=bool(errors),
        kind=NAMES[draft.track],
        place=_place(draft, step.name),
        check=_check(work, draft),
        clock=display.zone_name(ZoneInfo(the_portal().zone)),
    )


def _papers_page(work: Work, draft: Draft, *, error: str) -> str:
    return render_template(
        "new/papers.html",
        draft=draft,
        error=error,
        has_errors=bool(error),
        kind=NAMES[draft.track],
        place=_place(draft, "papers"),
        check=_check(work, draft),
        limit=display.size(the_portal().max_upload),
        show_url=partial(url_for, "intake.draft_paper", draft_id=draft.id),
        remove_url=partial(url_for, "intake.remove_paper", draft_id=draft.id, **_return()),
    )


def _check_page(work: Work, draft: Draft) -> str:
    sections = [(step.task, [*_answers(draft, step)]) for step in draft.steps]
    return render_template(
        "new/check.html",
        draft=draft,
        kind=NAMES[draft.track],
        sections=sections,
        papers=_papers_answer(draft),
        check=_check(work, draft, closed=True),
    )


def _answers(draft: Draft, step: Step) -> list[Answered]:
    raw = draft.answers.get(step.name, {})
    return [
        Answered(
            question=field.metadata.get("question", field.metadata["label"]),
            answers=_as_read(field, raw[name], raw.get(f"{name}_time", "")) if name in raw else [],
            change_url=url_for(".step", draft_id=draft.id, name=step.name, **BACK) + f"#f-{name}",
        )
        for name, field in step.schema().fields.items()
        if _is_asked(name, field, raw)
    ]


def _papers_answer(draft: Draft) -> list[Answered]:
    return [
        Answered(
            question="Papers",
            answers=[_paper_words(paper) for paper in draft.papers] or ["None"],
            change_url=url_for(".papers", draft_id=draft.id, **BACK),
        )
    ]


def _paper_words(paper: Paper) -> str:
    how_long = display.count(paper.pages, "page") if paper.state is PaperState.CLEAN else f"not shown. {paper.reason}"
    return f"{paper.filename}, {display.size(paper.size)}, {how_long}"


def _is_asked(name: str, field: fields.Field[Any], raw: Typed) -> bool:
    """Whether an answer has a line of its own: a time stands with its day, and some fields only when filled in."""
    if field.metadata["widget"] == "time":
        return False
    return name in raw or field.metadata.get("asked") != "filled"


def _as_read(field: fields.Field[Any], raw: Any, time: str) -> list[str]:
    if field.metadata["widget"] == "date":
        return [", ".join([display.weekday(field.deserialize(raw)), *([time] if time else [])])]
    return shown(field, raw)


def _place(draft: Draft, name: str) -> str:
    names = [*(step.name for step in draft.steps), "papers"]
    return f"{NAMES[draft.track]} · Step {names.index(name) + 1} of {len(names)}"


def _task_list(draft: Draft, states: list[bool]) -> list[Task]:
    tasks = [
        Task(
            title=step.task,
            url=url_for(".step", draft_id=draft.id, name=step.name),
            hint="",
            state="Done" if done else "Not finished" if step.name in draft.answers else "Not started",
            tone="ok" if done else "warn" if step.name in draft.answers else "plain",
        )
        for step, done in zip(draft.steps, states, strict=True)
    ]
    count = len(draft.papers)
    papers = Task(
        title="The papers",
        url=url_for(".papers", draft_id=draft.id),
        hint="A request by telephone has none",
        state=display.count(count, "paper") if count else "None yet",
        tone="ok" if count else "plain",
    )
    ready = all(states)
    last = Task(
        title="Check your answers and file the request",
        url=url_for(".check", draft_id=draft.id) if ready else None,
        hint="",
        state="Ready" if ready else "Cannot start yet",
        tone="info" if ready else "plain",
    )
    return [*tasks, papers, last]
