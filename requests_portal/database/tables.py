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
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
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
    # Only those whom `case_people` names may know of it.
    Column("sealed", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    # Which agency of the directory the request was matched with; how many of one came is counted by it.
    Column("agency", String(36)),
    # The requester's own file number, in capital letters and digits alone.
    Column("file_number", String(64), nullable=False, server_default="", index=True),
    # When the answer is due, while it is, and how far the newest production is: triggers keep both.
    Column("answer_due", Moment),
    Column("production_state", String(16)),
    Index("ix_cases_state_received_at", "state", "received_at"),
    Index("ix_cases_agency_received_at", "agency", "received_at"),
    # What the queue counts by, in the order in which it counts; the rest is there so that no row is read for it.
    Index("ix_cases_counted", "state", "production_state", "track", "law", "assigned_to", "answer_due", "sealed", "id"),
    Index("ix_cases_answer_due", "answer_due", "reference"),
    # PostgreSQL takes longer to write a thousand titles small than for all else of the queue.
    Index("ix_cases_title", text("lower(title)"), "answer_due", "reference"),
)

case_people = Table(
    "case_people",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("person", String(64), primary_key=True, index=True),
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

# The items of a production: rows, so that a hundred of a hundred thousand are read as fast as of a thousand.
production_items = Table(
    "production_items",
    metadata,
    Column("production", ForeignKey("productions.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("recording", String(36), nullable=False, index=True),
    Column("body", Text, nullable=False),
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
    Index("ix_clocks_name_due", "name", "due"),
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
    # Empty for what was placed before kinds were told apart, until the next round.
    Column("kind", String(16), nullable=False, server_default=""),
    Column("narrowed_at", Moment),
    Column("renewal", Text),
    Column("released_by", String(64), nullable=False, server_default=""),
)

# The exact versions, written down when they came under the hold; what is held outlives its row in the catalogue.
held_recordings = Table(
    "held_recordings",
    metadata,
    Column("hold_id", ForeignKey("holds.id"), primary_key=True),
    Column("recording_id", String(36), primary_key=True, index=True),
    Column("state", String(16), nullable=False),
    Column("bucket", String(63), nullable=False, server_default=""),
    Column("key", String(1024), nullable=False, server_default=""),
    Column("version_id", String(200), nullable=False, server_default=""),
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("sha256", String(64), nullable=False, server_default=""),
    # Its transcript, where that is an object of its own: held and let go of together.
    Column("transcript_key", String(1024), nullable=False, server_default=""),
    Column("transcript_version", String(200), nullable=False, server_default=""),
    # When it came into its state.
    Column("since", Moment, nullable=False, server_default=""),
    Column("answer", String(16)),
    Column("asked_at", Moment),
    Column("contradicted_at", Moment),
    Index("ix_held_recordings_state_since", "state", "since"),
)

# What a live hold is for, one row for each account or device: what arrives later and lies within is held as well.
hold_scopes = Table(
    "hold_scopes",
    metadata,
    Column("hold_id", ForeignKey("holds.id"), primary_key=True),
    # Empty for every account, or every device.
    Column("account", String(64), primary_key=True, index=True),
    Column("device", String(64), primary_key=True),
    Column("start", Moment, primary_key=True),
    Column("end", Moment, primary_key=True),
)

# Other numbers of the same customer's account, such as from before a change or a merger; each pair joins both ways.
aliases = Table(
    "aliases",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("alias", String(64), primary_key=True, index=True),
    Column("entered_by", String(64), nullable=False),
    Column("entered_at", Moment, nullable=False),
)

# Whether each bucket really denied deleting a held version, whenever that was tried.
lock_probes = Table(
    "lock_probes",
    metadata,
    Column("bucket", String(63), primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("denied", Boolean),
    Column("failure", String(300), nullable=False),
    Column("left", String(200), nullable=False),
)

# Clustered by whose it is and when it was made: SQLite lays the rows in the order of the primary key.
recordings = Table(
    "recordings",
    metadata,
    Column("id", String(36), nullable=False, unique=True),
    Column("account", String(64), nullable=False),
    Column("device", String(64), nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("zone", String(64), nullable=False),
    # S3 allows 1,024 bytes.
    Column("key", String(1024), nullable=False),
    Column("version_id", String(200), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("transcript", Text, nullable=False),
    Column("speakers", Text, nullable=False),
    Column("reviews", Text, nullable=False),
    Column("false_wake", Boolean, nullable=False),
    Column("words", Text),
    # Empty for the house's own bucket.
    Column("bucket", String(63), nullable=False, server_default=""),
    Column("pseudonym", String(64), nullable=False, server_default=""),
    Column("transcript_key", String(1024), nullable=False, server_default=""),
    Column("transcript_version", String(200), nullable=False, server_default=""),
    Column("retain_until", Moment),
    Column("seconds", Float),
    PrimaryKeyConstraint("account", "device", "recorded_at", "id"),
    UniqueConstraint("bucket", "key", "version_id"),
    Index("ix_recordings_account_recorded_at", "account", "recorded_at", "id"),
    Index("ix_recordings_device_recorded_at", "device", "recorded_at", "id"),
    # What the store tells of is looked up by its key.
    Index(
        "ix_recordings_transcript_key",
        "transcript_key",
        sqlite_where=text("transcript_key <> ''"),
        postgresql_where=text("transcript_key <> ''"),
    ),
    # What the company's own rule ends is found by when.
    Index(
        "ix_recordings_retain_until",
        "retain_until",
        sqlite_where=text("retain_until IS NOT NULL"),
        postgresql_where=text("retain_until IS NOT NULL"),
    ),
    # What people reviewed is few among many.
    Index(
        "ix_recordings_reviewed",
        "account",
        sqlite_where=text("reviews <> '[]'"),
        postgresql_where=text("reviews <> '[]'"),
    ),
    sqlite_with_rowid=False,
)

# How many recordings each day has, by whether its customer still sees them and by who is heard: triggers keep it.
recording_days = Table(
    "recording_days",
    metadata,
    Column("account", String(64), nullable=False),
    # After the account, so that what is hidden is not even passed over for its customer.
    Column("hidden", Boolean, nullable=False),
    Column("device", String(64), nullable=False),
    Column("day", String(10), nullable=False),
    Column("voices", String(64), nullable=False),
    Column("many", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("microseconds", BigInteger, nullable=False),
    Column("unknown_lengths", Integer, nullable=False),
    PrimaryKeyConstraint("account", "hidden", "device", "day", "voices"),
    Index("ix_recording_days_device", "device", "day"),
    sqlite_with_rowid=False,
)

# On how many days, and of how many cases, what triggers keep differed from reading when the two were compared last.
recounts = Table(
    "recounts",
    metadata,
    Column("at", Moment, primary_key=True),
    Column("days", Integer, nullable=False),
    Column("cases", Integer, nullable=False),
)

# The one map from a customer's account to the random name under which everybody else knows the customer.
pseudonyms = Table(
    "pseudonyms",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("pseudonym", String(64), nullable=False, unique=True),
)

# Where else a recording lies, such as in the training store: what erasure has to reach.
copies = Table(
    "copies",
    metadata,
    Column("recording_id", ForeignKey("recordings.id"), primary_key=True),
    Column("bucket", String(63), primary_key=True),
    Column("key", String(1024), primary_key=True),
    Column("version_id", String(200), primary_key=True),
    Column("kind", String(32), nullable=False),
    Index("ix_copies_bucket_key", "bucket", "key"),
)

# How its customer says that a recording's transcript should read, beside the catalogued one; the newest counts.
transcript_notes = Table(
    "transcript_notes",
    metadata,
    Column("recording_id", ForeignKey("recordings.id"), primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("standing", String(16), nullable=False),
    Column("words", Text, nullable=False),
    Column("case", ForeignKey("cases.id"), nullable=False),
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
    Column("role", String(32), nullable=False, server_default=""),
    Index("ix_listening_grants_case_id_recording_id", "case_id", "recording_id"),
)

# Recordings that no case needs, of accounts that nobody has. No page, list or export reads this table.
canaries = Table(
    "canaries",
    metadata,
    Column("recording_id", String(36), primary_key=True),
    Column("account", String(64), nullable=False, index=True),
    Column("device", String(64), nullable=False, index=True),
    Column("at", Moment, nullable=False),
)

# Who reached for a canary, and who has looked into that.
canary_alarms = Table(
    "canary_alarms",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("person", String(64), nullable=False),
    Column("role", String(32), nullable=False),
    Column("how", String(32), nullable=False),
    Column("case_id", ForeignKey("cases.id")),
    Column("at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("times", Integer, nullable=False),
    Column("acknowledged_by", String(64), nullable=False),
    Column("acknowledged_at", Moment),
    Column("words", Text, nullable=False),
)

# The demands that were never secret and are answered: each time since which the customer reads of one who listened.
told_hearings = Table(
    "told_hearings",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("account", String(64), primary_key=True, index=True),
    Column("at", Moment, primary_key=True),
)

plays = Table(
    "plays",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("grant_id", ForeignKey("listening_grants.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
    Column("from_ms", Integer, nullable=False),
    Column("to_ms", Integer, nullable=False),
)

# The accounts of whose recordings no person may listen to any for the company's own purposes.
unreviewed_accounts = Table(
    "unreviewed_accounts",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("since", Moment, nullable=False),
)

# The cases whose recordings a lawyer has asked the reviewers to hear.
to_hear = Table(
    "to_hear",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("needed", String(32), nullable=False),
    Column("words", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)

# How much was sent to each person's ears on a day of UTC.
heard_days = Table(
    "heard_days",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("milliseconds", Integer, nullable=False),
    # How much it could be when it was last counted.
    Column("most", Integer),
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
    # In small letters: by this somebody is found who asks for a link to sign in. Several accounts may share one.
    Column("mail", String(254), index=True),
    Column("body", Text, nullable=False),
)

# What customers were reached by before, and when that changed; addresses stand nowhere else once they are given up.
contact_changes = Table(
    "contact_changes",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("contact", String(16), nullable=False),
    Column("earlier", String(254), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_contact_changes_account_at", "account", "at"),
)

named_agents = Table(
    "named_agents",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", String(64), nullable=False, index=True),
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

# The entries of one act, which canonical JSON puts first; fixed words, so that an index of so few among all answers.
_REPORTED = b'{"act":"listening_reported",'
ENTERED_REPORTS = {
    "sqlite": f"substr(entry, 1, {len(_REPORTED)}) = X'{_REPORTED.hex()}'",
    "postgresql": f"substr(entry, 1, {len(_REPORTED)}) = '\\x{_REPORTED.hex()}'::bytea",
}

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("case_id", String(36), index=True),
    Column("entry", LargeBinary, nullable=False),
    Index(
        "ix_audit_entries_listening_reported",
        "index",
        sqlite_where=text(ENTERED_REPORTS["sqlite"]),
        postgresql_where=text(ENTERED_REPORTS["postgresql"]),
    ),
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

standing_policies = Table(
    "standing_policies",
    metadata,
    Column("id", String(36), primary_key=True),
    # 1 while it waits for an answer: one at a time.
    Column("waits", Integer, unique=True),
    # Its place among those that came into force; the highest counts, unless it was withdrawn.
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

# What a worker does again and again; one of them takes each round.
rounds = Table(
    "rounds",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("by", String(64), nullable=False),
    Column("failure", String(300), nullable=False),
)

# Messages out to staff; the key lets each be sent for one reason only once.
messages = Table(
    "messages",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("to", String(300), nullable=False),
    Column("template", String(64), nullable=False),
    Column("words", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("next_try_at", Moment, index=True),
    Column("tries", Integer, nullable=False),
    Column("failure", String(300), nullable=False),
    Column("sent_at", Moment),
)

# Who is on call when; an import replaces all of it.
duties = Table(
    "duties",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("who", String(64), nullable=False),
    Column("mail", String(254), nullable=False),
    Column("webhook", String(300), nullable=False),
    Column("begins", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("order", Integer, nullable=False),
)

# Each time that somebody was told of a case that nobody had claimed.
escalations = Table(
    "escalations",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("who", String(64), nullable=False),
)

# What differed between catalogue and store when a key was last looked at, and what could not be entered.
store_findings = Table(
    "store_findings",
    metadata,
    # Empty for the house's own.
    Column("bucket", String(63), primary_key=True),
    Column("key", String(1024), primary_key=True),
    Column("version_id", String(1024), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("reason", String(64), nullable=False),
    Column("detail", String(300), nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("resolved_at", Moment, index=True),
)

# Messages of the store's event queue that nobody can read; the queue no longer has them.
events_set_aside = Table(
    "events_set_aside",
    metadata,
    Column("message_id", String(100), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    # The beginning, for whoever finds out what sent it.
    Column("body", Text, nullable=False),
)

# Who works under which name: a row is a worker's lease on its name, and says when it was last heard of.
workers = Table(
    "workers",
    metadata,
    Column("name", String(64), primary_key=True),
    # A new one each time that a worker starts.
    Column("id", String(36), nullable=False),
    # Where it was started, in words that name no machine: only one living process can have a seat.
    Column("seat", String(36), nullable=False),
    Column("machine", String(36), nullable=False),
    Column("version", String(64), nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("beat_at", Moment, nullable=False),
    Column("beats", Integer, nullable=False),
    Column("draining", Boolean, nullable=False),
    Column("ended_at", Moment),
)

# What its customer, a decided request or a rule has erased: hidden from the customer from then on, and deleted as soon
# as no hold keeps it. The row goes with the recording's own.
erasures = Table(
    "erasures",
    metadata,
    Column("recording_id", String(36), primary_key=True),
    Column("asked_at", Moment, nullable=False),
    Column("because", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("next_try_at", Moment, nullable=False, index=True),
)

# What was deleted, without whose it was: only by this is something recognised that is entered once more.
erased = Table(
    "erased",
    metadata,
    Column("recording_id", String(36), primary_key=True),
    # SHA-256 over bucket and key.
    Column("address", String(64), nullable=False, index=True),
    Column("at", Moment, nullable=False),
)

# Copies that were made known after their recording was deleted.
late_copies = Table(
    "late_copies",
    metadata,
    Column("bucket", String(63), primary_key=True),
    Column("key", String(1024), primary_key=True),
    Column("version_id", String(200), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("next_try_at", Moment, nullable=False),
)

# After how many months a customer lets recordings be deleted; no row where nothing was chosen.
keeping_choices = Table(
    "keeping_choices",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("months", Integer, nullable=False),
    Column("since", Moment, nullable=False),
)

# Who was refused what, until the audit log has it.
refusals = Table(
    "refusals",
    metadata,
    Column("actor", String(64), primary_key=True),
    Column("role", String(32), primary_key=True),
    Column("act", String(64), primary_key=True),
    Column("page", String(64), primary_key=True),
    Column("status", Integer, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
)

# The agency directory; what was taken out of it stays, since requests were matched with it.
agencies = Table(
    "agencies",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(300), nullable=False),
    Column("folded", String(600), nullable=False),
    Column("country", String(2), nullable=False),
    Column("state", String(3), nullable=False),
    Column("removed_at", Moment),
    Column("body", Text, nullable=False),
    UniqueConstraint("folded", "country", "state"),
)

agency_domains = Table(
    "agency_domains",
    metadata,
    Column("domain", String(253), primary_key=True),
    Column("agency_id", ForeignKey("agencies.id"), primary_key=True, index=True),
    Column("below", Boolean, nullable=False),
)

agency_changes = Table(
    "agency_changes",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("proposed_at", Moment, nullable=False, index=True),
    Column("body", Text, nullable=False),
)

# What was checked of who asks, by whom and when; a check is never changed.
officer_checks = Table(
    "officer_checks",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
)

# The papers of each case, copied out of its body: by a paper other cases are found.
case_papers = Table(
    "case_papers",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
)

# What a paper's text is recognised by; an empty digest for a paper without text that can be read.
paper_marks = Table(
    "paper_marks",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("text_digest", String(64), nullable=False, index=True),
    Column("words", Integer, nullable=False),
    Column("sketch", Text, nullable=False),
    Column("marked_at", Moment, nullable=False),
)

paper_bands = Table(
    "paper_bands",
    metadata,
    Column("band", String(24), primary_key=True),
    Column("sha256", ForeignKey("paper_marks.sha256"), primary_key=True),
)

paper_dockets = Table(
    "paper_dockets",
    metadata,
    Column("docket", String(64), primary_key=True),
    Column("sha256", ForeignKey("paper_marks.sha256"), primary_key=True),
)

# Who works here. A row is never deleted: the log names people by these ids for good.
people = Table(
    "people",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("mail", String(254), nullable=False, unique=True),
    # Words, separated by a space.
    Column("roles", String(300), nullable=False),
    # By which the house's identity provider knows them; both or neither.
    Column("issuer", String(300)),
    Column("subject", String(255)),
    Column("since", Moment, nullable=False),
    Column("left_at", Moment),
    # Roles that wait for somebody's confirmation, and the ids of who gave them: words, separated by a space.
    Column("awaited_roles", String(300), nullable=False, server_default=""),
    Column("awaited_by", Text, nullable=False, server_default=""),
    Column("awaited_at", Moment),
    UniqueConstraint("issuer", "subject"),
)

# Who is signed in where; of the token that a browser shows there is its digest alone.
sessions = Table(
    "sessions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("token_sha256", String(64), nullable=False, unique=True),
    # The id of somebody who works here, or of a customer: then the account's.
    Column("person", String(64), nullable=False, index=True),
    Column("customer", Boolean, nullable=False),
    Column("how", String(32), nullable=False),
    Column("browser", String(80), nullable=False),
    Column("begun_at", Moment, nullable=False),
    # When the person last showed who they are.
    Column("auth_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

passkeys = Table(
    "passkeys",
    metadata,
    # Of the credential's id, which is up to 1023 bytes long.
    Column("sha256", String(64), primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("owner", String(64), nullable=False, index=True),
    Column("customer", Boolean, nullable=False),
    # What the authenticator names the owner by: it says nothing of them.
    Column("user_handle", String(86), nullable=False),
    Column("credential_id", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", String(80), nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("removed_at", Moment),
)

# Links that are used once: to enrol a first passkey, or to sign in from a mail.
one_time_links = Table(
    "one_time_links",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("purpose", String(16), nullable=False),
    Column("owner", String(64), nullable=False, index=True),
    Column("customer", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("used_at", Moment),
)

# What a browser was asked and has to bring back, once: a passkey's challenge, or the way back from a provider.
challenges = Table(
    "challenges",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("purpose", String(16), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("ends_at", Moment, nullable=False, index=True),
)

# Tries, counted by what they were made on and in which interval; every process that serves counts here.
attempts = Table(
    "attempts",
    metadata,
    Column("bucket", String(100), primary_key=True),
    Column("begins_at", Moment, primary_key=True),
    Column("count", Integer, nullable=False),
)

# What was typed and waits for its author to sign in afresh.
sent_forms = Table(
    "sent_forms",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("owner", String(64), nullable=False, index=True),
    Column("path", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("ends_at", Moment, nullable=False),
)

# What a customer was told of a demand for their data: once for each case and account.
notices = Table(
    "notices",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("account", String(64), nullable=False, index=True),
    Column("decision", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("case_id", "account", "decision"),
)
