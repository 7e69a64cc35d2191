"""What a customer reads: kinds of data, rights and states, in plain words."""

from collections.abc import Iterable

RIGHTS = {
    "access": ("A copy of my data", "We send you what we hold of it."),
    "portability": ("My data in a form I can take along", "Files that another service can read."),
    "erasure": ("Erase my data", "We erase what the law does not make us keep."),
    "rectification": ("Correct my data", "Say below what is wrong and how it should read."),
    "objection": ("Stop a use of my data", "Say below which use you object to, and why if you like."),
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
}
_ASKED = {
    "access": "You asked for a copy of {kinds}.",
    "portability": "You asked for {kinds} in a form that you can take along.",
    "erasure": "You asked us to erase {kinds}.",
    "rectification": "You asked us to correct {kinds}.",
    "objection": "You objected to a use of {kinds}.",
    "restriction": "You asked us to limit what we do with {kinds}.",
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


def asked(right: str, seeks: Iterable[str]) -> str:
    """What was asked for, as one sentence."""
    return _ASKED.get(right, "You asked us about {kinds}.").format(kinds=kinds(seeks))


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
