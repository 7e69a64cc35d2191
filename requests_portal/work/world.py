"""What our own catalogue establishes about a request, so that nobody has to type it."""

from itertools import chain

from legal_rules.scope import Every
from requests_portal.model.case import Case, Track
from requests_portal.work.hold import names_somebody
from requests_portal.work.ports import Work
from requests_portal.work.selection import OF_RECORDINGS


def established(work: Work, case: Case) -> dict[str, object]:
    """The facts of the world that our own records know of the accounts and recordings that the request is about."""
    return {
        **_accounts(work, case),
        **(_volume(work, case) if case.track is Track.LEGAL_DEMAND else _voices(work, case)),
    }


def _accounts(work: Work, case: Case) -> dict[str, object]:
    """What is flagged: by our records, or by a colleague who knows more than they say."""
    named = {line.account for line in case.lines if not isinstance(line.account, Every)}
    if not named:
        return {}
    flags = {account: work.customers.flags(account) for account in named}
    known = {*case.facts.get("account_flags", ()), *(flag for of_one in flags.values() for flag in of_one)}  # type: ignore[misc]
    flagged = {account for account, of_one in flags.items() if of_one}
    return {"account_flags": sorted(known), **({"flagged_accounts": sorted(flagged)} if flagged else {})}


def _volume(work: Work, case: Case) -> dict[str, object]:
    """How many of our recordings match what is demanded of somebody, counted only as far as house policy asks."""
    if not all(names_somebody(line) for line in case.lines):
        return {}
    scopes = [line.scope for line in case.lines if line.data_class in OF_RECORDINGS]
    found: set[str] = set()
    for recording in chain.from_iterable(work.catalogue.find(scope) for scope in scopes):
        found.add(recording.id)
        if len(found) > work.book.policy.most_recordings:
            break
    return {"volume": len(found)}


def _voices(work: Work, case: Case) -> dict[str, object]:
    """Who besides the account holder is heard; nobody's agreement is on record unless the request brought it."""
    if case.is_by_person_heard:
        # What they ask for is what they alone are heard on; whatever else there is, is withheld one by one.
        themselves = [case.facts["heard_as"]] if "heard_as" in case.facts else []
        return {"other_voices": themselves, "other_voices_consented": themselves}
    if case.account is None:
        return {}
    scopes = [line.scope for line in case.lines if line.data_class in OF_RECORDINGS]
    consents = case.facts.get("other_voices_consented", [])
    voices = work.catalogue.voices_for_customer(*scopes)
    # One recording that nobody has listened for leaves the whole open.
    if voices is None:
        return {"other_voices_consented": consents}
    return {"other_voices": sorted(voices), "other_voices_consented": consents}
