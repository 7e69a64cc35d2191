"""What leaves of an item with silenced parts: another file, fewer words, and of a voice no more than its role."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from requests_portal.bundle.contents import WithheldGroup
from requests_portal.errors import Conflict
from requests_portal.model.case import Case
from requests_portal.model.production import Item, Production
from requests_portal.model.recording import ACCOUNT_HOLDER, VOICE, Recording, SpeakerSpan, TimedWord
from requests_portal.model.silence import DerivedFile, Silence
from requests_portal.work.compose.phrases import Phrases
from requests_portal.work.compose.wording import title
from requests_portal.work.selection import WORDS

# What stands in a transcript where words were; the languages of transcripts have no say in it.
SILENCED = "[silenced]"


def sound_of(item: Item, recording: Recording) -> DerivedFile:
    """The file that leaves as the item's sound; raises Conflict where one was to be made and was not."""
    if item.produced is not None:
        return item.produced
    if item.must_be_made:
        raise Conflict("A recording of which parts are to be silenced was not silenced. Gather the production again.")
    return DerivedFile(sha256=recording.sha256, size=recording.size, media_type=recording.media_type)


def words_of(item: Item, recording: Recording) -> str | None:
    """The transcript that leaves; None where nobody knows which of its words lie in a silenced part."""
    if not item.silences or not recording.transcript.strip():
        return recording.transcript
    return None if recording.words is None else " ".join(_kept(recording.words, item.silences))


def speakers_of(item: Item, recording: Recording) -> tuple[SpeakerSpan, ...]:
    """Who speaks when; of somebody who is silenced nothing but the role is told, whatever they were marked as."""
    return tuple(_told(span, item.silences) for span in recording.speakers or ())


def silenced_sentences(production: Production, say: Phrases) -> Iterator[str]:
    """What a certificate says of the recordings that do not leave as they are stored."""
    made = [item.bates for item in production.items if item.produced is not None]
    if made:
        yield say["silenced_files"].format(", ".join(made))


def silenced_groups(
    case: Case, production: Production, recordings: Mapping[str, Recording], say: Phrases
) -> Iterator[WithheldGroup]:
    """The silenced parts as the withheld log counts them, by their reason, and the transcripts held back with them."""
    enclosed = silenced_items(production)
    for reason in sorted({silence.reason for item in enclosed for silence in item.silences}):
        parts = [silence for item in enclosed for silence in item.silences if silence.reason == reason]
        what = say.counted(len({part.recording for part in parts}), "parts_of_recording")
        yield WithheldGroup(what=what, ground=_ground(case), reason=reason, count=len(parts))
    untold = [item for item in enclosed if WORDS in item.classes and words_of(item, recordings[item.recording]) is None]
    if untold:
        yield WithheldGroup(
            what=title(WORDS, say), ground=_ground(case), reason=say["words_untimed"], count=len(untold)
        )


def silenced_items(production: Production) -> list[Item]:
    """The items that leave with silenced parts; what was held back whole does not leave in parts."""
    held_back = {each.bates for each in production.discrepancies}
    return [item for item in production.items if item.silences and item.bates not in held_back]


def _ground(case: Case) -> str:
    """The ground on which the recordings would otherwise have been held back; none where the lawyer decided it."""
    return next((rule.ground for rule in case.assessment.withheld), "") if case.assessment else ""


def _kept(words: Sequence[TimedWord], silences: Sequence[Silence]) -> Iterator[str]:
    """The words outside the silenced parts, and one marker for each run of those inside."""
    for silenced, run in groupby(words, key=lambda word: _touches(word, silences)):
        yield SILENCED if silenced else " ".join(word.text for word in run)


def _touches(span: TimedWord | SpeakerSpan, silences: Sequence[Silence]) -> bool:
    # Turned round, so that a word without a sensible time counts as silenced.
    return any(not (span.end <= each.start or span.start >= each.end) for each in silences)


def _told(span: SpeakerSpan, silences: Sequence[Silence]) -> SpeakerSpan:
    if span.label in ACCOUNT_HOLDER or not _touches(span, silences):
        return span
    role = span.label if span.label in VOICE else "unknown"
    return SpeakerSpan(start=span.start, end=span.end, label=role)
