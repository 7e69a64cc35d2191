"""Everything that is kept in SQL: SQLite on one machine, PostgreSQL on more."""
