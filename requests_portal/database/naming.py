"""Which recordings name an exact object as their own: as their sound, or as their transcript.

Several may name one transcript, and one recording's sound may be another one's copy. A copy that is derived of a
recording is nobody's own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, literal_column, select
from sqlalchemy.orm import Session

from requests_portal.database.tables import recordings
from requests_portal.model.stored import Stored

AT_ONCE = 400
_of = recordings.c
# Said as the index of transcripts says it, so that it is used.
_HAS_TRANSCRIPT = _of.transcript_key != literal_column("''")


def naming(session: Session | Connection, objects: Iterable[Stored]) -> Mapping[Stored, frozenset[str]]:
    """The recordings that name each of these objects as their own; what nobody names is left out."""
    wanted, found = frozenset(objects), defaultdict(set)
    for part in _parts(sorted({each.key for each in wanted})):
        buckets = {each.bucket for each in wanted}
        sounds = select(_of.id, _of.bucket, _of.key, _of.version_id).where(_of.key.in_(part))
        words = select(_of.id, _of.bucket, _of.transcript_key.label("key"), _of.transcript_version.label("version_id"))
        for query in (sounds, words.where(_HAS_TRANSCRIPT, _of.transcript_key.in_(part))):
            for row in session.execute(query.where(_of.bucket.in_(buckets))):
                found[Stored(bucket=row.bucket, key=row.key, version_id=row.version_id)].add(row.id)
    return {each: frozenset(ids) for each, ids in found.items() if each in wanted}


def sharing(session: Session | Connection, recording_ids: Sequence[str]) -> frozenset[str]:
    """These recordings, and every other one that names an object of theirs as its own."""
    own: set[Stored] = set()
    for part in _parts(recording_ids):
        columns = (_of.bucket, _of.key, _of.version_id, _of.transcript_key, _of.transcript_version)
        for row in session.execute(select(*columns).where(_of.id.in_(part))):
            own |= set(own_objects(row.bucket, (row.key, row.version_id), (row.transcript_key, row.transcript_version)))
    return frozenset(recording_ids).union(*naming(session, own).values())


def own_objects(bucket: str, *objects: tuple[str, str]) -> tuple[Stored, ...]:
    """A recording's sound and transcript, given as key and version; one without a key there is not."""
    return tuple(Stored(bucket=bucket, key=key, version_id=version) for key, version in objects if key)


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
