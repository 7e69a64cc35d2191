"""Unentered: what a person has to look at in the store, as one table of words and numbers."""

from typing import Any

from requests_portal.work.ports import Work


def unentered(work: Work, *, limit: int) -> dict[str, Any]:
    """The findings that stand, counted by kind and reason, with the oldest of them, and the messages set aside."""
    counts = work.in_store.counts()
    messages, newest = work.in_store.messages_set_aside(limit=limit)
    return {
        "open": sum(counts.values()),
        "counts": [{"kind": kind, "reason": reason, "count": count} for (kind, reason), count in counts.items()],
        "findings": [
            {
                "kind": str(each.finding.kind),
                "bucket": each.bucket,
                "key": each.finding.key,
                "version_id": each.finding.version_id,
                "reason": each.finding.reason,
                "detail": each.finding.detail,
                "first_seen": each.first_seen.isoformat(),
                "last_seen": each.last_seen.isoformat(),
            }
            for each in work.in_store.open_findings(limit=limit)
        ],
        "messages_set_aside": messages,
        "messages": [
            {"message_id": each.message_id, "at": each.at.isoformat(), "reason": each.reason, "sha256": each.sha256}
            for each in newest
        ],
    }
