"""One example, or several, of every address that can be opened: made from what the running demonstration holds."""

from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property

from a_demo import Demo

from requests_portal.model.actor import ALLOWED
from requests_portal.web.acts import OPEN

# One persona for each role; None is somebody who is not signed in.
ACTORS = {"ines": "intake", "maya": "lawyer", "priya": "custodian", "ada": "auditor", "juniper": "customer"}
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
        page = self.maya.send(path, {"recipient": recipient})
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

    @property
    def heard(self) -> str:
        """A recording that Maya may hear for half an hour from now."""
        granted = self.maya.send(f"{self.recording}/listen", {"purpose": "check_scope"}, csrf_from=self.recording)
        assert granted.status == 303, granted.text
        return self.recording

    @cached_property
    def edition(self) -> str:
        """The edition that the demonstration was set up with."""
        return self.maya.get("/rules/editions").first(r'href="(/rules/editions/[0-9a-f-]{36})"')

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
    def own(self) -> str:
        return f"/my/requests/{self.demo.references['Request to know, eighteen days of recordings']}"

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
STAGES = (
    WARRANT,
    "Search warrant that names no period",
    "Emergency disclosure, missing person",
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
    "casework.check": lambda x: [f"{x.case()}/check"],
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
    "casework.assessments": lambda x: [f"{x.case()}/assessments"],
    "casework.replay": lambda x: [x.assessment],
    "auditing.log": lambda _: ["/audit", "/audit?act=case_decided", "/audit?page=2"],
    "auditing.entry": lambda _: ["/audit/0", "/audit/7"],
    "my.recordings": lambda _: ["/my/recordings", "/my/recordings?page=3"],
    "my.requests": lambda _: ["/my/requests"],
    "my.ask": lambda _: ["/my/requests/new"],
    "my.status": lambda x: [x.own],
    "public.demo": lambda _: ["/demo"],
    "public.verify_page": lambda _: ["/verify"],
    "public.link": lambda x: [f"/d/{x.token}"],
    "public.recalls": lambda _: ["/recalls", "/recalls?sha256=" + "0" * 64],
    "public.accessibility": lambda _: ["/accessibility"],
    "public.keyboard": lambda _: ["/keyboard"],
    "public.privacy": lambda _: ["/privacy"],
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
    "casework.audio": lambda x: [f"{x.heard}/audio"],
    "casework.progress": lambda x: [f"{each}/progress" for each in x.productions],
    "auditing.checkpoint": lambda _: ["/audit/checkpoint"],
    "auditing.export": lambda _: ["/audit/export.zip"],
    "my.sound": lambda x: [x.sound],
    "my.document": lambda x: ("kaethe", [f"{x.given}/bundle.pdf"]),
    "my.everything": lambda x: ("kaethe", [f"{x.given}/everything.zip"]),
    "my.progress": lambda x: [f"{x.own}/progress"],
    "public.link_zip": lambda x: [f"/d/{x.token}/production.zip"],
    "public.link_document": lambda x: [f"/d/{x.token}/bundle.pdf"],
    "public.recalls_file": lambda _: ["/recalls/recalls.p7s"],
    "public.sign_in": lambda _: ["/sign-in"],
    "public.healthz": lambda _: ["/healthz"],
}


def visits(app, examples: Examples, endpoint: str) -> list[tuple[str | None, str]]:
    """(who, address): the first who may open the endpoint's examples opens them all, every other role the first two."""
    made = (PAGES | FILES)[endpoint](examples)
    if isinstance(made, tuple):
        return [(made[0], path) for path in made[1]]
    act = app.view_functions[endpoint].act
    allowed = [who for who, role in ACTORS.items() if role in ALLOWED[act]]
    people = [None, "maya", "juniper"] if act in OPEN else allowed
    return [(who, path) for who in people for path in (made if who == people[0] else made[:2])]
