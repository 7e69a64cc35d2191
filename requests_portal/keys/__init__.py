"""Signing keys: the bundle's RSA key with its certificate, and the audit log's Ed25519 key."""
