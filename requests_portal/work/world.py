"""What our own catalogue establishes about a request, so that nobody has to type it."""

from requests_portal.model.case import Case, Track
from requests_portal.work.ports import Work
from requests_portal.work.selection import OF_RECORDINGS


def established(work: Work, case: Case) -> dict[str, object]:
    """The facts of the world that the catalogue knows: who besides the account holder is heard in what is asked for.

    Nobody's agreement is on record unless the request brought it.
    """
    if case.track is not Track.DATA_SUBJECT or case.account is None:
        return {}
    scopes = [line.scope for line in case.lines if line.data_class in OF_RECORDINGS]
    heard = [recording.other_voices for scope in scopes for recording in work.catalogue.find(scope)]
    consents = case.facts.get("other_voices_consented", [])
    known = [voices for voices in heard if voices is not None]
    # One recording that nobody has listened for leaves the whole open.
    if len(known) != len(heard):
        return {"other_voices_consented": consents}
    return {"other_voices": sorted(frozenset().union(*known)), "other_voices_consented": consents}
