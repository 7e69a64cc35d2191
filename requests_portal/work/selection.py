"""Selection: what a decided scope matches in the catalogue, in order, and what is withheld from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from legal_rules.narrowing import Recorded, withheld
from legal_rules.scope import ALWAYS, EVERY, Every, Scope
from requests_portal.model.case import Case, Track
from requests_portal.model.decision import LineDecision, Selection
from requests_portal.model.digest import digest_of
from requests_portal.model.recording import Recording
from requests_portal.model.silence import Silence, as_digested, by_recording, of_recording
from requests_portal.work.ports import Work

OF_OTHERS = "RIGHTS_OF_OTHERS"
# The classes that are voice files; every other class is a record set with a source of its own.
SOUND = "audio"
WORDS = "transcript"
OF_RECORDINGS = frozenset({SOUND, WORDS})


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaving:
    """One recording that leaves, by its exact version, and as what: its sound, its transcript, or both.

    No more of it is kept than is needed: there may be a hundred thousand.
    """

    recording: str
    version_id: str
    sha256: str
    size: int
    seconds: float | None
    recorded_at: datetime
    classes: tuple[str, ...]

    @classmethod
    def of(cls, recording: Recording, data_class: str) -> "Leaving":
        """The recording as one class of data."""
        return cls(
            recording=recording.id,
            version_id=recording.version_id,
            sha256=recording.sha256,
            size=recording.size,
            seconds=recording.seconds,
            recorded_at=recording.recorded_at,
            classes=(data_class,),
        )

    def also(self, data_class: str) -> "Leaving":
        """The same recording, as one more class of data."""
        return replace(self, classes=tuple(sorted({*self.classes, data_class})))


@dataclass(frozen=True, kw_only=True)
class Matched:
    """The recordings that leave, those withheld with their ground, and the scope of each record set."""

    recordings: tuple[Leaving, ...]
    withheld: tuple[tuple[str, str], ...]
    record_sets: tuple[tuple[str, str, Scope], ...]
    # The silences of the recordings that leave; those on others say nothing.
    silences: tuple[Silence, ...] = ()

    @property
    def selection(self) -> Selection:
        """The same, counted and bound by a digest over every recording's exact version."""
        return Selection(
            recordings=len(self.recordings),
            bytes=sum(each.size for each in self.recordings),
            withheld=len(self.withheld),
            record_sets=tuple(sorted({data_class for data_class, _, _ in self.record_sets})),
            silenced=len({silence.recording for silence in self.silences}),
            seconds=sum(each.seconds or 0.0 for each in self.recordings),
            unknown_lengths=sum(each.seconds is None for each in self.recordings),
            digest=digest_of(
                {
                    "recordings": [
                        [each.recording, each.version_id, each.sha256, list(each.classes)] for each in self.recordings
                    ],
                    "withheld": [list(each) for each in self.withheld],
                    "record_sets": [[name, account, scope.as_json()] for name, account, scope in self.record_sets],
                    "silences": as_digested(self.silences),
                }
            ),
        )


def match(work: Work, case: Case, lines: Sequence[LineDecision]) -> Matched:
    """What the lines' scopes match in the catalogue now, oldest first; a line gives its own class and no other.

    For the person whose data it is, a recording in which others are heard leaves once all of their speech is silenced.
    """
    silences = silences_that_stand(case)
    marked = by_recording(silences)
    scopes = [line.scope for line in lines if line.scope is not None]
    leaving: dict[str, Leaving] = {}
    held_back: dict[str, str] = {}
    for data_class, recording in _matching(work, case, scopes):
        ground = ground_withheld(case, recording, data_class, marked.get(recording.id, ()))
        if ground is None:
            known = leaving.get(recording.id)
            leaving[recording.id] = known.also(data_class) if known else Leaving.of(recording, data_class)
        else:
            held_back[recording.id] = ground
    return Matched(
        recordings=tuple(sorted(leaving.values(), key=lambda each: (each.recorded_at, each.recording))),
        # Whoever is heard on another's device is not told how much else there is, nor from when.
        withheld=()
        if case.is_by_person_heard
        else tuple(sorted((each, ground) for each, ground in held_back.items() if each not in leaving)),
        record_sets=tuple(dict.fromkeys(each for scope in scopes for each in _record_sets(scope))),
        silences=tuple(silence for silence in silences if silence.recording in leaving),
    )


def silences_that_stand(case: Case) -> tuple[Silence, ...]:
    """The silences of the decision, or the marks so far where none stands."""
    return case.silences if case.decision is None else case.decision.silences


def ground_withheld(case: Case, recording: Recording, data_class: str, silences: Sequence[Silence]) -> str | None:
    """The ground on which a recording that a line matches stays here, given what is silenced; None where it leaves.

    GDPR Recital 63: the rights of others are no reason to refuse everything, where they can be kept another way. An
    authority that may have the whole recording is given others' speech as well: its paper says whom it concerns.
    """
    if case.is_by_person_heard and recording.id not in case.heard_on:
        # Others of the same role were heard there too; only what fits their telling is theirs.
        return OF_OTHERS
    silenced = case.track is Track.DATA_SUBJECT and not case.is_by_person_heard
    heard = of_recording(silences, recording.id) if silenced else ()
    exclusions = () if case.assessment is None else case.assessment.withheld
    return withheld(recording.as_recorded(data_class, heard), exclusions)


def ground_by_voices(case: Case, voices: frozenset[str] | None, data_class: str) -> str | None:
    """The same for any recording on which these are heard and nothing is silenced: rules withhold by that alone."""
    of_any = Recorded(account="", device="", data_class=data_class, recorded_at=case.received_at, speakers=voices)
    return withheld(of_any, () if case.assessment is None else case.assessment.withheld)


def found(work: Work, case: Case, scope: Scope) -> Iterator[Recording]:
    """The recordings of a scope that a case can reach: what its customer has erased is in no copy for them."""
    catalogue = work.catalogue
    return catalogue.find_for_customer(scope) if case.track is Track.DATA_SUBJECT else catalogue.find(scope)


def _matching(work: Work, case: Case, scopes: Sequence[Scope]) -> Iterator[tuple[str, Recording]]:
    for scope in scopes:
        for recording in found(work, case, scope) if _recording_classes(scope) else ():
            for data_class in sorted(_recording_classes(scope)):
                yield data_class, recording


def scopes_at_hand(case: Case) -> tuple[Scope, ...]:
    """The scopes of recordings that the decision lets leave; before there is one, those that the proposal would."""
    if case.decision is not None:
        scopes = [line.scope for line in case.decision.lines]
    else:
        scopes = [record.proposed for record in case.assessment.lines] if case.assessment else []
    return tuple(dict.fromkeys(scope for scope in scopes if scope is not None and _recording_classes(scope)))


def is_at_hand(case: Case, recording: Recording) -> bool:
    """Whether one recording lies within the scopes at hand, be it that it leaves or is withheld from them."""
    return any(
        scope.covers(recording.account, recording.device, data_class, recording.recorded_at)
        for scope in scopes_at_hand(case)
        for data_class in _recording_classes(scope)
    )


def count(work: Work, case: Case, scope: Scope) -> int:
    """How many recordings of a scope the case can reach."""
    catalogue = work.catalogue
    return catalogue.count_for_customer(scope) if case.track is Track.DATA_SUBJECT else catalogue.count(scope)


def classes_decided(lines: Sequence[LineDecision]) -> frozenset[str]:
    """The data classes that the lines let leave."""
    return frozenset(c for line in lines if line.scope is not None for c in _classes(line.scope))


def _classes(scope: Scope) -> frozenset[str]:
    return OF_RECORDINGS if isinstance(scope.classes, Every) else scope.classes


def _recording_classes(scope: Scope) -> frozenset[str]:
    return _classes(scope) & OF_RECORDINGS


def _record_sets(scope: Scope) -> Iterator[tuple[str, str, Scope]]:
    if isinstance(scope.accounts, Every):
        return
    for data_class in sorted(_classes(scope) - OF_RECORDINGS):
        for account in sorted(scope.accounts):
            yield data_class, account, scope & _only(account, data_class)


def _only(account: str, data_class: str) -> Scope:
    return Scope(frozenset({account}), EVERY, frozenset({data_class}), ALWAYS)
