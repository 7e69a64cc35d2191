"""When a case's answer is due and how far its newest production is, read once and kept with the case from then on."""

import sqlalchemy as sa
from alembic import op

from requests_portal.database.kept_standing import keep_reading, read_what_is_there

COUNTED = ["state", "production_state", "track", "law", "assigned_to", "answer_due", "sealed", "id"]
revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Read what is there, and make the triggers and the indexes."""
    op.add_column("cases", sa.Column("answer_due", sa.String(length=32)))
    op.add_column("cases", sa.Column("production_state", sa.String(length=16)))
    read_what_is_there(op.get_bind())
    keep_reading(op.get_bind())
    op.create_index("ix_cases_counted", "cases", COUNTED)
    op.create_index("ix_cases_answer_due", "cases", ["answer_due", "reference"])
    op.create_index("ix_cases_title", "cases", [sa.text("lower(title)"), "answer_due", "reference"])
    op.create_index("ix_clocks_name_due", "clocks", ["name", "due"])
