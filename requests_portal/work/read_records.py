"""Read records: what a production's record sets are is asked of their sources before anything is recorded.

No transaction that writes stays open while a source of somebody else's answers or fails to.
"""

from requests_portal.errors import Away
from requests_portal.work.outside import Outside
from requests_portal.work.produce import keep_record_sets, read_record_sets

# After an attempt that got no answer; then the production fails with the source's name, and a person tries again.
PAUSES = (1.0, 5.0, 15.0, 60.0, 180.0, 300.0, 300.0)


def read_records(outside: Outside, production_id: str) -> str | None:
    """Read and keep the record sets; the sentence to wait with where a source is away."""
    try:
        with outside.reading() as work:
            sets = read_record_sets(work, production_id)
    except Away as away:
        return away.sentence
    with outside.unit_of_work() as work:
        keep_record_sets(work, production_id, sets)
    return None
