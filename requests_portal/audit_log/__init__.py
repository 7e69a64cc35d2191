"""The audit log: what an entry is, the tree over all entries, and how anyone can check it."""
