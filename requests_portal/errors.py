"""Every refusal we can make: its code and its plain sentence."""


class Refused(Exception):  # noqa: N818 — a refusal is an answer, not a malfunction
    """We will not do what was asked; the message says why and what to do next, without personal data."""

    code = "refused"
    status = 422
    # Whether a canary was reached for; nobody reads it from what the refusal says.
    reached_canary = False

    @property
    def sentence(self) -> str:
        """The plain sentence shown beside the field, on the page or on stderr."""
        return str(self)


class NotFound(Refused):
    """There is no such thing, or this actor may not know of it: the two read alike."""

    code = "not_found"
    status = 404


class Untranslated(NotFound):
    """A text or a phrase is not there in a language; whoever meets this says all of it in English."""


class Forbidden(Refused):
    """The actor's roles do not include this act."""

    code = "forbidden"
    status = 403


class Conflict(Refused):
    """The thing has moved on since it was looked at."""

    code = "conflict"
    status = 409


class NotTheirs(Conflict):
    """Something in a production is not the requester's, or not what was decided: it stops, and nothing of it leaves."""

    code = "not_theirs"
    status = 403

    def __init__(self) -> None:
        super().__init__("We stopped this copy because something in it has to be looked into. Nothing of it leaves.")


class GatherCancelled(Conflict):
    """The gathering was cancelled; what was fetched stays in the spool, so that it can go on from there."""

    code = "gather_cancelled"


class Unusable(Refused):
    """The input cannot be used as it is."""

    code = "unusable"


class Barred(Unusable):
    """What was tried is how impostors and insiders get data out: it is refused, and counted for the audit log."""

    code = "barred"
    status = 403


class Away(Refused):
    """A service that we need does not answer for now; the same act can succeed later."""

    code = "away"
    status = 503


class NoBucket(Refused):
    """The object store answers that a bucket does not exist; a store that is silent raises something else."""

    code = "no_bucket"
    status = 503
