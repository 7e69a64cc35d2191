"""One example, or several, of every address that can be opened: made from what the running demonstration holds."""

import sqlite3
from base64 import b64encode
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

from a_demo import Demo

from requests_portal.app import open_desk
from requests_portal.model.actor import ALLOWED, Actor, Role
from requests_portal.settings import read
from requests_portal.web.acts import OPEN
from requests_portal.work.keep_form import keep_form

# Everybody's roles; None is somebody who is not signed in.
ACTORS = {
    "ines": {"intake"},
    "maya": {"lawyer", "approver", "reviewer"},
    "rio": {"reviewer"},
    "priya": {"custodian"},
    "ada": {"auditor"},
    "ole": {"operator"},
    "robin": {"administrator"},
    "juniper": {"customer"},
}
MAYA = Actor(id="maya", name="Maya Okafor", roles=frozenset({Role.LAWYER}))
WARRANT = "Search warrant, six months of recordings"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@dataclass
class Examples:
    """What the addresses name: references, numbers, digests, a draft, the token of a link."""

    demo: Demo

    def __post_init__(self) -> None:
        self.maya = self.demo.visitor("maya")
        self.ines = self.demo.visitor("ines")

    def case(self, title: str = WARRANT) -> str:
        return f"/requests/{self.demo.references[title]}"

    @cached_property
    def cases(self) -> list[str]:
        """A case in every stage that looks different."""
        return [self.case(title) for title in STAGES]

    @cached_property
    def productions(self) -> list[str]:
        """Productions that wait for the custodian, can be released, and have been released."""
        return [f"{self.case(title)}/productions/1" for title in (CERTIFY, OFFERED, RELEASED)]

    pin = ""

    @cached_property
    def token(self) -> str:
        """The token of a link that is handed over now."""
        path = f"{self.case(LINKED)}/productions/1/release"
        recipient = self.maya.get(path).first(r'name="recipient"[^>]*value="([^"]+)"')
        page = self.demo.visitor("maya").send(path, {"recipient": recipient})
        self.pin = page.first(r">(\d{4} \d{4})<")
        return page.first(r"/d/([\w-]{20,})")

    def shown_with(self, endpoint: str) -> dict[str, str]:
        """The headers that an address is opened with: the PIN where it is asked for."""
        if endpoint not in {"public.link_document", "public.link_zip"}:
            return {}
        return {"Authorization": "Basic " + b64encode(f":{self.pin}".encode()).decode()}

    @cached_property
    def desk_link(self) -> str:
        """Where a lawyer renews or revokes the link of a release."""
        return self.maya.get(self.productions[-1]).first(r'href="(/requests/[^"]+/links/[^"]+)"')

    @cached_property
    def absent_bucket(self) -> str:
        """A bucket that the store says does not exist, where something waits to be deleted."""
        now = "2026-11-23T17:30:00.000000Z"
        with closing(sqlite3.connect(self.demo.data / "desk.db", timeout=30)) as database, database:
            database.execute(
                "INSERT OR IGNORE INTO store_findings (bucket, key, version_id, kind, reason, detail, first_seen,"
                " last_seen) VALUES ('training-2024', '', '', 'bucket_absent', 'no_such_bucket', '', ?, ?)",
                (now, now),
            )
            database.execute(
                "INSERT OR IGNORE INTO late_copies VALUES ('training-2024', 'a copy', 'v1', 'no_bucket', '2999')"
            )
        return "/operations/buckets/training-2024"

    @cached_property
    def paper(self) -> str:
        return self.maya.get(f"{self.case()}/papers").first(r'href="(/requests/[^"]+/papers/[0-9a-f]{64})"')

    @cached_property
    def draft(self) -> str:
        """A draft of Ines's that is complete but for its filing, with a paper that can be shown."""
        draft = self.ines.send("/new", {"track": "data_subject"}).headers["Location"].rpartition("/")[0]
        assert self.ines.send(f"{draft}/person", PERSON).status == 303
        boundary = "a-line-that-stands-in-no-paper"
        token = self.ines.get(f"{draft}/papers").first(r'name="csrf_token"[^>]*value="([^"]+)"')
        parts = (('name="csrf_token"', token.encode()), ('name="papers"; filename="letter.pdf"', PDF))
        body = b"".join(
            f"--{boundary}\r\nContent-Disposition: form-data; {name}\r\n\r\n".encode() + content + b"\r\n"
            for name, content in parts
        )
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        sent = self.ines.ask("POST", f"{draft}/papers", body + f"--{boundary}--\r\n".encode(), headers=kind)
        assert sent.status == 303, sent.text
        return draft

    @cached_property
    def demand_draft(self) -> str:
        """A legal demand that has only been begun."""
        return self.ines.send("/new", {"track": "legal_demand"}).headers["Location"].rpartition("/")[0]

    @cached_property
    def recording(self) -> str:
        """A recording of the warrant on which somebody else is heard."""
        page = self.maya.get(f"{self.case()}/recordings?show=others")
        return page.first(rf'href="({self.case()}/recordings/[^"?]+)')

    @cached_property
    def newcomer(self) -> str:
        """Somebody whose role waits for a second person."""
        return self.demo.visitor("robin").get("/people").first(r'href="(/people/[0-9a-f-]{36})"')

    @property
    def heard(self) -> str:
        """A recording that Maya may hear for half an hour from now."""
        # Signed in just now: to listen asks for that.
        granted = self.demo.visitor("maya").send(
            f"{self.recording}/listen", {"purpose": "check_scope"}, csrf_from=self.recording
        )
        assert granted.status == 303, granted.text
        return self.recording

    @cached_property
    def edition(self) -> str:
        """The edition that the demonstration was set up with."""
        return self.maya.get("/rules/editions").first(r'href="(/rules/editions/[0-9a-f-]{36})"')

    @cached_property
    def policy(self) -> str:
        """The standing policy that is in force."""
        return self.maya.get("/rules/standing-policy").first(r'href="(/rules/standing-policy/[0-9a-f-]{36})"')

    @cached_property
    def proposed_policy(self) -> str:
        """Another one, which Maya has put forward."""
        terms = {"rights": "access", "kinds": "audio", "places": "US-CA", "reason": "One state first."}
        limits = {"most_recordings": "5", "most_minutes": "5", "most_megabytes": "5"}
        sent = self.maya.send("/rules/standing-policy", terms | limits)
        assert sent.status == 303, sent.text
        return sent.headers["Location"]

    @cached_property
    def hold(self) -> str:
        """A hold of the demonstration's demands."""
        return self.maya.get("/holds").first(r'href="(/holds/[0-9a-f-]{36})"')

    @cached_property
    def agency(self) -> str:
        """An agency of the demonstration's directory."""
        return self.maya.get("/agencies").first(r'href="(/agencies/[0-9a-f-]{36})"')

    @cached_property
    def agency_change(self) -> str:
        """A change of the directory that Ines has put forward."""
        said = {"name": "Tern County Sheriff", "country": "US", "state": "CA", "domains": "sheriff.tern.example.gov"}
        sent = self.ines.send("/agencies/new", {**said, "reason": "New here."})
        assert sent.status == 303, sent.text
        return sent.headers["Location"]

    @cached_property
    def assessment(self) -> str:
        return self.maya.get(f"{self.case()}/assessments").first(r'href="(/requests/[^"]+/assessments/[0-9a-f-]{36})"')

    @cached_property
    def draft_paper(self) -> str:
        return self.ines.get(f"{self.draft}/papers").first(r'href="(/new/[^"]+/papers/[0-9a-f]{64})"')

    @cached_property
    def sound(self) -> str:
        page = self.demo.visitor("juniper").get("/my/recordings")
        return page.first(r'src="(/my/recordings/[^"?]+/sound)')

    @cached_property
    def waiting(self) -> str:
        """Where something waits that Maya sent more than ten minutes after signing in."""
        desk = open_desk(read(self.demo.data / "settings.toml"))
        with closing(desk), desk.outside.unit_of_work() as work:
            return f"/sign-in/go-on/{keep_form(work, self.case(), [('reason', 'What was typed.')], by=MAYA)}"

    @cached_property
    def own(self) -> str:
        return f"/my/requests/{self.demo.references['Request to know, eighteen days of recordings']}"

    @cached_property
    def in_my_name(self) -> str:
        """What an agent asked in Juniper's name."""
        return f"/my/requests/{self.demo.references['Request to know through an agent']}/agent"

    @cached_property
    def told(self) -> str:
        """A notice to Juniper of a demand for her data."""
        found = "019ab000-0000-7000-8000-000000000001"
        reference = self.demo.references[OBJECTED]
        with closing(sqlite3.connect(self.demo.data / "desk.db", timeout=30)) as database, database:
            database.execute(
                "INSERT OR IGNORE INTO notices (id, case_id, account, decision, at, body)"
                " SELECT ?, cases.id, customers.account, 'none', '2026-11-23T17:30:00.000000Z',"
                ' \'["Dear Juniper Marsh,", "We write to tell you that a party has asked us for data."]\''
                " FROM cases, customers WHERE cases.reference = ? AND customers.body LIKE '%Juniper Marsh%'",
                (found, reference),
            )
        return f"/my/notices/{found}"

    @cached_property
    def given(self) -> str:
        """A request of Käthe's that has been answered."""
        return f"/my/requests/{self.demo.references[RELEASED_TO_CUSTOMER]}"


CERTIFY = "Order for records, 18 U.S.C. § 2703(d)"
LINKED = "Grand jury subpoena for subscriber information"
OFFERED = "Request to know, eighteen days of recordings"
RELEASED = "Search warrant, two weeks of one account"
RELEASED_TO_CUSTOMER = "Copy of one month of recordings"
APPROVAL = "Search warrant with a nondisclosure order without end"
OBJECTED = "Civil subpoena about a broken window"
EMERGENCY = "Emergency disclosure, missing person"
STAGES = (
    WARRANT,
    "Search warrant that names no period",
    EMERGENCY,
    "Administrative subpoena that names no account",
    APPROVAL,
    CERTIFY,
    OFFERED,
    RELEASED,
    OBJECTED,
)
PERSON = {
    "account": "A-20417-9",
    "asker": "data_subject",
    "right": "access",
    "own": "audio",
    "home": "US-NH",
    "channel": "email",
    "received_on": "2026-01-05",
    "received_on_time": "09:00",
}

# Endpoint → its addresses, or (whose session, addresses) where an address is one person's own.
PAGES = {
    "queue.queue": lambda _: ["/", "/?view=mine", "/?view=answered", "/?find=zzz", "/?sort=title&order=descending"],
    "intake.start": lambda _: ["/new"],
    "intake.tasks": lambda x: ("ines", [x.draft, x.demand_draft]),
    "intake.step": lambda x: ("ines", [f"{x.draft}/person", *(f"{x.demand_draft}/{n}" for n in FORMS)]),
    "intake.papers": lambda x: ("ines", [f"{x.draft}/papers", f"{x.demand_draft}/papers"]),
    "intake.draft_paper": lambda x: ("ines", [x.draft_paper]),
    "intake.check": lambda x: ("ines", [f"{x.draft}/check"]),
    "intake.papers.of_case": lambda x: [f"{x.case()}/papers"],
    "intake.papers.show": lambda x: [x.paper],
    "casework.case": lambda x: x.cases,
    "casework.facts": lambda x: [f"{x.case()}/facts"],
    "casework.notice": lambda x: [f"{x.case()}/notice", f"{x.case(APPROVAL)}/notice"],
    "casework.sealed": lambda x: [f"{x.case()}/sealed"],
    "casework.check": lambda x: [f"{x.case(OFFERED)}/check"],
    "casework.checks": lambda x: [f"{x.case()}/checks", f"{x.case()}/checks?find=zzz"],
    "casework.follow_up": lambda x: [f"{x.case(EMERGENCY)}/follow-up", f"{x.case()}/follow-up"],
    "casework.hearings": lambda _: ["/hear"],
    "casework.recordings": lambda x: [f"{x.case()}/recordings", f"{x.case()}/recordings?show=others"],
    "casework.recording": lambda x: [x.recording],
    "casework.wait": lambda x: [f"{x.case()}/wait"],
    "casework.decide": lambda x: [f"{x.case()}/decide"],
    "casework.settle": lambda x: [f"{x.case()}/settle"],
    "casework.approve": lambda x: [f"{x.case(APPROVAL)}/approve", f"{x.case()}/approve"],
    "casework.letter": lambda x: [f"{x.case(OBJECTED)}/letter"],
    "casework.letter_of": lambda x: [f"{x.case(APPROVAL)}/letters/objection", f"{x.case()}/letters/acknowledgement"],
    "casework.edit_letter": lambda x: [f"{x.case(APPROVAL)}/letters/objection/edit"],
    "casework.production": lambda x: x.productions,
    "casework.certify": lambda x: [f"{each}/certify" for each in x.productions[:2]],
    "casework.release": lambda x: [f"{each}/release" for each in x.productions[1:]],
    "casework.recall_form": lambda x: [f"{each}/recall" for each in x.productions[1:]],
    "casework.link": lambda x: [x.desk_link],
    "casework.rules": lambda _: ["/rules?find=warrant&kind=prefer&on=2026-01-01", "/rules?find=warrant&on=soon"],
    "casework.editions": lambda _: ["/rules/editions"],
    "casework.offered": lambda _: ["/rules/editions/offered"],
    "casework.edition": lambda x: [x.edition],
    "casework.standing_policies": lambda _: ["/rules/standing-policy"],
    "casework.standing_policy": lambda x: [x.policy, x.proposed_policy],
    "casework.assessments": lambda x: [f"{x.case()}/assessments"],
    "casework.replay": lambda x: [x.assessment],
    "holds.every": lambda _: ["/holds", "/holds?view=ended"],
    "holds.hold": lambda x: [x.hold, f"{x.hold}?asked=yes", f"{x.hold}?after=zzz"],
    "agencies.every": lambda _: ["/agencies", "/agencies?find=zzz"],
    "agencies.agency": lambda x: [x.agency],
    "agencies.new": lambda _: ["/agencies/new"],
    "agencies.change_form": lambda x: [f"{x.agency}/change"],
    "agencies.changes": lambda _: ["/agencies/changes"],
    "agencies.change": lambda x: [x.agency_change],
    "auditing.log": lambda _: ["/audit", "/audit?act=case_decided", "/audit?page=2"],
    "auditing.entry": lambda _: ["/audit/0", "/audit/7"],
    "alarms.alarms": lambda _: ["/alarms"],
    "listening.report": lambda _: ["/audit/listening", "/audit/listening?month=2026-01"],
    "operations.operations": lambda _: ["/operations"],
    "operations.bucket": lambda x: [x.absent_bucket],
    "operations.production": lambda x: [
        x.productions[0].replace("/requests/", "/operations/").replace("/productions/", "/")
    ],
    "my.recordings": lambda _: ["/my/recordings", "/my/recordings?page=3"],
    "my.delete": lambda _: ["/my/recordings/delete", "/my/recordings/delete?device=none"],
    "my.listened": lambda _: ["/my/recordings/listened"],
    "my.correct": lambda x: [f"{x.sound.removesuffix('/sound')}/correct"],
    "my.human_review": lambda _: ["/my/human-review"],
    "my.keeping": lambda _: ["/my/recordings/keeping"],
    "my.requests": lambda _: ["/my/requests"],
    "my.ask": lambda _: ["/my/requests/new"],
    "my.status": lambda x: [x.own],
    "me.passkeys": lambda _: ["/me/passkeys"],
    "my.agents": lambda _: ["/my/agents"],
    "my.new_agent": lambda _: ["/my/agents/new"],
    "my.agent": lambda x: [x.in_my_name],
    "my.notices": lambda _: ["/my/notices"],
    "my.notice": lambda x: [x.told],
    "me.sessions": lambda _: ["/me/sessions"],
    "public.go_on": lambda x: ("maya", [x.waiting]),
    "public.demo": lambda _: ["/demo"],
    "public.verify_page": lambda _: ["/verify"],
    "public.link": lambda x: [f"/d/{x.token}"],
    "public.recalls": lambda _: ["/recalls", "/recalls?sha256=" + "0" * 64],
    "public.accessibility": lambda _: ["/accessibility"],
    "public.keyboard": lambda _: ["/keyboard"],
    "public.privacy": lambda _: ["/privacy"],
    "people.everybody": lambda _: ["/people"],
    "people.one": lambda x: ["/people/maya", x.newcomer],
    "people.new_roles": lambda _: ["/people/waiting"],
}
FORMS = ("who", "order", "targets")
# What is not a page: parts of one, pictures, files, and the way to the sign-in.
FILES = {
    "queue.as_csv": lambda _: ["/queue.csv"],
    "intake.draft_paper_page": lambda x: ("ines", [f"{x.draft_paper}/1.png"]),
    "intake.papers.page": lambda x: [f"{x.paper}/1.png"],
    "casework.letter_pdf": lambda x: [f"{x.case(OBJECTED)}/letter.pdf"],
    "casework.letter_of_pdf": lambda x: [f"{x.case()}/letters/acknowledgement.pdf"],
    "casework.certify_page": lambda x: [f"{x.productions[0]}/certify/1.png"],
    "casework.certify_pdf": lambda x: [f"{x.productions[0]}/certify/1.pdf"],
    "casework.audio": lambda x: ("maya", [f"{x.heard}/audio"]),
    "casework.progress": lambda x: [f"{each}/progress" for each in x.productions],
    "holds.as_csv": lambda x: [f"{x.hold}.csv"],
    "holds.as_json": lambda x: [f"{x.hold}.json"],
    "auditing.checkpoint": lambda _: ["/audit/checkpoint"],
    "auditing.export": lambda _: ["/audit/export.zip"],
    "listening.as_csv": lambda _: ["/audit/listening/report.csv"],
    "operations.now": lambda _: ["/operations/now"],
    "my.sound": lambda x: [x.sound],
    "my.document": lambda x: ("kaethe", [f"{x.given}/bundle.pdf"]),
    "my.everything": lambda x: ("kaethe", [f"{x.given}/everything.zip"]),
    "my.progress": lambda x: [f"{x.own}/progress"],
    "public.link_zip": lambda x: [f"/d/{x.token}/production.zip"],
    "public.link_document": lambda x: [f"/d/{x.token}/bundle.pdf"],
    "public.recalls_file": lambda _: ["/recalls/recalls.p7s"],
    "public.sign_in": lambda _: ["/sign-in"],
    "public.healthz": lambda _: ["/healthz"],
    "public.readyz": lambda _: ["/readyz"],
    # The demonstration lets in with a press.
    "public.one_time_link": lambda _: [],
    "public.to_provider": lambda _: [],
    "public.from_provider": lambda _: [],
    # Without a token in the settings there is no such page.
    "public.metrics": lambda _: [],
}


def visits(app, examples: Examples, endpoint: str) -> list[tuple[str | None, str]]:
    """(who, address): the first who may open the endpoint's examples opens them all, every other role the first two."""
    made = (PAGES | FILES)[endpoint](examples)
    if isinstance(made, tuple):
        return [(made[0], path) for path in made[1]]
    act = app.view_functions[endpoint].act
    allowed = [who for who, roles in ACTORS.items() if roles & ALLOWED[act].keys()]
    people = [None, "maya", "juniper"] if act in OPEN else allowed
    return [(who, path) for who in people for path in (made if who == people[0] else made[:2])]
