"""Selection: what a decided scope matches in the catalogue, in order, and what is withheld from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from legal_rules.narrowing import WithholdingRule, withheld
from legal_rules.scope import Every, Interval, Scope
from requests_portal.model.case import Case
from requests_portal.model.decision import LineDecision, Selection
from requests_portal.model.digest import digest_of
from requests_portal.model.recording import Recording
from requests_portal.work.ports import Work

# The classes that are voice files; every other class is a record set with a source of its own.
SOUND = "audio"
WORDS = "transcript"
OF_RECORDINGS = frozenset({SOUND, WORDS})


@dataclass(frozen=True, kw_only=True)
class Matched:
    """The recordings that leave, those withheld with their ground, and the record sets: class, account, period."""

    recordings: tuple[Recording, ...]
    withheld: tuple[tuple[str, str], ...]
    record_sets: tuple[tuple[str, str, Interval], ...]

    @property
    def selection(self) -> Selection:
        """The same, counted and bound by a digest over every recording's exact version."""
        return Selection(
            recordings=len(self.recordings),
            bytes=sum(recording.size for recording in self.recordings),
            withheld=len(self.withheld),
            record_sets=tuple(sorted({data_class for data_class, _, _ in self.record_sets})),
            digest=digest_of(
                {
                    "recordings": [[each.id, each.version_id, each.sha256] for each in self.recordings],
                    "withheld": [list(each) for each in self.withheld],
                    "record_sets": [[name, account, period.as_json()] for name, account, period in self.record_sets],
                }
            ),
        )


def match(work: Work, case: Case, lines: Sequence[LineDecision]) -> Matched:
    """What the lines' scopes match in the catalogue now, oldest first."""
    scopes = [line.scope for line in lines if line.scope is not None]
    grounds = _withholding(case)
    leaving: dict[str, Recording] = {}
    held_back: dict[str, str] = {}
    for scope in scopes:
        for data_class in sorted(_recording_classes(scope)):
            for recording in work.catalogue.find(scope):
                ground = withheld(recording.as_recorded(data_class), grounds)
                if ground is None:
                    leaving[recording.id] = recording
                else:
                    held_back[recording.id] = ground
    return Matched(
        recordings=tuple(
            sorted((r for r in leaving.values() if r.id not in held_back), key=lambda r: (r.recorded_at, r.id))
        ),
        withheld=tuple(sorted(held_back.items())),
        record_sets=tuple(dict.fromkeys(each for scope in scopes for each in _record_sets(scope))),
    )


def count(work: Work, scope: Scope) -> int:
    """How many recordings a scope matches."""
    return sum(1 for _ in work.catalogue.find(scope)) if _recording_classes(scope) else 0


def classes_decided(lines: Sequence[LineDecision]) -> frozenset[str]:
    """The data classes that the lines let leave."""
    return frozenset(c for line in lines if line.scope is not None for c in _classes(line.scope))


def _withholding(case: Case) -> tuple[WithholdingRule, ...]:
    return () if case.assessment is None else case.assessment.withheld


def _classes(scope: Scope) -> frozenset[str]:
    return OF_RECORDINGS if isinstance(scope.classes, Every) else scope.classes


def _recording_classes(scope: Scope) -> frozenset[str]:
    return _classes(scope) & OF_RECORDINGS


def _record_sets(scope: Scope) -> Iterator[tuple[str, str, Interval]]:
    if isinstance(scope.accounts, Every):
        return
    for data_class in sorted(_classes(scope) - OF_RECORDINGS):
        for account in sorted(scope.accounts):
            yield data_class, account, scope.interval
