"""What a customer reads: kinds of data, rights and states, in plain words."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from requests_portal.model.case import Case, ClosedBecause
from requests_portal.model.listening import Heard, Why
from requests_portal.model.transcript import Standing, TranscriptNote
from requests_portal.web import display

RIGHTS = {
    "access": ("A copy of my data", "We send you what we hold of it."),
    "portability": ("My data in a form I can take along", "Files that another service can read."),
    "erasure": ("Erase my data", "We erase what the law does not make us keep."),
    "rectification": ("Correct my data", "Say below what is wrong and how it should read."),
    "objection": ("Stop a use of my data", "Say below which use you object to, and why if you like."),
    "complaint": (
        "Complain about how you handled my data",
        "Say below what went wrong; you need not choose any data. A lawyer of ours reads it and answers you.",
    ),
}
KINDS = {
    "audio": ("Recordings", "The sound itself, one file for each time a device heard something."),
    "transcript": ("Transcripts", "What our recognition understood, as text."),
    "human_review_log": ("Who listened", "Each time a person of ours listened, with the purpose."),
    "devices": ("Devices", "The devices on your account and since when."),
    "connections": ("Connections", "When and from where your devices were connected."),
    "purchases": ("Purchases", "What was bought by voice."),
    "subscriber": ("Account details", "Name, address, and how you pay."),
}
TITLES = {
    "access": "Copy of my data",
    "portability": "My data in a form I can take along",
    "erasure": "Erase my data",
    "rectification": "Correct my data",
    "objection": "Stop a use of my data",
    "restriction": "Limit what is done with my data",
    "complaint": "Complaint about how we handled my data",
}
_ASKED = {
    "access": "You asked for a copy of {kinds}.",
    "portability": "You asked for {kinds} in a form that you can take along.",
    "erasure": "You asked us to erase {kinds}.",
    "rectification": "You asked us to correct {kinds}.",
    "objection": "You objected to a use of {kinds}.",
    "restriction": "You asked us to limit what we do with {kinds}.",
    "complaint": "You complained about how we handled {kinds}.",
}
# Why a request ended without an answer; the same whether or not a law made us keep the recording (I6).
CLOSED: dict[str, str] = {
    ClosedBecause.ERASED: (
        "The recording was deleted, and the words that you proposed went with it, so this request ended. "
        "If a law obliges us to keep the recording for a time, its transcript stays as it is until then."
    ),
    ClosedBecause.WITHDRAWN: "You withdrew this request, and nothing was changed. You can ask again at any time.",
}
# What an agent may be named for.
AGENT_RIGHTS = {
    "access": "A copy of my data",
    "portability": "My data in a form to take along",
    "erasure": "Erase my data",
    "rectification": "Correct my data",
    "objection": "Stop a use of my data",
    "opt_out": "Opt out of a sale or sharing of my data",
    "limit": "Limit the use of my sensitive data",
}
_ASKED_FOR_YOU = {
    "access": "{who} asked in your name for a copy of {kinds}.",
    "portability": "{who} asked in your name for {kinds} in a form to take along.",
    "erasure": "{who} asked in your name to have {kinds} erased.",
    "rectification": "{who} asked in your name to have {kinds} corrected.",
    "objection": "{who} objected in your name to a use of {kinds}.",
    "restriction": "{who} asked in your name to limit what we do with {kinds}.",
    "complaint": "{who} complained in your name about how we handled {kinds}.",
}
_YOURS = {
    "audio": "your voice recordings",
    "transcript": "their transcripts",
    "human_review_log": "the list of who listened",
    "devices": "your devices",
    "connections": "your connections",
    "purchases": "your purchases",
    "subscriber": "your account details",
    "identification": "your identification data",
}
DOCUMENTS = {
    "bundle": "Your copy, signed (PDF)",
    "objection_letter": "Our letter, signed (PDF)",
    "index": "List of the volumes, signed (PDF)",
}
DOWNLOADS = {"bundle": "Download the PDF", "objection_letter": "Download the letter", "index": "Download the list"}
# What a person of ours listened for; their own words stay with us, since they may be about somebody else.
HEARD_FOR = {
    "find_others": "to find out whether other people are heard",
    "check_scope": "to see whether it belongs to what was asked for",
    "check_quality": "to check the sound",
    "other": "for a reason that is on record with us",
}
HEARD_WHY = {
    Why.OWN_REQUEST: "for a request of yours",
    Why.ANOTHERS_REQUEST: "for another person's request",
    Why.DEMAND: "for an authority's request",
    Why.SERVICE: "to make our service better",
}


def asked(right: str, seeks: Iterable[str]) -> str:
    """What was asked for, as one sentence."""
    return _ASKED.get(right, "You asked us about {kinds}.").format(kinds=kinds(seeks))


def asked_of(case: Case) -> str:
    """What a request asks for, as one sentence that says who asked."""
    if case.proposed is not None:
        return "You asked us to correct the transcript of a recording."
    named, right = case.facts.get("seeks"), str(case.facts.get("right") or "")
    seeks = named if isinstance(named, list) else ()
    if not case.is_by_agent:
        return asked(right, seeks)
    sentence = _ASKED_FOR_YOU.get(right, "{who} asked us in your name about {kinds}.")
    return sentence.format(who=who(case), kinds=kinds(seeks))


def who(case: Case) -> str:
    """Who asks, by name and organisation."""
    return ", ".join(part for part in (case.requester.name, case.requester.organisation) if part)


def period(case: Case, zone: ZoneInfo) -> str:
    """The days that a request asks about, in words."""
    start, end = (case.facts.get(name) for name in ("range_from", "range_to"))
    if not isinstance(start, str) or not isinstance(end, str):
        return "the whole time"
    return display.interval(datetime.fromisoformat(start), datetime.fromisoformat(end), zone)


def kinds(seeks: Iterable[str]) -> str:
    """Kinds of data as a person lists them: "your voice recordings, their transcripts and your devices"."""
    chosen = set(seeks)
    named = [words for kind, words in _YOURS.items() if kind in chosen]
    if not named:
        return "your data"
    if "audio" not in chosen and "transcript" in chosen:
        named = [words.replace("their transcripts", "the transcripts of your recordings") for words in named]
    *most, last = named
    return f"{', '.join(most)} and {last}" if most else last


def own_words(note: TranscriptNote, zone: ZoneInfo) -> str:
    """What the customer's words beside a transcript are, with their day."""
    day = display.day(note.at.astimezone(zone).date())
    return f"Corrected on {day}" if note.standing is Standing.CORRECTED else f"Your statement of {day}"


def heard(each: Heard, zone: ZoneInfo) -> str:
    """One time that a person of ours listened: the day, for what, in which role; never who."""
    return f"{display.day(each.at.astimezone(zone).date())}: {heard_for(each)} ({heard_as(each)})"


def heard_for(each: Heard) -> str:
    """For what somebody listened."""
    if each.why is Why.SERVICE:
        return f"{each.purpose}, {HEARD_WHY[each.why]}"
    return f"{HEARD_FOR.get(each.purpose, each.purpose)}, {HEARD_WHY[each.why]}"


def heard_as(each: Heard) -> str:
    """In which role somebody listened."""
    return each.role or "a colleague who may listen"
