"""Operations: who is on call, and whom an unclaimed case has woken."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

MOMENT = sa.String(length=32)


def upgrade() -> None:
    """Nobody is on call yet, and nobody was told."""
    op.create_table(
        "duties",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("webhook", sa.String(length=300), nullable=False),
        sa.Column("begins", MOMENT, nullable=False),
        sa.Column("ends", MOMENT, nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_duties")),
    )
    op.create_table(
        "escalations",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_escalations_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_escalations")),
    )
