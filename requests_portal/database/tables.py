"""The tables; the first migration makes exactly these."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

# Moments are RFC 3339 text in UTC with microseconds: they sort as text, and both databases read back what was written.
Moment = String(32)

cases = Table(
    "cases",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("reference", String(32), nullable=False, unique=True),
    Column("track", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("account", String(64), index=True),
    Column("assigned_to", String(64)),
    Column("received_at", Moment, nullable=False),
    # What lists show and filter by, copied out of the body.
    Column("title", String(300), nullable=False),
    Column("organisation", String(300), nullable=False),
    Column("law", String(16), nullable=False),
    Column("disposition", String(32), nullable=False),
    Column("objections", Integer, nullable=False),
    Column("questions", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_cases_state_received_at", "state", "received_at"),
)

productions = Table(
    "productions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("case_id", "number"),
)

# I3: the primary key allows one recorded signature for each production, volume and kind.
documents = Table(
    "documents",
    metadata,
    Column("production", ForeignKey("productions.id"), primary_key=True),
    Column("volume", Integer, primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("key", String(200), nullable=False),
    Column("version_id", String(200), nullable=False),
    Column("signed_at", Moment, nullable=False),
    Column("timestamped", Boolean, nullable=False, server_default=false()),
    # Until when Object Lock keeps it, read back from the vault; unknown of those from before it was asked for.
    Column("kept_until", Moment),
)

# A document without a row here still waits for its copy that is kept for good.
archived_copies = Table(
    "archived_copies",
    metadata,
    Column("production", ForeignKey("productions.id"), primary_key=True),
    Column("volume", Integer, primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("key", String(200), nullable=False),
    Column("version_id", String(200), nullable=False),
    Column("stamped_at", Moment, nullable=False),
)

# I3: one release for each production and recipient, in numbered issues of which one is live.
releases = Table(
    "releases",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("production", ForeignKey("productions.id"), nullable=False),
    Column("recipient", String(200), nullable=False),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("expires_at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("issue", Integer, nullable=False),
    # 1 until it is revoked or replaced.
    Column("live", Integer),
    Column("pin_hash", String(200), nullable=False),
    Column("wrong_pins", Integer, nullable=False),
    Column("certificate", Text, nullable=False),
    Column("revoked_at", Moment),
    Column("revoked_by", String(64), nullable=False),
    Column("revoked_because", Text, nullable=False),
    UniqueConstraint("production", "recipient", "issue", name="uq_releases_issue"),
    UniqueConstraint("production", "recipient", "live", name="uq_releases_live"),
)

# What leaves through a link whose recipient gave a certificate: each document in an envelope for it.
envelopes = Table(
    "envelopes",
    metadata,
    Column("release", ForeignKey("releases.id"), primary_key=True),
    Column("document", String(200), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("key", String(200), nullable=False),
    Column("version_id", String(200), nullable=False),
)

recalls = Table(
    "recalls",
    metadata,
    Column("production", ForeignKey("productions.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("because", Text, nullable=False),
    Column("replaced_by", ForeignKey("productions.id")),
)

# The recall lists that were signed; the newest is given out.
recall_lists = Table(
    "recall_lists",
    metadata,
    Column("signed_at", Moment, primary_key=True),
    Column("file", LargeBinary, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("release", ForeignKey("releases.id"), nullable=False, index=True),
    Column("document", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("first_byte", Integer, nullable=False),
    Column("last_byte", Integer, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("next", Integer, nullable=False),
)

clocks = Table(
    "clocks",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("due", Moment),
    Column("working", Text, nullable=False),
    Column("met_at", Moment),
)

holds = Table(
    "holds",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("placed_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("released_at", Moment),
    Column("released_because", Text, nullable=False, server_default=""),
)

held_recordings = Table(
    "held_recordings",
    metadata,
    Column("hold_id", ForeignKey("holds.id"), primary_key=True),
    Column("recording_id", ForeignKey("recordings.id"), primary_key=True, index=True),
    Column("state", String(16), nullable=False),
)

recordings = Table(
    "recordings",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("device", String(64), nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("key", String(300), nullable=False),
    Column("version_id", String(200), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("transcript", Text, nullable=False),
    Column("speakers", Text, nullable=False),
    Column("reviews", Text, nullable=False),
    Column("false_wake", Boolean, nullable=False),
    Column("words", Text),
    Index("ix_recordings_account_recorded_at", "account", "recorded_at", "id"),
)

# I5: leave to hear one version of a recording, and each span that was sent under it.
listening_grants = Table(
    "listening_grants",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("recording_id", String(36), nullable=False),
    Column("version_id", String(200), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("words", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("ix_listening_grants_case_id_recording_id", "case_id", "recording_id"),
)

plays = Table(
    "plays",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("grant_id", ForeignKey("listening_grants.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("from_ms", Integer, nullable=False),
    Column("to_ms", Integer, nullable=False),
)

# What was marked on a recording of a case before each change, newest last, so that the last one can be undone.
silence_steps = Table(
    "silence_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("recording_id", String(36), nullable=False),
    Column("before", Text, nullable=False),
    Index("ix_silence_steps_case_id_recording_id", "case_id", "recording_id"),
)

customers = Table(
    "customers",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("body", Text, nullable=False),
)

devices = Table(
    "devices",
    metadata,
    Column("serial", String(64), primary_key=True),
    Column("account", String(64), nullable=False, index=True),
    Column("name", String(200), nullable=False),
)

record_sources = Table(
    "record_sources",
    metadata,
    Column("data_class", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("columns", Text, nullable=False),
    # Which columns say from when to when a row is; none for a class that has no period, such as subscriber information.
    Column("from_column", Integer),
    Column("to_column", Integer),
    # Which column names the device a row is about; none where a row is about the account.
    Column("device_column", Integer),
)

record_rows = Table(
    "record_rows",
    metadata,
    Column("data_class", ForeignKey("record_sources.data_class"), primary_key=True),
    Column("account", String(64), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("row", Text, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("owner", String(64), nullable=False, index=True),
    Column("updated_at", Moment, nullable=False),
    Column("body", Text, nullable=False),
)

progress = Table(
    "progress",
    metadata,
    Column("production", String(36), primary_key=True),
    Column("stage", String(16), primary_key=True),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
)

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("case_id", String(36), index=True),
    Column("entry", LargeBinary, nullable=False),
)

# What an entry commits to: erasing a row here leaves every proof of the log valid.
audit_private = Table(
    "audit_private",
    metadata,
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("field", String(64), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("value", Text, nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("frontier", LargeBinary, nullable=False),
)

audit_checkpoints = Table(
    "audit_checkpoints",
    metadata,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
)

# Whole editions of the rule book: what an assessment rested on can be read for good.
editions = Table(
    "editions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("engine", String(64), nullable=False),
    Column("kept_at", Moment, nullable=False),
    Column("files", Text, nullable=False),
)

edition_adoptions = Table(
    "edition_adoptions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("edition", ForeignKey("editions.digest"), nullable=False),
    Column("state", String(16), nullable=False),
    # 1 while it waits for an answer: one at a time.
    Column("waits", Integer, unique=True),
    # Its place among those adopted; the highest is in use.
    Column("number", Integer, unique=True),
    Column("proposed_at", Moment, nullable=False),
    Column("body", Text, nullable=False),
)

assessments = Table(
    "assessments",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("edition", ForeignKey("editions.digest"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("body", Text, nullable=False),
)

# What each rule said in each assessment: how often a rule fired is counted from these.
assessment_findings = Table(
    "assessment_findings",
    metadata,
    Column("assessment", ForeignKey("assessments.id"), primary_key=True),
    Column("rule", String(100), primary_key=True, index=True),
    Column("outcome", String(32), nullable=False),
)
