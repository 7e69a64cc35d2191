"""The items of a production in rows of their own, out of its body."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Move each production's items into rows, in their order; the rest of its body stays as it is."""
    op.create_table(
        "production_items",
        sa.Column("production", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("recording", sa.String(length=36), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["production"], ["productions.id"], name=op.f("fk_production_items_production")),
        sa.PrimaryKeyConstraint("production", "position", name=op.f("pk_production_items")),
    )
    op.create_index(op.f("ix_production_items_recording"), "production_items", ["recording"])
    connection = op.get_bind()
    for production in connection.execute(sa.text("SELECT id FROM productions")).scalars().all():
        _move(connection, production)


def _move(connection: sa.Connection, production: str) -> None:
    known = {"id": production}
    body = json.loads(connection.execute(sa.text("SELECT body FROM productions WHERE id = :id"), known).scalar_one())
    items = body.get("items")
    if not items:
        return
    connection.execute(
        sa.text(
            "INSERT INTO production_items (production, position, recording, body) "
            "VALUES (:production, :position, :recording, :body)"
        ),
        [_row(production, position, item) for position, item in enumerate(items)],
    )
    emptied = known | {"body": _text(body | {"items": []})}
    connection.execute(sa.text("UPDATE productions SET body = :body WHERE id = :id"), emptied)


def _row(production: str, position: int, item: dict[str, Any]) -> dict[str, Any]:
    return {"production": production, "position": position, "recording": item["recording"], "body": _text(item)}


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
